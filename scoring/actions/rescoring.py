"""Bringing scores up to date with the facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import comparing_sets, execute, fetch
from leads.actions.standing import ShownScore, show_scores
from leads.conditions import Calendar, calendar_at
from scoring import statements
from scoring.actions.holding import held_among, hold
from scoring.events import LeadsScored
from scoring.models import ChangeReason, ModelState, ModelVersion, Purpose
from scoring.rules import Looked, Scorer, are_cycles_closed, scorer_of
from scoring.statements import Batch, these

SLICE = 5_000  # leads in one statement
NO_FACTS = date.max  # all facts are remembered already

# Scores of one workspace are written by one worker at a time. The lock is a statement of its own:
# the next one then sees every fact that was committed before, so no late fact is overlooked.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('scoring ' || %(workspace)s, 0))"


DUE = """
SELECT DISTINCT lead_id FROM scoring_leadscore
WHERE workspace_id = %(workspace)s AND due_at <= %(now)s
ORDER BY lead_id LIMIT %(most)s
"""


IN_TURN = (Purpose.FIT, Purpose.PRODUCT, Purpose.MAIN)


@dataclass(frozen=True)
class Turn:
    """One go at working out scores: at which moment, why, and whether anybody is to react.

    `release`: the one that holds whoever is moved, instead.
    """

    calendar: Calendar
    now: datetime
    reason: str
    is_quiet: bool
    release: UUID | None = None


def rescore_leads(
    lead_ids: Iterable[UUID],
    *,
    now: datetime,
    is_quiet: bool = False,
    since: date | None = None,
    reason: str = ChangeReason.FACT,
) -> int:
    """Work out the scores of these leads by every live version; how many shown ones moved.

    Facts of days before `since` are remembered already; None: none is, look at all. `reason`
    stands in the history of those that moved. Publishes LeadsScored. Without a published version
    nothing happens.
    """
    ids = sorted(set(lead_ids))
    with transaction.atomic():
        take_turn()
        scorers = live_scorers()
        if not scorers:
            return 0
        turn = Turn(calendar_at(now), now, reason, is_quiet)
        return sum(
            _rescore(scorers, these(ids[start : start + SLICE]), turn, since)
            for start in range(0, len(ids), SLICE)
        )


def rescore_due(*, now: datetime, most: int = SLICE) -> int:
    """Rescore leads whose score the passing of days may have changed; how many were looked at."""
    with transaction.atomic():
        take_turn()
        due = [row[0] for row in fetch(DUE, now=now, most=most)]
        if due:
            rescore_leads(due, now=now, since=NO_FACTS, reason=ChangeReason.DAYS)
    return len(due)


def take_turn() -> None:
    """Wait until nobody else writes scores of this workspace; until the transaction ends."""
    fetch(LOCK)


def live_scorers(*purposes: str) -> list[Scorer]:
    """Every version in force or being worked out, in the order in which one needs the other.

    Fit comes first and the main model last: its class goes by the grade. `purposes`: only these.
    """
    versions = list(ModelVersion.objects.live().select_related("model"))
    is_cycled = bool(versions) and are_cycles_closed()
    fits = (each for each in versions if each.model.purpose == Purpose.FIT)
    fit_id = next((each.pk for each in fits if each.state == ModelState.PUBLISHED), None)
    return [
        scorer_of(each, fit_id=fit_id, is_cycled=is_cycled)
        for each in sorted(versions, key=lambda each: IN_TURN.index(each.model.purpose))
        if not purposes or each.model.purpose in purposes
    ]


def _rescore(scorers: Sequence[Scorer], batch: Batch, turn: Turn, since: date | None) -> int:
    patterns = {each.number: each for scorer in scorers for each in scorer.patterns}
    is_cycled = any(each.is_cycled for each in scorers)
    match_facts(patterns.values(), batch, turn.calendar, since=since, is_cycled=is_cycled)
    return sum(work_out(each, batch, turn) for each in scorers)


def match_facts(
    patterns: Iterable[Looked],
    batch: Batch,
    calendar: Calendar,
    *,
    since: date | None = None,
    is_cycled: bool = False,
) -> None:
    """Remember what the facts of these leads match; of those in a later cycle, the facts of it."""
    patterns = list(patterns)
    if patterns and since != NO_FACTS:
        statement = statements.refresh_hits(patterns, batch, calendar, since, is_cycled=is_cycled)
        with comparing_sets():
            execute(statement.text, **statement.values)


def work_out(scorer: Scorer, batch: Batch, turn: Turn) -> int:
    """Bring the scores of these leads up to date, and show them; how many shown ones moved."""
    statement = statements.work_out(scorer, batch, turn.calendar, turn.now, turn.reason)
    with comparing_sets():
        moved = fetch(statement.text, **statement.values)
    return _show(moved, turn)


def show(scorer: Scorer, batch: Batch, turn: Turn) -> int:
    """Show what was worked out for these leads before; how many shown scores moved."""
    statement = statements.remember_changes(scorer, batch, turn.now, turn.reason)
    return _show(fetch(statement.text, **statement.values), turn)


def _show(moved: Sequence[tuple[UUID, int | None, str, str]], turn: Turn) -> int:
    """Move the copies in lists, announce; the history is written."""
    if moved:
        show_scores([ShownScore(*row) for row in moved])
        _announce(tuple(row[0] for row in moved), turn)
    return len(moved)


def _announce(ids: tuple[UUID, ...], turn: Turn) -> None:
    """Whom a release holds, days passing do not let go; new facts of their own do."""
    if turn.release is not None:
        hold(turn.release, ids)
    elif turn.reason == ChangeReason.DAYS and (held := held_among(ids)):
        publish(LeadsScored(tuple(each for each in ids if each in held), is_quiet=True))
        ids = tuple(each for each in ids if each not in held)
    if ids:
        publish(LeadsScored(ids, is_quiet=turn.is_quiet or turn.release is not None))
