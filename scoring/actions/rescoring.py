"""Bringing scores up to date with the facts."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import execute, fetch
from leads.actions.standing import ShownScore, show_scores
from leads.conditions import Calendar, calendar_at
from scoring import statements
from scoring.events import LeadsScored
from scoring.models import ScoreModel
from scoring.rules import Looked, Scorer, scorer_of
from scoring.statements import Batch, these

SLICE = 5_000  # leads in one statement
NO_FACTS = date.max  # all facts are remembered already

# Scores of one workspace are written by one worker at a time. The lock is a statement of its own:
# the next one then sees every fact that was committed before, so no late fact is overlooked.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('scoring ' || %(workspace)s, 0))"

SET_WISE = "SELECT set_config('enable_nestloop', %(is_on)s, true)"

DUE = """
SELECT DISTINCT lead_id FROM scoring_leadscore
WHERE workspace_id = %(workspace)s AND due_at <= %(now)s
ORDER BY lead_id LIMIT %(most)s
"""


def rescore_leads(
    lead_ids: Iterable[UUID],
    *,
    now: datetime,
    is_quiet: bool = False,
    since: date | None = None,
) -> int:
    """Work out the scores of these leads by every live version; how many shown ones moved.

    Facts of days before `since` are remembered already; None: none is, look at all. Publishes
    LeadsScored. Without a published version nothing happens.
    """
    ids = sorted(set(lead_ids))
    with transaction.atomic():
        take_turn()
        scorers = live_scorers()
        if not scorers:
            return 0
        calendar = calendar_at(now)
        return sum(
            _rescore(scorers, these(ids[start : start + SLICE]), calendar, now, is_quiet, since)
            for start in range(0, len(ids), SLICE)
        )


def rescore_due(*, now: datetime, most: int = SLICE) -> int:
    """Rescore leads whose score the passing of days may have changed; how many were looked at."""
    with transaction.atomic():
        take_turn()
        due = [row[0] for row in fetch(DUE, now=now, most=most)]
        if due:
            rescore_leads(due, now=now, since=NO_FACTS)
    return len(due)


def take_turn() -> None:
    """Wait until nobody else writes scores of this workspace; until the transaction ends."""
    fetch(LOCK)


def live_scorers() -> list[Scorer]:
    """The published version, and the one being worked out."""
    return [scorer_of(model) for model in ScoreModel.objects.live()]


def _rescore(
    scorers: Sequence[Scorer],
    batch: Batch,
    calendar: Calendar,
    now: datetime,
    is_quiet: bool,
    since: date | None,
) -> int:
    patterns = {each.number: each for scorer in scorers for each in scorer.patterns}
    match_facts(patterns.values(), batch, calendar, since=since)
    return sum(work_out(each, batch, calendar, now, is_quiet=is_quiet) for each in scorers)


def match_facts(
    patterns: Iterable[Looked], batch: Batch, calendar: Calendar, *, since: date | None = None
) -> None:
    """Remember what the facts of these leads match."""
    patterns = list(patterns)
    if patterns and since != NO_FACTS:
        statement = statements.refresh_hits(patterns, batch, calendar, since)
        with comparing_sets():
            execute(statement.text, **statement.values)


def work_out(
    scorer: Scorer, batch: Batch, calendar: Calendar, now: datetime, *, is_quiet: bool
) -> int:
    """Bring the scores of these leads up to date, and show them; how many shown ones moved."""
    statement = statements.work_out(scorer, batch, calendar, now)
    with comparing_sets():
        moved = fetch(statement.text, **statement.values)
    return _show(moved, is_quiet=is_quiet)


def show(scorer: Scorer, batch: Batch, now: datetime, *, is_quiet: bool) -> int:
    """Show what was worked out for these leads before; how many shown scores moved."""
    statement = statements.remember_changes(scorer, batch, now)
    return _show(fetch(statement.text, **statement.values), is_quiet=is_quiet)


def _show(moved: Sequence[tuple[UUID, int, str]], *, is_quiet: bool) -> int:
    """Move the copies in lists, announce; the history is written."""
    if moved:
        show_scores([ShownScore(*row) for row in moved])
        publish(LeadsScored(tuple(row[0] for row in moved), is_quiet=is_quiet))
    return len(moved)


@contextmanager
def comparing_sets() -> Iterator[None]:
    """For statements about a batch.

    The planner cannot know how much a batch brings. Its guess of a row or two makes it walk
    through all of them once for each of them, so it is told to compare sets instead.
    """
    fetch(SET_WISE, is_on="off")
    yield
    fetch(SET_WISE, is_on="on")
