"""What a report looks at: a period, perhaps one source or campaign, and how people are counted."""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Scope:
    """Period, way of counting, and optional limits; an empty source means every source."""

    period: Period
    counting: Counting = Counting.PERIOD
    source: str = ""
    campaign_id: UUID | None = None

    def before(self) -> "Scope":
        """The same question about the period before."""
        return Scope(self.period.before(), self.counting, self.source, self.campaign_id)

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
        }


def scope_of(query: Mapping[str, str], *, now: datetime, zone: str) -> Scope:
    """The scope a link asks for; what makes no sense is left out."""
    counting = query.get("counting", "")
    return Scope(
        period=period_of(query, now=now, zone=zone),
        counting=Counting(counting) if counting in set(Counting) else Counting.PERIOD,
        source=query.get("source", "").replace("\x00", ""),
        campaign_id=_uuid(query.get("campaign", "")),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
