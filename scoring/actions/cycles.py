"""The score of leads whose qualification cycle is closed, or taken up again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.sql import comparing_sets, execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.conditions import calendar_at
from scoring import statements
from scoring.actions.beside import keep_beside, rescore_all, serving_among
from scoring.actions.rescoring import SLICE, Turn, live_scorers, match_facts, take_turn, work_out
from scoring.models import Carry, CarryOver, ChangeReason, LeadScore, Purpose
from scoring.rules import Scorer
from scoring.statements import Batch, these

Scores = dict[UUID, dict[UUID, int]]
"""Model → lead → score."""

WHOLE = 100  # percent

# What the rules give at this moment, before the bounds of the version.
GIVEN = """
WITH {given} SELECT lead.id, coalesce(sum(points) FILTER (WHERE place <> 0), 0)
FROM lead LEFT JOIN contribution ON contribution.lead_id = lead.id GROUP BY lead.id
"""
KEEP = """
INSERT INTO scoring_carryover (workspace_id, lead_id, model_id, cycle, points)
SELECT %(workspace)s, lead.id, %(model)s, lead.cycle, row.points
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, points int)
JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = row.id
"""


@dataclass(frozen=True)
class Carried:
    """What is carried over: the kind, and how much of it (percent or points)."""

    kind: str = Carry.NOTHING
    amount: int = 0

    def target(self, old: int, purpose: str) -> int:
        """The score a new cycle begins with. So many points are given by the main model."""
        if self.kind == Carry.SHARE:
            return round(old * self.amount / WHOLE)
        return self.amount if self.kind == Carry.POINTS and purpose == Purpose.MAIN else 0


def start_scores(lead_ids: Iterable[UUID], carried: Carried, *, now: datetime) -> None:
    """Begin the scores of leads that are in a new cycle since `now`; nothing is to react.

    Facts from before give no points any more. What is carried over is a contribution of its own,
    so that the score is what was declared, whatever the profile gives at this moment.
    """
    ids = sorted(set(lead_ids))
    with transaction.atomic(savepoint=False):
        take_turn()
        scorers = live_scorers()
        for start in range(0, len(ids), SLICE):
            batch = these(ids[start : start + SLICE])
            turn = Turn(calendar_at(now), now, ChangeReason.CYCLE, is_quiet=True)
            _forget_facts(scorers, batch, turn)
            if carried.kind != Carry.PROFILE:
                _carry(scorers, batch, carried, turn)
            for scorer in scorers:
                work_out(scorer, batch, turn)
        serving = serving_among(scorers)
        keep_beside(ids, now=now, reason=ChangeReason.CYCLE, is_quiet=True, serving=serving)


def resume_scores(lead_ids: Sequence[UUID], *, ended: Mapping[UUID, int], now: datetime) -> None:
    """The cycle of these leads goes on after all; `ended`: the number of the one given up."""
    with transaction.atomic():
        take_turn()
        carried = CarryOver.objects.filter(lead_id__in=lead_ids)
        gone = [each.pk for each in carried if each.cycle == ended[each.lead_id]]
        CarryOver.objects.filter(pk__in=gone).delete()
        rescore_all(lead_ids, now=now, is_quiet=True, reason=ChangeReason.CYCLE)


def _forget_facts(scorers: Sequence[Scorer], batch: Batch, turn: Turn) -> None:
    patterns = {each.number: each for scorer in scorers for each in scorer.patterns}
    match_facts(patterns.values(), batch, turn.calendar, is_cycled=True)


def _carry(scorers: Sequence[Scorer], batch: Batch, carried: Carried, turn: Turn) -> None:
    """Keep what is missing to the declared score, by each model that gives points."""
    before = _scores_before(batch.values["leads"])
    for scorer in scorers:
        if not (scorer.is_in_force and scorer.is_carrying and scorer.model_id):
            continue
        old = before[scorer.model_id]
        rows = [
            {"id": lead_id, "points": missing}
            for lead_id, given in _given(scorer, batch, turn)
            if (missing := carried.target(old.get(lead_id, 0), scorer.purpose) - given)
        ]
        if rows:
            execute(KEEP, rows=as_jsonb(rows), model=scorer.model_id)


def _scores_before(lead_ids: Sequence[UUID]) -> Scores:
    """As they stand: nothing has been worked out since the cycle was closed."""
    found: Scores = defaultdict(dict)
    scores = LeadScore.objects.filter(lead_id__in=lead_ids, version__state="published")
    for model_id, lead_id, value in scores.values_list("version__model_id", "lead_id", "value"):
        found[model_id][lead_id] = value or 0
    return found


def _given(scorer: Scorer, batch: Batch, turn: Turn) -> list[tuple[UUID, int]]:
    given = statements.contributions(scorer, batch, turn.calendar)
    with comparing_sets():
        rows = fetch(GIVEN.format(given=given.text), **given.values)
    return [(row[0], int(row[1])) for row in rows]
