"""Shaping pipelines: what a workspace starts with, one more, and what is retired."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funnel.models import CloseReason, Deal, Forecast, Pipeline, PipelineStage
from funnel.models.pipelines import CERTAIN
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Workspace
from leads import normalising

MOST_PIPELINES = 20
LONGEST_NAME, LONGEST_EXPLANATION = 80, 500

USUAL_STAGES: tuple[tuple[Any, Any, int, str], ...] = (
    (
        gettext_lazy("Needs"),
        gettext_lazy("We know what they need and who decides."),
        20,
        Forecast.OPEN,
    ),
    (
        gettext_lazy("Offer"),
        gettext_lazy("They have a written offer with a price."),
        40,
        Forecast.OPEN,
    ),
    (
        gettext_lazy("Negotiation"),
        gettext_lazy("They want it; terms and price are talked about."),
        60,
        Forecast.BEST_CASE,
    ),
    (
        gettext_lazy("Agreed"),
        gettext_lazy("They said yes; the signature is missing."),
        90,
        Forecast.COMMITTED,
    ),
)
"""What a new pipeline starts with; migration 0009 gave it to workspaces that were there before."""

USUAL_REASONS: tuple[tuple[str, Any], ...] = (
    ("lost", gettext_lazy("Too expensive")),
    ("lost", gettext_lazy("Chose a competitor")),
    ("lost", gettext_lazy("No budget")),
    ("lost", gettext_lazy("Nobody decided")),
    ("lost", gettext_lazy("Something is missing in the product")),
    ("won", gettext_lazy("Best fit")),
    ("won", gettext_lazy("Price")),
    ("won", gettext_lazy("Trust in us")),
)


# Whoever retires the stage waits for the deal that comes into it, or is seen to have retired it.
IN_USE = """
SELECT stage.id FROM funnel_pipelinestage AS stage
JOIN funnel_pipeline AS pipeline
    ON pipeline.workspace_id = stage.workspace_id AND pipeline.id = stage.pipeline_id
WHERE stage.workspace_id = %(workspace)s AND stage.id = %(stage)s
  AND stage.retired_at IS NULL AND pipeline.retired_at IS NULL
