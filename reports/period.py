"""Periods: whole days in the workspace's time zone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadmgmt.kernel.strict import whole_number

DAY = timedelta(days=1)
LONGEST = 3 * 366  # days


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both days included, as that time zone counts days."""

    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        """The first moment of the period, in UTC."""
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after the period, in UTC."""
        return self._midnight(self.last + DAY)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of the same length that ends the day before this one begins."""
        return Period(self.first - self.days * DAY, self.first - DAY, self.zone)

    def __iter__(self) -> Iterator[date]:
        """Its days, in order."""
        return (self.first + offset * DAY for offset in range(self.days))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)


def last_days(count: int, *, today: date, zone: str) -> Period:
    """The `count` days up to and including today."""
    return Period(today - (count - 1) * DAY, today, zone)


def period_of(query: Mapping[str, str], *, now: datetime, zone: str, usual: int = 90) -> Period:
    """The period asked for by `?from=…&to=…` or `?days=…`; what makes no sense is the usual one."""
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        chosen = Period(date.fromisoformat(query["from"]), date.fromisoformat(query["to"]), zone)
        if 1 <= chosen.days <= LONGEST:
            return chosen
    except (KeyError, ValueError):
        pass
    days = whole_number(query.get("days", ""), most=LONGEST)
    return last_days(days or usual, today=today, zone=zone)
