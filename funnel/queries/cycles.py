"""Questions about closed cycles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from funnel.cycles import Part, parts
from funnel.models import ClosedCycle, CycleOutcome
from leadmgmt.kernel.sql import fetch
from leads.models import Lead

MONTHS = 12
SHOWN = 5  # on the page of a lead

BY_MONTH = """
SELECT date_trunc('month', closed_at AT TIME ZONE %(zone)s)::date, outcome, count(*),
    sum(closed_at - begun_at),
    count(*) FILTER (WHERE highest_stage IN ('mql', 'sql', 'customer')),
    count(*) FILTER (WHERE highest_stage IN ('sql', 'customer')),
    count(*) FILTER (WHERE highest_stage = 'customer')
FROM funnel_closedcycle WHERE workspace_id = %(workspace)s AND closed_at >= %(since)s
GROUP BY 1, 2 ORDER BY 1 DESC
"""


@dataclass(frozen=True)
class Month:
    """Cycles closed in a month of the workspace: by outcome, their average length, how far."""

    first: date
    outcomes: Mapping[str, int]
    length: timedelta
    mqls: int
    sqls: int
    customers: int

    @property
    def key(self) -> str:
        """As an address names it."""
        return f"{self.first:%Y-%m}"

    @property
    def closed(self) -> int:
        """How many."""
        return sum(self.outcomes.values())

    @property
    def by_outcome(self) -> list[tuple[str, str, int]]:
        """Outcome, its words and how many, in the order of the outcomes."""
        return [(each.value, str(each.label), self.outcomes.get(each, 0)) for each in CycleOutcome]


def months(zone: str, now: datetime) -> list[Month]:
    """The last twelve months in which cycles were closed, the latest first."""
    today = now.astimezone(ZoneInfo(zone))
    since = today.replace(year=today.year - 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = fetch(BY_MONTH, zone=zone, since=since)
    return [_month(first, list(group)) for first, group in groupby(rows, key=itemgetter(0))][
        :MONTHS
    ]


def _month(first: date, rows: Sequence[tuple[Any, ...]]) -> Month:
    outcomes = {row[1]: row[2] for row in rows}
    length = sum((row[3] for row in rows), timedelta()) / sum(outcomes.values())
    return Month(first, outcomes, length, *(sum(row[at] for row in rows) for at in (4, 5, 6)))


def cycles_in(month: str, outcome: str, zone: str) -> QuerySet[ClosedCycle]:
    """Closed cycles of a month and with an outcome; what makes no sense is left out."""
    found: QuerySet[ClosedCycle] = ClosedCycle.objects.defer("story")
    if first := first_of(month):
        midnight = datetime(first.year, first.month, 1, tzinfo=ZoneInfo(zone))
        following = first.replace(day=28) + timedelta(days=4)
        until = datetime(following.year, following.month, 1, tzinfo=ZoneInfo(zone))
        found = found.filter(closed_at__gte=midnight, closed_at__lt=until)
    if outcome in CycleOutcome.values:
        found = found.filter(outcome=outcome)
    return found.select_related("lead", "by")


def first_of(month: str) -> date | None:
    """The first day of `2026-11`; None for anything else."""
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return None


def cycles_of(lead: Lead) -> Sequence[ClosedCycle]:
    """The latest closed cycles of a lead, without their stories."""
    found = ClosedCycle.objects.filter(lead=lead).defer("story").select_related("by")
    return list(found.order_by("-closed_at", "-id")[:SHOWN])


def is_last(archive: ClosedCycle) -> bool:
    """The cycle after it is the present one, so the closing may perhaps be taken back."""
    lead = archive.lead
    return bool(lead.cycle == archive.number + 1 and lead.cycle_began_at == archive.closed_at)


def chapters(archive: ClosedCycle) -> list[tuple[Part, Any]]:
    """What was told about a cycle, part by part, with its moments."""
    return [
        (part, thawed(archive.story[part.name])) for part in parts() if part.name in archive.story
    ]


def thawed(told: Any, name: str = "") -> Any:
    """Kept JSON with moments instead of text."""
    if isinstance(told, dict):
        return {key: thawed(value, key) for key, value in told.items()}
    if isinstance(told, list):
        return [thawed(value, name) for value in told]
    return parse_datetime(told) if name.endswith("_at") and isinstance(told, str) else told
