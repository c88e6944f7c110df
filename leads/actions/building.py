"""Asking everybody: for a segment that is new or has changed, and when days have passed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leads.actions.keeping import Moved, between, hold, keep, keep_nested, keep_segments, take_turn
from leads.conditions import Aspect, Calendar, Change, Facts, calendar_at, kinds_of_fact, parse
from leads.events import SegmentsAdvanced
from leads.models import Lead, Segment, SegmentKind
from leads.nesting import Watched, watched, watched_segments

CHUNK = 20_000  # leads asked in one transaction

NEXT_LEADS = """
SELECT (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1], count(*) FROM (
    SELECT id FROM leads_lead
    WHERE workspace_id = %(workspace)s AND (%(cursor)s::uuid IS NULL OR id > %(cursor)s::uuid)
    ORDER BY id LIMIT %(most)s
) AS chunk
"""

# Facts that were told before their day had come count from that day on.
AHEAD = """
SELECT DISTINCT lead_id FROM leads_activity
WHERE workspace_id = %(workspace)s AND lead_id IS NOT NULL
  AND occurred_at >= %(since)s AND occurred_at < %(until)s AND received_at < %(until)s
  AND received_at < occurred_at
"""


def ask_everybody(segments: Iterable[Segment], *, now: datetime, is_quiet: bool = True) -> None:
    """Have every lead asked anew for these segments, in the background, from the first lead on.

    Until its turn comes, each lead stays in or out. Unless `is_quiet` is False, nothing fires for
    those who enter or leave.
    """
    today, total = calendar_at(now).today, Lead.objects.count()
    with transaction.atomic():
        for each in segments:
            each.is_stale, each.is_quiet = True, is_quiet
            each.cursor, each.done, each.total = None, 0, total
            each.refreshed_on = today if is_daily(each) else None
            each.save(
                update_fields=["is_stale", "is_quiet", "cursor", "done", "total", "refreshed_on"]
            )
            publish(SegmentsAdvanced((each.pk,)))


def ask_about(names: Collection[str], *, now: datetime) -> None:
    """What these fields say has changed for everybody: ask for the segments that look at them."""
    with transaction.atomic():
        take_turn()
        ids = [each.id for each in watched_segments() if each.facts.fields & set(names)]
        ask_everybody(Segment.objects.filter(pk__in=ids).order_by("pk"), now=now)


def advance_segments(ids: Iterable[UUID], *, now: datetime) -> None:
    """Ask the next chunk of leads for each of these, and announce that there is more to do."""
    with transaction.atomic():
        take_turn()
        stale = Segment.objects.filter(pk__in=list(ids), is_stale=True, retired_at=None)
        for segment in stale.order_by("pk"):
            found = watched(segment.pk, segment.condition)
            ((first, last, count),) = fetch(NEXT_LEADS, cursor=segment.cursor, most=CHUNK)
            if count and found:
                _ask(segment, found, first, last, now)
            _advance(segment, last, count)


def _ask(segment: Segment, found: Watched, first: UUID, last: UUID, now: datetime) -> None:
    chunk, moved = between(first, last), Moved()
    hold(chunk)
    is_live = segment.kind == SegmentKind.LIVE
    moved.note(segment.pk, keep(found, chunk, now=now, is_live=is_live))
    keep_nested(moved, now=now, is_quiet=segment.is_quiet)


def _advance(segment: Segment, last: UUID | None, count: int) -> None:
    """The size is not ours to write: it has just been moved by the database."""
    segment.cursor, segment.done = last, segment.done + count
    segment.is_stale = count == CHUNK
    segment.save(update_fields=["cursor", "done", "is_stale"])
    if segment.is_stale:
        publish(SegmentsAdvanced((segment.pk,)))


# Days pass


def refresh_due(*, now: datetime) -> None:
    """A new day has begun: ask everybody what depends on it, and those whose facts begin to count.

    Nobody is asked twice on a day of the workspace.
    """
    with transaction.atomic():
        take_turn()
        calendar = calendar_at(now)
        due = Segment.objects.filter(
            kind=SegmentKind.LIVE,
            retired_at=None,
            is_stale=False,
            refreshed_on__lt=calendar.today,
        )
        timed = [each for each in due.order_by("pk") if _facts(each).is_timed]
        ask_everybody(timed, now=now, is_quiet=False)
        if others := [each for each in due if each not in timed]:
            _count_what_was_ahead(others, calendar, now)


def _count_what_was_ahead(segments: list[Segment], calendar: Calendar, now: datetime) -> None:
    last = min(each.refreshed_on for each in segments if each.refreshed_on)
    since = calendar.start_of(calendar.day((last - calendar.today).days + 1))
    ahead = [row[0] for row in fetch(AHEAD, since=since, until=calendar.tomorrow)]
    keep_segments(ahead, Change(Aspect.ACTIVITY), now=now)
    Segment.objects.filter(pk__in=[each.pk for each in segments]).update(
        refreshed_on=calendar.today
    )


def days_begin_elsewhere(*, now: datetime) -> None:
    """The workspace has moved to another time zone: everything about days is asked anew."""
    with transaction.atomic():
        take_turn()
        ids = [each.id for each in watched_segments()]
        ask_everybody(Segment.objects.filter(pk__in=ids).order_by("pk"), now=now)


def is_daily(segment: Segment) -> bool:
    """A new day can change who is in it."""
    facts = _facts(segment)
    return segment.kind == SegmentKind.LIVE and (facts.is_timed or bool(facts.activities))


def _facts(segment: Segment) -> Facts:
    found = watched(segment.pk, segment.condition)
    return found.facts if found else kinds_of_fact(parse({"all": []}))
