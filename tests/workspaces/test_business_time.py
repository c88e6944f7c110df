"""Deadlines in business time, against a minute-by-minute count and by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import list_supported_countries
from hypothesis import given, settings
from hypothesis import strategies as st

from leadmgmt.workspaces.business_time import BusinessHours, NeverOpen, deadline, holiday_countries

ZONES = ["UTC", "Europe/Athens", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]


def office(**changes: object) -> BusinessHours:
    """Monday to Friday, nine to five, in Athens."""
    usual = {
        "zone": ZoneInfo("Europe/Athens"),
        "days": (0, 1, 2, 3, 4),
        "opens": time(9),
        "closes": time(17),
    }
    return BusinessHours(**usual | changes)  # type: ignore[arg-type]


def at(text: str, zone: str = "Europe/Athens") -> datetime:
    """A local moment as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("started", "minutes", "due"),
    [
        ("2026-11-16 10:00", 60, "2026-11-16 11:00"),  # within a Monday
        ("2026-11-16 16:30", 60, "2026-11-17 09:30"),  # over a night
        ("2026-11-20 16:00", 120, "2026-11-23 10:00"),  # over a weekend
        ("2026-11-21 12:00", 15, "2026-11-23 09:15"),  # started on a Saturday
        ("2026-11-16 03:00", 480, "2026-11-16 17:00"),  # a whole day ends at closing time
    ],
)
def test_minutes_pass_only_while_the_office_is_open(started: str, minutes: int, due: str) -> None:
    assert deadline(at(started), minutes, office()) == at(due)


def test_a_day_off_and_a_public_holiday_do_not_count() -> None:
    closed = office(days_off={date(2026, 12, 24)}, holiday_country="GR")
    # 24 December is our day off, 25 Christmas; 26 and 27 are a weekend.
    assert deadline(at("2026-12-23 16:30"), 60, closed) == at("2026-12-28 09:30")


def test_a_clock_change_leaves_the_minutes_that_really_pass() -> None:
    night_shift = office(days=(5, 6), opens=time(1), closes=time(6))
    # On 29 March 2026 Athens skips 03:00–04:00: from 01:00 to 06:00 only four hours pass.
    assert deadline(at("2026-03-29 01:00"), 240, night_shift) == at("2026-03-29 06:00")


def test_an_office_that_never_opens_is_named() -> None:
    with pytest.raises(NeverOpen):
        deadline(at("2026-11-16 10:00"), 1, office(days=()))


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)),  # noqa: DTZ001
    minutes=st.integers(1, 900),
    days=st.sets(st.integers(0, 6), min_size=1),
    opens=st.integers(0, 12),
    length=st.integers(1, 10),
)
def test_it_equals_a_minute_by_minute_count(
    zone: str, start: datetime, minutes: int, days: set[int], opens: int, length: int
) -> None:
    hours = office(zone=ZoneInfo(zone), days=days, opens=time(opens), closes=time(opens + length))
    started_at = start.replace(second=0, microsecond=0, tzinfo=UTC)

    counted, moment = 0, started_at
    while counted < minutes:
        local = moment.astimezone(hours.zone)
        counted += local.weekday() in days and hours.opens <= local.time() < hours.closes
        moment += timedelta(minutes=1)

    assert deadline(started_at, minutes, hours) == moment


def test_the_countries_are_those_whose_holidays_are_known() -> None:
    assert list(holiday_countries()) == list(list_supported_countries())
    assert "GR" in holiday_countries()
