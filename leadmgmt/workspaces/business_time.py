"""Business time: minutes that count only while the office is open.

Walked in local days and converted to UTC interval by interval, so a day with a clock change has
exactly the minutes that really pass.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays
from holidays.registry import EntityLoader

LONGEST_SEARCH = 3 * 366  # days; an office that never opens in three years has wrong hours


class NeverOpen(ValueError):
    """These hours leave no business time at all."""


@dataclass(frozen=True)
class BusinessHours:
    """When the office is open: the same hours on each working day (Monday is 0)."""

    zone: ZoneInfo
    days: Collection[int]
    opens: time
    closes: time
    holiday_country: str = ""
    days_off: Collection[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        """Is the office open at all on this day?"""
        if day.weekday() not in self.days or day in self.days_off:
            return False
        return not self.holiday_country or day not in _holidays(self.holiday_country, day.year)

    def open_spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open intervals in UTC from `since` on, in order."""
        first = since.astimezone(self.zone).date()
        for offset in range(LONGEST_SEARCH):
            day = first + timedelta(days=offset)
            if self.is_working_day(day):
                start, end = max(self._at(day, self.opens), since), self._at(day, self.closes)
                if start < end:
                    yield start, end

    def _at(self, day: date, clock_time: time) -> datetime:
        return datetime.combine(day, clock_time, self.zone).astimezone(UTC)


def holiday_countries() -> tuple[str, ...]:
    """Codes of the countries whose holidays are known.

    `list_supported_countries` tells their regions as well, and loads 250 calendars for that.
    """
    return tuple(EntityLoader.get_country_codes())


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    """Worked out once: they are asked about for each member, again and again."""
    return frozenset(country_holidays(country, years=year))


def deadline(started_at: datetime, minutes: int, hours: BusinessHours) -> datetime:
    """The moment at which `minutes` of business time have passed since `started_at` (UTC)."""
    left = timedelta(minutes=minutes)
    for start, end in hours.open_spans(started_at.astimezone(UTC)):
        if end - start >= left:
            return start + left
        left -= end - start
    raise NeverOpen("These business hours leave no open day.")
