"""The queue: whom to call now, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from funnel.care.late import CARE, Care, care_of, care_values
from funnel.deadlines import Deadline, deadlines_of
from funnel.models import NextStep, QueueEntry, StageMove
from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.paging import Page, page_of
from leadmgmt.workspaces.models import Member
from leads.models import Lead

ORDER = ("due_hour", "urgency", "-value", "-closeness", "-score", "since", "id")
WAITING = f"""
SELECT (SELECT count(*) FROM (
    SELECT FROM funnel_queueentry
    WHERE workspace_id = %(workspace)s AND owner_id IS NULL LIMIT %(most)s
) AS pooled),
{CARE}
"""  # noqa: S608  # no value in it comes from anybody
SHOWN = 50
MOST_HELD = 200
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class QueueLine:
    """One line of the queue. `due_at`: when something must be done, if anything."""

    lead: Lead
    deadline: Deadline | None
    next_step: NextStep | None
    snoozed_until: datetime | None = None
    value: int = 0

    @property
    def due_at(self) -> datetime | None:
        """The nearer of deadline and promised next step."""
        open_deadline = self.deadline.due_at if self.deadline and self.deadline.is_open else None
        promised = self.next_step.due_at if self.next_step else None
        return min((each for each in (open_deadline, promised) if each), default=None)


@dataclass(frozen=True)
class Queue:
    """What one rep sees: their own leads, those put aside, and the most urgent of the pool."""

    mine: Sequence[QueueLine]
    snoozed: Sequence[QueueLine]
    pool: Page[QueueLine]


def order_in_words() -> str:
    """The published priority, in one sentence."""
    return _(
        "In this order: the hour in which the deadline or the next step ends; then hot, warm, "
        "cold; then what it may be worth; then closeness: SQLs first, then who has a next step, "
        "then who has more answers that speak for buying; then the score; then who waits longest."
    )


def pool_page(query: Mapping[str, str], *, size: int = SHOWN) -> Page[QueueLine]:
    """What nobody has claimed, most urgent first."""
    return _page(entries().filter(owner=None), query, size)


def page_held_by(member: Member, query: Mapping[str, str], *, size: int = SHOWN) -> Page[QueueLine]:
    """What a member has in hands, snoozed or not, most urgent first."""
    return _page(entries().filter(owner=member), query, size)


def queue_of(member: Member, query: Mapping[str, str], *, now: datetime) -> Queue:
    """What a rep has in hands, awake and asleep, and a page of the pool."""
    held = entries().filter(owner=member)
    asleep = Q(snoozed_until__gt=now)
    mine = list(held.exclude(asleep).order_by(*ORDER)[:MOST_HELD])
    snoozed = list(held.filter(asleep).order_by("snoozed_until", "id")[:MOST_HELD])
    pool = page_of(entries().filter(owner=None), ORDER, query, SHOWN, is_counted=False)
    lines = iter(_lines([*mine, *snoozed, *pool.rows]))
    return Queue(
        list(islice(lines, len(mine))), list(islice(lines, len(snoozed))), pool.of(list(lines))
    )


def waiting(member: Member, today: date) -> tuple[int, Care]:
    """How many are in the pool, counted up to a thousand and one; and what customers need.

    One statement: the page of the queue asks it anew each few seconds.
    """
    ((pooled, *counts),) = fetch(WAITING, most=MOST_COUNTED + 1, **care_values(member, today))
    return pooled, care_of(member, counts)


def entries() -> QuerySet[QueueEntry]:
    """The queue, with the leads in it."""
    rows: QuerySet[QueueEntry] = QueueEntry.objects.select_related("lead__company")
    return rows


def line_of(lead: Lead) -> QueueLine:
    """One lead as the queue would show it."""
    entry = QueueEntry.objects.filter(lead=lead).first() or QueueEntry(lead=lead)
    entry.lead = lead
    return _lines([entry])[0]


def last_moves(lead_ids: Iterable[UUID]) -> Mapping[UUID, StageMove]:
    """The latest move of each lead that ever moved."""
    moves = (
        StageMove.objects.filter(lead_id__in=list(lead_ids))
        .order_by("lead_id", "-moved_at", "-id")
        .distinct("lead_id")
        .select_related("definition", "by")
    )
    return {move.lead_id: move for move in moves}


def _page(rows: QuerySet[QueueEntry], query: Mapping[str, str], size: int) -> Page[QueueLine]:
    page = page_of(rows, ORDER, query, size, is_counted=False)
    return page.of(_lines(page.rows))


def _lines(found: Iterable[QueueEntry]) -> list[QueueLine]:
    shown: Sequence[QueueEntry] = list(found)
    ids = [entry.lead_id for entry in shown]
    deadlines = deadlines_of(ids)
    steps = {step.lead_id: step for step in NextStep.objects.filter(lead_id__in=ids, done_at=None)}
    return [
        QueueLine(
            entry.lead,
            deadlines.get(entry.lead_id),
            steps.get(entry.lead_id),
            entry.snoozed_until,
            entry.value,
        )
        for entry in shown
    ]
