"""Segments: who is concerned, how they grow, who came and went."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.paging import Page, page_of
from leads.conditions import Calendar, WrongCondition, calendar_at, parse, read_aloud
from leads.models import Lead, Membership, Merge, Segment, SegmentKind
from leads.uses import Use, all_uses

LATELY = 8  # people shown who came or went
MOST_OFFERED = 500

MOVES = """
SELECT segment_id, day, sum(moves)::int FROM (
    SELECT segment_id, (entered_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS moves
    FROM leads_membership
    WHERE workspace_id = %(workspace)s AND segment_id = ANY(%(segments)s::uuid[])
      AND entered_at >= %(since)s
    GROUP BY 1, 2
    UNION ALL
    SELECT segment_id, (left_at AT TIME ZONE %(zone)s)::date, -count(*)
    FROM leads_membership
    WHERE workspace_id = %(workspace)s AND segment_id = ANY(%(segments)s::uuid[])
      AND left_at >= %(since)s
    GROUP BY 1, 2
) AS moved GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Grown:
    """How a segment came to its size: the size at the end of each of the last days."""

    days: tuple[date, ...]
    sizes: tuple[int, ...]

    @property
    def by(self) -> int:
        """How many more it has now than at the beginning; fewer are below zero."""
        return self.sizes[-1] - self.sizes[0]


@dataclass(frozen=True)
class SegmentRow:
    """A segment as lists show it."""

    segment: Segment
    grown: Grown
    uses: Sequence[Use]


@dataclass(frozen=True)
class Listed:
    """A page of segments in use, and all retired ones."""

    page: Page[SegmentRow]
    retired: Sequence[SegmentRow]


def listed_segments(query: Mapping[str, str], *, now: datetime, days: int) -> Listed:
    """Segments by name, with their growth over so many days."""
    in_use: QuerySet[Any] = Segment.objects.filter(retired_at=None)
    page: Page[Any] = page_of(in_use, ("name", "id"), query)
    retired = Segment.objects.exclude(retired_at=None).order_by("name", "id")
    rows = told([*page.rows, *retired], now=now, days=days)
    return Listed(page.of(rows[: len(page.rows)]), rows[len(page.rows) :])


def told(segments: Sequence[Segment], *, now: datetime, days: int) -> list[SegmentRow]:
    """Each with how it grew and what uses it; whatever their number, one query for growth."""
    uses, grown = all_uses(), growth(segments, now=now, days=days)
    return [SegmentRow(each, grown[each.pk], uses.get(each.pk, ())) for each in segments]


def growth(segments: Sequence[Segment], *, now: datetime, days: int) -> dict[UUID, Grown]:
    """How each came to its size, counted back from now by who came and went (one query)."""
    calendar = calendar_at(now)
    moved: dict[UUID, dict[date, int]] = defaultdict(dict)
    for pk, day, moves in fetch(
        MOVES,
        segments=[each.pk for each in segments],
        zone=str(calendar.zone),
        since=calendar.start_of(calendar.day(-days)),
    ):
        moved[pk][day] = moves
    return {each.pk: _grown(each.size, moved[each.pk], calendar, days) for each in segments}


def _grown(size: int, moves: Mapping[date, int], calendar: Calendar, days: int) -> Grown:
    shown = [calendar.day(-ago) for ago in range(days, -1, -1)]
    sizes = [size]
    for day in reversed(shown[1:]):
        sizes.append(max(0, sizes[-1] - moves.get(day, 0)))
    return Grown(tuple(shown), tuple(reversed(sizes)))


def reading_of(segment: Segment) -> str:
    """Its condition in words; "" when it has none."""
    if not segment.condition:
        return ""
    try:
        return read_aloud(parse(segment.condition, is_stored=True))
    except WrongCondition as wrong:
        return wrong.sentence


# Who is in it, who came and went


def members_of(segment: Segment) -> QuerySet[Any]:
    """Times in the segment that last, with their leads."""
    lasting = Membership.objects.filter(segment=segment, left_at=None)
    return lasting.select_related("lead", "lead__company", "by")


def member_page(segment: Segment, query: Mapping[str, str], size: int = 25) -> Page[Any]:
    """Who is in it, latest first; its size is counted already."""
    return page_of(members_of(segment), ("-entered_at", "-id"), query, size, is_counted=False)


def left_lately(segment: Segment, *, now: datetime, days: int) -> list[Any]:
    """The last who left it."""
    gone = Membership.objects.filter(segment=segment, left_at__gte=now - timedelta(days=days))
    return list(gone.select_related("lead").order_by("-left_at", "-id")[:LATELY])


@dataclass(frozen=True)
class Belonging:
    """The segments a lead is in (with `since`), and frozen ones it could be put into, by name."""

    inside: Sequence[Any]
    frozen: Sequence[Any]


def belonging_of(lead: Lead) -> Belonging:
    """Where the lead belongs, among the segments in use."""
    lasting = Membership.objects.filter(lead=lead, left_at=None, segment_id=OuterRef("pk"))
    in_use: QuerySet[Any] = Segment.objects.filter(retired_at=None).annotate(
        since=Subquery(lasting.values("entered_at")[:1])
    )
    shown = in_use.filter(Q(kind=SegmentKind.FROZEN) | Q(since__isnull=False))
    rows = list(shown.order_by("name", "id")[:MOST_OFFERED])
    return Belonging(
        [each for each in rows if each.since], [each for each in rows if not each.since]
    )


# Whom an event concerns


def people_of(company_ids: Iterable[UUID]) -> list[UUID]:
    """The leads of these companies."""
    people = Lead.objects.filter(company_id__in=list(company_ids))
    return list(people.order_by("pk").values_list("pk", flat=True))


def kept_instead_of(lead_ids: Iterable[UUID]) -> list[UUID]:
    """The leads into which these were merged, or were for a while."""
    merges = Merge.objects.filter(gone_id__in=list(lead_ids))
    return list(merges.order_by("lead_id").values_list("lead_id", flat=True).distinct())
