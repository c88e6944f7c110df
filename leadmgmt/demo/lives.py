"""One lead while its story is told, and the world it lives in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from leadmgmt.demo import cast
from leadmgmt.demo.foresight import Fact
from leadmgmt.workspaces.business_time import BusinessHours

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Scene:
    """Ids the story refers to: people, the policy in force, definitions by stage."""

    members: dict[str, UUID]
    policy_id: UUID
    minutes: int
    hours: BusinessHours
    definitions: dict[str, UUID]
    zone: ZoneInfo
    until: datetime


@dataclass
class Life:
    """One lead while the story is told; what it is at the end goes into its row."""

    lead_id: UUID
    name: str
    effort: cast.Effort | None
    campaign_id: UUID | None
    company_id: UUID | None
    company_name: str
    source: str
    medium: str
    interest: float
    seniority: float
    born_at: datetime
    visitor_id: UUID | None = None
    first_seen_at: datetime | None = None
    stage: str = "lead"
    highest: str = "lead"
    stage_entered_at: datetime | None = None
    owner: str = ""
    last_at: datetime | None = None
    profile: int = 0
    facts: list[Fact] = field(default_factory=list)
    mql_at: datetime | None = None
    forms: list[tuple[str, datetime]] = field(default_factory=list)
    rests: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    def felt(self, at: datetime) -> datetime:
        """Remember when the lead last did or heard something."""
        self.last_at = max(self.last_at, at) if self.last_at else at
        return at
