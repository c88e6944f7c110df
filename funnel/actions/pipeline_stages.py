"""Shaping the stages of a pipeline: names, probabilities, their order, and what is retired."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of
from funnel.actions.pipelines import CannotShapePipeline, lock_pipelines, next_position, write
from funnel.models import Deal, Forecast, Pipeline, PipelineStage
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member

MOST_STAGES = 12

# Deals of a stage that is retired go on in another, each with a line in its history.
HAND_ON = """
WITH moved AS (
    UPDATE funnel_deal SET stage_id = %(into)s, stage_entered_at = %(now)s, version = version + 1
    WHERE workspace_id = %(workspace)s AND stage_id = %(stage)s AND status = 'open'
    RETURNING id
)
INSERT INTO funnel_dealchange (workspace_id, deal_id, field, old, new, by_id, changed_at)
SELECT %(workspace)s, id, 'stage', to_jsonb(%(old)s::text), to_jsonb(%(new)s::text), %(by)s, %(now)s
FROM moved
"""


def add_stage(
    pipeline: Pipeline,
    *,
    name: str,
    probability: int,
    explanation: str = "",
    forecast: str = Forecast.OPEN,
) -> PipelineStage:
    """One more step, at the end of the pipeline. Probability in percent."""
    with transaction.atomic():
        lock_pipelines()
        position = next_position(pipeline.stages.all(), MOST_STAGES, _("stages"))
        made = PipelineStage(pipeline=pipeline, position=position)
        facts = {"name": name, "probability": probability, "explanation": explanation}
        write(made, {**facts, "forecast": forecast})
    return made


def change_stage(stage: PipelineStage, *, changes: Mapping[str, Any]) -> None:
    """Change name, explanation, probability or forecast; deals in it count by the new one."""
    with transaction.atomic():
        lock_pipelines()  # before the row, as whoever retires it does
        write(stage, changes)


def shift_stage(stage: PipelineStage, *, to: int) -> None:
    """Make a stage the one at position `to` (0: the first) among those in use."""
    with transaction.atomic():
        lock_pipelines()
        others = PipelineStage.objects.in_use().filter(pipeline_id=stage.pipeline_id)
        order = [each for each in others.order_by("position", "id") if each.pk != stage.pk]
        order.insert(max(0, min(to, len(order))), stage)
        for position, each in enumerate(order):
            each.position = position
        PipelineStage.objects.bulk_update(order, ["position"])


def retire_stage(
    stage: PipelineStage, *, into: PipelineStage | None, by: Member | None, now: datetime
) -> int:
    """Take a stage out of its pipeline; how many open deals went on `into` another.

    Refuses without `into` while deals are open in it, a target that is retired, in another
    pipeline or itself, and the last stage.
    """
    with transaction.atomic():
        lock_pipelines()
        list(PipelineStage.objects.select_for_update(no_key=True).filter(pk=stage.pk))
        left = PipelineStage.objects.in_use().filter(pipeline_id=stage.pipeline_id)
        left = left.exclude(pk=stage.pk)
        if not left.exists():
            sentence = _("“%s” is the only stage. Add another one first.")
            raise CannotShapePipeline(sentence % stage)
        moved = _hand_on(stage, _target(stage, into, left), by=by, now=now)
        PipelineStage.objects.in_use().filter(pk=stage.pk).update(retired_at=now)
    return moved


def restore_stage(stage: PipelineStage) -> None:
    """Put a retired stage back into its pipeline, at the end."""
    with transaction.atomic():
        lock_pipelines()
        if stage.retired_at is None:
            return
        position = next_position(
            stage.pipeline.stages.filter(retired_at=None), MOST_STAGES, _("stages")
        )
        PipelineStage.objects.filter(pk=stage.pk).update(retired_at=None, position=position)


def _target(stage: PipelineStage, into: PipelineStage | None, left: Any) -> PipelineStage | None:
    if into is None:
        return None
    found: PipelineStage | None = left.filter(pk=into.pk).first()
    if found is None:
        sentence = _("Choose another stage of “%(pipeline)s” that is in use, not “%(stage)s”.")
        told = {"pipeline": stage.pipeline, "stage": into}
        raise CannotShapePipeline(sentence % told, field="into")
    return found


def _hand_on(
    stage: PipelineStage, into: PipelineStage | None, *, by: Member | None, now: datetime
) -> int:
    if into is not None:
        ids = {"stage": stage.pk, "into": into.pk, "by": id_of(by), "now": now}
        return execute(HAND_ON, old=stage.name, new=into.name, **ids)
    count = Deal.objects.open().filter(stage=stage).count()
    if count:
        sentence = _("%(count)d deals are open in “%(stage)s”. Say where they go on.")
        told = {"count": count, "stage": stage}
        raise CannotShapePipeline(sentence % told, field="into")
    return 0
