"""Scores beside the main one, kept narrow for whoever asks for them, with their history.

`scoring.actions.rescoring` works out every score of a lead and shows the main one; what the models
for fit and products say is brought along here, in the same transaction and turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import comparing_sets, fetch
from leads.events import StandingsChanged
from scoring import line
from scoring.actions.holding import held_among, hold
from scoring.actions.rescoring import DUE, SLICE, rescore_due, rescore_leads, take_turn
from scoring.events import SCORE_OF, LeadsScored
from scoring.models import ChangeReason, ModelVersion, Purpose, ScoreModel
from scoring.rules import Scorer
from scoring.statements import Batch, these

# What is kept of a model that has no score of a lead any more goes: the model has retired.
KEEP = """
WITH serving AS MATERIALIZED (
    SELECT * FROM unnest(%(versions)s::uuid[], %(models)s::uuid[]) AS row(version_id, model_id)
), exact AS (
    SELECT score.lead_id, serving.model_id, score.version_id, score.value, score.lead_class,
        score.grade, score.places, score.points
    FROM scoring_leadscore AS score JOIN serving USING (version_id)
    WHERE score.workspace_id = %(workspace)s AND score.lead_id {batch}
      AND score.value IS NOT NULL AND score.as_of IS NOT NULL
), kept AS MATERIALIZED (
    SELECT lead_id, model_id, value, lead_class, grade FROM scoring_modelscore
    WHERE workspace_id = %(workspace)s AND lead_id {batch}
), moved AS MATERIALIZED (
    SELECT exact.*, kept.value AS old_value, kept.lead_class AS old_class, kept.grade AS old_grade
    FROM exact LEFT JOIN kept USING (lead_id, model_id)
    WHERE (kept.value, kept.lead_class, kept.grade)
        IS DISTINCT FROM (exact.value, exact.lead_class, exact.grade)
    ORDER BY lead_id, model_id
), gone AS (
    DELETE FROM scoring_modelscore AS old USING (
        SELECT lead_id, model_id FROM kept EXCEPT SELECT lead_id, model_id FROM exact
    ) AS past
    WHERE old.workspace_id = %(workspace)s AND old.lead_id = past.lead_id
      AND old.model_id = past.model_id
    RETURNING old.lead_id, old.model_id
), written AS (
    INSERT INTO scoring_modelscore (workspace_id, lead_id, model_id, value, lead_class, grade)
    SELECT %(workspace)s, lead_id, model_id, value, lead_class, grade FROM moved
    ON CONFLICT (workspace_id, lead_id, model_id) DO UPDATE
    SET value = excluded.value, lead_class = excluded.lead_class, grade = excluded.grade
), remembered AS (
    INSERT INTO scoring_scorechange (workspace_id, lead_id, version_id, reason, old_score,
        new_score, old_class, new_class, old_grade, new_grade, at, places, points)
    SELECT %(workspace)s, lead_id, version_id, %(reason)s, old_value, value,
        coalesce(old_class, ''), lead_class, coalesce(old_grade, ''), grade, %(now)s, places, points
    FROM moved
)
SELECT model_id, array_agg(lead_id ORDER BY lead_id) FROM (
    SELECT lead_id, model_id FROM moved UNION ALL SELECT lead_id, model_id FROM gone
) AS news GROUP BY model_id
"""


@dataclass(frozen=True)
class Serving:
    """Versions in force beside the main one, and the models they are of."""

    versions: list[UUID]
    models: list[UUID]


def rescore_all(
    lead_ids: Iterable[UUID],
    *,
    now: datetime,
    is_quiet: bool = False,
    since: date | None = None,
    reason: str = ChangeReason.FACT,
) -> None:
    """Work out every score of these leads, and keep those beside the main one; see `rescore_leads`.

    Publishes LeadsScored, and StandingsChanged for what product lines say.
    """
    ids = sorted(set(lead_ids))
    with transaction.atomic(savepoint=False):
        rescore_leads(ids, now=now, is_quiet=is_quiet, since=since, reason=reason)
        keep_beside(ids, now=now, is_quiet=is_quiet, reason=reason)


def rescore_due_all(*, now: datetime, most: int = SLICE) -> int:
    """The same for leads whose scores the passing of days may have changed; how many."""
    with transaction.atomic():
        take_turn()
        due = [row[0] for row in fetch(DUE, now=now, most=most)]
        if due:
            rescore_due(now=now, most=most)
            keep_beside(due, now=now, reason=ChangeReason.DAYS)
    return len(due)


def keep_beside(
    lead_ids: Iterable[UUID],
    *,
    now: datetime,
    reason: str,
    is_quiet: bool = False,
    serving: Serving | None = None,
) -> None:
    """Bring what other models say of these leads along; in the turn of whoever worked it out."""
    serving, ids = serving or _serving(), list(lead_ids)
    if not serving.versions:
        return
    for start in range(0, len(ids), SLICE):
        keep(serving, these(ids[start : start + SLICE]), now=now, reason=reason, is_quiet=is_quiet)


def keep_chunk(batch: Batch, *, now: datetime, reason: str, release: UUID | None = None) -> None:
    """The same for a chunk of a recompute, quietly: a version came into force, or went.

    `release`: the one that holds whose product scores moved.
    """
    for ids in keep(_serving(), batch, now=now, reason=reason, is_quiet=True).values():
        if release is not None:
            hold(release, ids)


def keep(
    serving: Serving, batch: Batch, *, now: datetime, reason: str, is_quiet: bool
) -> dict[UUID, list[UUID]]:
    """Write what differs, with its history, and announce whose product scores moved.

    These leads, by the product line.
    """
    values = {"versions": serving.versions, "models": serving.models}
    with comparing_sets():
        sql = KEEP.format(batch=batch.text)
        moved = dict(fetch(sql, **batch.values, **values, reason=reason, now=now))
    if not moved:
        return {}
    asked = frozenset() if is_quiet else line.asked()
    lines = ScoreModel.objects.filter(pk__in=[*moved], purpose=Purpose.PRODUCT)
    by_line = {product.pk: moved[product.pk] for product in lines}
    for key, ids in by_line.items():
        name = f"{SCORE_OF}{key}"
        publish(StandingsChanged(tuple(ids), fields=name, is_quiet=is_quiet))
        if name in asked:
            announce(ids, reason=reason)
    return by_line


def announce(lead_ids: Iterable[UUID], *, reason: str = "") -> None:
    """A definition asks for what has moved: these may become MQLs, unless a release holds them."""
    ids = tuple(lead_ids)
    if reason == ChangeReason.DAYS and (held := held_among(ids)):
        ids = tuple(each for each in ids if each not in held)
    if ids:
        publish(LeadsScored(ids))


def serving_among(scorers: Iterable[Scorer]) -> Serving:
    """Those of these versions that are in force beside the main one."""
    rows = [each for each in scorers if each.is_in_force and each.purpose != Purpose.MAIN]
    models = [each.model_id for each in rows if each.model_id is not None]
    return Serving([each.version_id for each in rows], models)


def _serving() -> Serving:
    published = ModelVersion.objects.published().exclude(model__purpose=Purpose.MAIN)
    rows = list(published.values_list("pk", "model_id"))
    return Serving([row[0] for row in rows], [row[1] for row in rows])
