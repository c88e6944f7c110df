"""Days as the workspace counts them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.models import Workspace


@dataclass(frozen=True)
class Calendar:
    """Today, and where: a day begins at midnight in the zone of the workspace.

    `column`: SQL for a date that is “today” for the row at hand, where it differs from row to row:
    leads as they were when something about each was decided. Usually it is the same for all.
    """

    today: date
    zone: ZoneInfo
    column: str = ""

    def start_of(self, day: date) -> datetime:
        """The first moment of `day`."""
        return datetime.combine(day, time.min, tzinfo=self.zone)

    def day(self, days_from_today: int) -> date:
        """Today is 0, yesterday -1; stops at the ends of what a date can be."""
        latest = (date.max - self.today).days - 1
        earliest = (date.min - self.today).days + 1
        return self.today + timedelta(days=min(max(days_from_today, earliest), latest))

    @property
    def tomorrow(self) -> datetime:
        """The end of today."""
        return self.start_of(self.day(1))


def calendar_at(now: datetime) -> Calendar:
    """The calendar of the current workspace at this moment."""
    name = Workspace.objects.values_list("time_zone", flat=True).get(pk=current_workspace_id())
    zone = ZoneInfo(name)
    return Calendar(now.astimezone(zone).date(), zone)
