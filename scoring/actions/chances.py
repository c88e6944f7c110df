"""Keeping the chance of every lead up to date with the chosen predictive model."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.conditions import calendar_at
from leads.events import StandingsChanged
from scoring import line
from scoring.actions.training import start_refresh
from scoring.events import CHANCE, ChancesMoved, LeadsScored
from scoring.models import PredictiveModel
from scoring.predicting.drift import measure_drift
from scoring.predicting.features import Weights
from scoring.predicting.leveling import levels_at

CHUNK = 10_000  # leads in one transaction
NIGHT = timedelta(hours=3)  # after midnight of the workspace

# One worker at a time writes the chances of a workspace: the later one has read the later facts.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('chances ' || %(workspace)s, 0))"

# Removed leads have no row to hang a chance on any more.
WRITE = """
INSERT INTO scoring_probability AS old (workspace_id, lead_id, model_id, points, levels, as_of)
SELECT %(workspace)s, lead.id, %(model)s, row.points, row.levels, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, points int, levels smallint[])
JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = row.id
ORDER BY lead.id
ON CONFLICT (workspace_id, lead_id) DO UPDATE
    SET model_id = excluded.model_id, points = excluded.points, levels = excluded.levels,
        as_of = excluded.as_of
    WHERE (old.model_id, old.levels) IS DISTINCT FROM (excluded.model_id, excluded.levels)
RETURNING WITH (OLD AS before)
    lead_id, before.points IS DISTINCT FROM points, before.model_id IS NOT DISTINCT FROM model_id
"""

NEXT = """
SELECT id FROM leads_lead
WHERE workspace_id = %(workspace)s AND (%(cursor)s::uuid IS NULL OR id > %(cursor)s::uuid)
ORDER BY id LIMIT %(most)s
"""


def work_out_chances(lead_ids: Iterable[UUID], *, now: datetime, is_quiet: bool = False) -> int:
    """Bring the chances of these leads up to date; how many were written.

    Without a chosen model nothing happens. Publishes StandingsChanged for those that moved, and
    LeadsScored where a definition asks for the chance, unless `is_quiet`.
    """
    with transaction.atomic():
        model = PredictiveModel.objects.chosen().first()
        if model is None:
            return 0
        fetch(LOCK)
        ids = sorted(set(lead_ids))
        return sum(
            _work_out(model, ids[start : start + CHUNK], now, is_quiet=is_quiet)
            for start in range(0, len(ids), CHUNK)
        )


def advance_refreshes(ids: Iterable[UUID], *, now: datetime) -> None:
    """Work out the next leads, and announce that there are more; at the end look for drift."""
    with transaction.atomic():
        fetch(LOCK)
        chosen = PredictiveModel.objects.chosen().filter(pk__in=list(ids), due_at=None)
        for model in chosen.select_for_update():
            _advance(model, now)


def refresh_due(*, now: datetime) -> None:
    """Begin the nightly refresh of the chosen model: days pass without anything being told."""
    with transaction.atomic():
        for model in PredictiveModel.objects.chosen().filter(due_at__lte=now).select_for_update():
            start_refresh(model)


def _advance(model: PredictiveModel, now: datetime) -> None:
    ids = [row[0] for row in fetch(NEXT, cursor=model.cursor, most=CHUNK)]
    if ids:
        _work_out(model, ids, now, is_refresh=True)
        model.cursor, model.done = ids[-1], model.done + len(ids)
        publish(ChancesMoved((model.pk,)))
    else:
        model.due_at = calendar_at(now).tomorrow + NIGHT
        model.drift = measure_drift(model, now)
    model.save(update_fields=["cursor", "done", "due_at", "drift"])


def _work_out(
    model: PredictiveModel,
    ids: Sequence[UUID],
    now: datetime,
    *,
    is_quiet: bool = False,
    is_refresh: bool = False,
) -> int:
    weights = Weights.from_json(model.weights)
    levels = levels_at(weights, ids, now)
    points = weights.points(levels) if levels else [weights.base] * len(ids)
    rows = [
        {"id": lead_id, "points": int(each), "levels": own}
        for lead_id, each, own in zip(ids, points, _by_lead(levels, len(ids)), strict=True)
    ]
    written = fetch(WRITE, rows=as_jsonb(rows), model=model.pk, now=now)
    moved = {lead_id: was_its_own for lead_id, is_moved, was_its_own in written if is_moved}
    own = [lead_id for lead_id, was_its_own in moved.items() if was_its_own or not is_refresh]
    _announce([*moved], own, is_quiet=is_quiet)
    return len(written)


def _announce(moved: Sequence[UUID], own: Sequence[UUID], *, is_quiet: bool) -> None:
    """Chances moved; only of `own` by what happened, of the others because a model was chosen."""
    loud = set() if is_quiet else set(own)
    for ids, is_silent in ((loud, False), (set(moved) - loud, True)):
        publish(StandingsChanged(tuple(sorted(ids)), fields=CHANCE, is_quiet=is_silent))
    if loud and CHANCE in line.asked():
        publish(LeadsScored(tuple(sorted(loud))))


def _by_lead(levels: Sequence, count: int) -> list[list[int]]:  # type: ignore[type-arg]
    return [list(own) for own in zip(*(each.tolist() for each in levels), strict=True)] or [
        [] for _ in range(count)
    ]
