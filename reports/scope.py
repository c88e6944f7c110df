"""What a report looks at: a period, perhaps one source or campaign, and how people are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from leadmgmt.kernel.context import current_workspace_id
from reports.period import Period, period_of


class Counting(StrEnum):
    """Two honest ways to count, never mixed on one page.

    PERIOD: what happened in the period, whenever the people came. COHORT: the people who became
    leads in the period, and how far they have come until today.
    """

    PERIOD = "period"
    COHORT = "cohort"


class Cycles(StrEnum):
    """Whose steps count: of every cycle, of first cycles only, or of later ones only.

    LATER looks at people whose earlier cycle was closed: the day their second cycle began takes
    the place of the day they became leads.
    """

    ALL = "all"
    FIRST = "first"
    LATER = "later"


@dataclass(frozen=True)
class Scope:
    """Period, way of counting, and optional limits; an empty source means every source."""

    period: Period
    counting: Counting = Counting.PERIOD
    source: str = ""
    campaign_id: UUID | None = None
    cycles: Cycles = Cycles.ALL

    @property
    def is_by_cycle(self) -> bool:
        """Only some cycles count, so what is not of a cycle cannot be told."""
        return self.cycles is not Cycles.ALL

    def before(self) -> "Scope":
        """The same question about the period before."""
        return replace(self, period=self.period.before())

    def of_leads(self) -> dict[str, Any]:
        """Source and campaign as a filter of rows that belong to leads."""
        limits = {"lead__source": self.source, "lead__campaign_id": self.campaign_id}
        return {name: value for name, value in limits.items() if value}

    def values(self) -> dict[str, Any]:
        """Parameters every statement takes."""
        return {
            "workspace": current_workspace_id(),
            "since": self.period.since,
            "until": self.period.until,
            "first": self.period.first,
            "last": self.period.last,
            "zone": self.period.zone,
            "source": self.source,
            "campaign": self.campaign_id,
            "cycles": self.cycles.value,
        }


def scope_of(query: Mapping[str, str], *, now: datetime, zone: str) -> Scope:
    """The scope a link asks for; what makes no sense is left out."""
    counting, cycles = query.get("counting", ""), query.get("cycles", "")
    return Scope(
        period=period_of(query, now=now, zone=zone),
        counting=Counting(counting) if counting in set(Counting) else Counting.PERIOD,
        source=query.get("source", "").replace("\x00", ""),
        campaign_id=_uuid(query.get("campaign", "")),
        cycles=Cycles(cycles) if cycles in set(Cycles) else Cycles.ALL,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