FOR SHARE
"""


class CannotShapePipeline(Refusal):
    """A name that is missing or taken, a number out of range, or the last of its kind."""


def start_pipelines() -> None:
    """Give a workspace without pipelines the usual one, and reasons for winning and losing."""
    with transaction.atomic():
        lock_pipelines()
        if Pipeline.objects.exists():
            return
        made = Pipeline.objects.create(
            name=_("Sales"), explanation=_("New business with people sales has qualified.")
        )
        _give_usual_stages(made)
        for position, (status, name) in enumerate(USUAL_REASONS):
            CloseReason.objects.get_or_create(
                status=status, name=str(name), defaults={"position": position}
            )


def first_stage() -> PipelineStage:
    """Where a deal begins unless somebody says otherwise."""
    found = _first_in_use()
    if found is None:
        start_pipelines()
        found = _first_in_use()
    if found is None:
        raise CannotShapePipeline(_("No pipeline is in use. Bring one back, then open deals."))
    return found


def hold_stage(stage: PipelineStage) -> bool:
    """Keep a stage from being retired until the transaction ends; False: it is already."""
    return bool(fetch(IN_USE, stage=stage.pk))


def hold_stage_like(stage: PipelineStage) -> PipelineStage:
    """Hold this stage, or if it is retired the first of its pipeline, or of all; which it is."""
    if hold_stage(stage):
        return stage
    found = _first_in_use(pipeline=stage.pipeline_id) or first_stage()
    return found if hold_stage(found) else hold_stage_like(found)


def add_pipeline(*, name: str, explanation: str = "") -> Pipeline:
    """One more way of selling; it begins with the usual stages.

    Refuses a name that is missing or taken, and more pipelines than anybody oversees.
    """
    with transaction.atomic():
        lock_pipelines()
        position = next_position(Pipeline.objects.all(), MOST_PIPELINES, _("pipelines"))
        made = Pipeline(position=position)
        write(made, {"name": name, "explanation": explanation})
        _give_usual_stages(made)
    return made


def change_pipeline(pipeline: Pipeline, *, changes: Mapping[str, Any]) -> None:
    """Call a pipeline something else, or explain it anew."""
    with transaction.atomic():
        lock_pipelines()  # before the row, as whoever retires it does
        write(pipeline, changes)


def retire_pipeline(pipeline: Pipeline, *, now: datetime) -> None:
    """Offer a pipeline no more. Refuses while deals are open in it, and the last one."""
    with transaction.atomic():
        lock_pipelines()
        list(Pipeline.objects.select_for_update(no_key=True).filter(pk=pipeline.pk))
        open_deals = Deal.objects.open().filter(stage__pipeline=pipeline).count()
        if open_deals:
            sentence = _("%(count)d deals are open in “%(name)s”. Move or close them first.")
            raise CannotShapePipeline(sentence % {"count": open_deals, "name": pipeline})
        if not Pipeline.objects.in_use().exclude(pk=pipeline.pk).exists():
            sentence = _("“%s” is the only pipeline. Add another one first.")
            raise CannotShapePipeline(sentence % pipeline)
        Pipeline.objects.in_use().filter(pk=pipeline.pk).update(retired_at=now)


def restore_pipeline(pipeline: Pipeline) -> None:
    """Offer it again. Refuses more pipelines than anybody oversees."""
    with transaction.atomic():
        lock_pipelines()
        refuse_more(Pipeline.objects.exclude(pk=pipeline.pk), MOST_PIPELINES, _("pipelines"))
        Pipeline.objects.filter(pk=pipeline.pk).update(retired_at=None)


def _first_in_use(**narrowed: Any) -> PipelineStage | None:
    stages = PipelineStage.objects.in_use().filter(pipeline__retired_at=None, **narrowed)
    in_order = stages.order_by("pipeline__position", "pipeline_id", "position", "id")
    found: PipelineStage | None = in_order.select_related("pipeline").first()
    return found


def _give_usual_stages(pipeline: Pipeline) -> None:
    for position, (name, explanation, probability, forecast) in enumerate(USUAL_STAGES):
        PipelineStage.objects.create(
            pipeline=pipeline,
            name=str(name),
            explanation=str(explanation),
            probability=probability,
            forecast=forecast,
            position=position,
        )


def write(row: Pipeline | PipelineStage, changes: Mapping[str, Any]) -> None:
    """Set what is named, if it is sound, and nothing else: it may be retired in this moment."""
    for name, value in changes.items():
        setattr(row, name, _sound(name, value))
    try:
        with transaction.atomic():
            row.save(update_fields=None if row._state.adding else list(changes))
    except IntegrityError as problem:
        sentence = _("The name “%s” is taken already, perhaps by a retired one.")
        raise CannotShapePipeline(sentence % row.name, field="name") from problem


def _sound(name: str, value: Any) -> Any:
    if name == "probability" and not 0 <= value <= CERTAIN:
        sentence = _("The probability %d is out of range; allowed are 0 to 100 percent.")
        raise CannotShapePipeline(sentence % value, field=name)
    if name == "forecast" and value not in Forecast.values:
        told = {"value": value, "allowed": ", ".join(Forecast.values)}
        sentence = _("“%(value)s” is no part of the forecast; allowed: %(allowed)s.")
        raise CannotShapePipeline(sentence % told, field=name)
    if name == "name":
        value = normalising.plain_text(value, field="name", most=LONGEST_NAME)
        if not value:
            raise CannotShapePipeline(_("It needs a name."), field="name")
    elif name == "explanation":
        value = normalising.plain_text(value, field=name, most=LONGEST_EXPLANATION)
    return value


def next_position(rows: Any, most: int, noun: str) -> int:
    """Behind the last of these rows; refuses when `most` are in use."""
    refuse_more(rows, most, noun)
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def refuse_more(rows: Any, most: int, noun: str) -> None:
    """Refuse one beside these rows when `most` of them are in use."""
    if rows.filter(retired_at=None).count() >= most:
        sentence = _("There are %(most)d %(noun)s already, which is the most allowed.")
        raise CannotShapePipeline(sentence % {"most": most, "noun": noun})


def lock_pipelines() -> None:
    """One change of pipelines at a time in a workspace."""
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
