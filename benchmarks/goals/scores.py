"""Scoring: everybody anew, and a thousand leads with new facts; beside SQL written by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, cycle
from uuid import UUID

from django.utils import timezone

from benchmarks.by_hand import READ_ALL, UPDATE_SOME
from benchmarks.measuring import Goal, Outcome, in_turns, seconds
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain_workspace
from leadmgmt.kernel.sql import execute, fetch
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from scoring.actions.drafting import start_draft
from scoring.actions.publishing import publish_model, recompute_model
from scoring.actions.recomputing import advance_recomputes
from scoring.actions.rescoring import rescore_due
from scoring.actions.starting import DECIDERS, FREE_MAIL
from scoring.models import ModelVersion, Recompute

QUARTERS = 4
THOUSAND = 1_000
FORM_POINTS = 15  # what a form gives in the first version

G3 = Goal(
    "G3",
    "every lead scored anew from its hits two weeks on, or back: nearly a quarter of the scores "
    "move, with history / SQL over the facts, only reading",
    floor=1.0,
    aim=0.6,
    unit="s",
    is_cost=True,
)
PUBLISHED = Goal(
    "G3",
    "a version published in which forms give a point more or less: from hits, all scores "
    "written, nearly a third moving / the same SQL",
    floor=None,
    aim=None,
    unit="s",
    is_cost=True,
)
FROM_FACTS = Goal(
    "G3",
    "every lead scored anew from its facts, a quarter of the scores moving / the same SQL",
    floor=None,
    aim=None,
    unit="s",
    is_cost=True,
)
G3B = Goal(
    "G3b",
    "a midnight's sweep of the leads whose score it can change, written / the same SQL",
    floor=0.10,
    aim=0.03,
    unit="s",
    is_cost=True,
)
G3C = Goal(
    "G3c",
    "1,000 leads with a new fact, from the claim to the written scores / "
    "SQL over their facts that updates their scores",
    floor=1.0,
    aim=0.5,
    unit="s",
    is_cost=True,
)

SCORED = """
SELECT count(*), sum(value) FROM scoring_leadscore WHERE workspace_id = %(workspace)s
"""
STIR = """
INSERT INTO leads_activity (workspace_id, lead_id, kind, occurred_at, received_at, source, medium,
    properties, is_machine)
SELECT workspace_id, id, 'form_submitted', %(now)s, %(now)s, '', '', '{}', false
FROM leads_lead
WHERE workspace_id = %(workspace)s AND abs(hashtext(id::text)) %% %(parts)s = %(part)s
"""
FORGET = """
DELETE FROM leads_activity WHERE workspace_id = %(workspace)s AND received_at > %(since)s
"""


class ScoresDiffer(Exception):
    """Ours and the SQL written by hand do not agree, so their times cannot be compared."""


def everybody(world: World) -> Iterator[Outcome]:
    """Chunk by chunk as the worker does, in this process."""
    with inside(world.workspace.pk):
        _rescore_everybody()
        yield _from_hits()
        yield _published()
        yield _from_facts()
        execute(FORGET, since=world.workspace.created_at)
        _rescore_everybody()


def a_midnight(world: World) -> Iterator[Outcome]:
    """Day after day, only leads that are due are looked at, as the worker's sweep does."""
    midnights = count(1)
    values = _values()

    def ours() -> float:
        now = timezone.now() + timedelta(days=next(midnights))
        values["today"] = now.date()
        return seconds(lambda: _sweep(now))

    with inside(world.workspace.pk):
        _rescore_everybody()
        yield Outcome(G3B, *in_turns(ours, lambda: _by_hand(values)))
        _rescore_everybody()


def _sweep(now: datetime) -> None:
    while rescore_due(now=now):
        pass


def _from_hits() -> Outcome:
    days = cycle((14, 0))
    values = _values()

    def ours() -> float:
        now = timezone.now() + timedelta(days=next(days))
        values["today"] = now.date()
        return seconds(lambda: _rescore_everybody(now, from_facts=False))

    return Outcome(G3, *in_turns(ours, lambda: _by_hand(values)))


def _published() -> Outcome:
    points = cycle((FORM_POINTS + 1, FORM_POINTS))
    values = _values()

    def ours() -> float:
        values["form"] = next(points)
        draft = start_draft(by=None, now=timezone.now())
        draft.rules.filter(condition__activity=Kind.FORM_SUBMITTED).update(points=values["form"])
        return seconds(lambda: _publish(draft))

    return Outcome(PUBLISHED, *in_turns(ours, lambda: _by_hand(values)))


def _from_facts() -> Outcome:
    rounds = count()

    def ours() -> float:
        execute(STIR, now=timezone.now(), parts=QUARTERS, part=next(rounds) % QUARTERS)
        return seconds(_rescore_everybody)

    return Outcome(FROM_FACTS, *in_turns(ours, lambda: _by_hand(_values())))


def _by_hand(values: dict[str, object]) -> float:
    """How long the SQL written by hand takes; it must come to our sum."""
    took = seconds(lambda: fetch(READ_ALL, **values))
    if fetch(READ_ALL, **values) != fetch(SCORED):
        raise ScoresDiffer
    return took


def a_thousand(world: World) -> Iterator[Outcome]:
    """The outbox row of one batch of facts is claimed, and done."""
    thousands = iter(_parted(world.lead_ids))
    leads: list[UUID] = []

    def ours() -> float:
        leads[:] = next(thousands)
        record_activities([_form_sent(each) for each in leads], now=timezone.now(), is_quiet=True)
        return seconds(drain_workspace)

    def by_hand() -> float:
        return seconds(lambda: fetch(UPDATE_SOME, leads=leads, **_values()))

    with inside(world.workspace.pk):
        yield Outcome(G3C, *in_turns(ours, by_hand))
        execute(FORGET, since=world.workspace.created_at)
        _rescore_everybody()


def _rescore_everybody(now: datetime | None = None, *, from_facts: bool = True) -> None:
    now = now or timezone.now()
    _finish(recompute_model(by=None, now=now, from_facts=from_facts), now)


def _publish(draft: ModelVersion) -> None:
    now = timezone.now()
    _finish(publish_model(draft, by=None, reason="Measured", now=now), now)


def _finish(recompute: Recompute, now: datetime) -> None:
    while Recompute.objects.filter(pk=recompute.pk, finished_at=None).exists():
        advance_recomputes([recompute.pk], now=now)


def _parted(lead_ids: list[UUID]) -> list[list[UUID]]:
    starts = range(0, len(lead_ids), THOUSAND)
    return [lead_ids[start : start + THOUSAND] for start in starts]


def _form_sent(lead_id: UUID) -> NewActivity:
    return NewActivity(kind=Kind.FORM_SUBMITTED, occurred_at=timezone.now(), lead_id=lead_id)


def _values() -> dict[str, object]:
    today = timezone.now().date()
    return {
        "today": today,
        "form": FORM_POINTS,
        "deciders": "|".join(DECIDERS),
        "free": FREE_MAIL,
    }
