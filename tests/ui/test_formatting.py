"""Numbers and moments as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from leadmgmt.ui import formatting

NOW = datetime(2026, 11, 21, 14, 5, 33, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123450, "EUR", "€1,234.50"),
        (123400, "EUR", "€1,234"),
        (5000, "JPY", "¥5,000"),
        (-50, "USD", "-$0.50"),
        (0, "EUR", "€0"),
        (None, "EUR", "–"),
    ],
)
def test_money(minor: int | None, currency: str, shown: str) -> None:
    assert formatting.money(minor, currency) == shown


def test_an_estimate_has_no_cents() -> None:
    assert formatting.estimate(123_451, "EUR") == "€1,235"
    assert formatting.estimate(123_451, "JPY") == formatting.money(123_451, "JPY")
    assert formatting.estimate(None) == "–"


def test_money_follows_the_language() -> None:
    with translation.override("ru"):
        assert formatting.money(123450, "EUR").replace("\xa0", " ") == "1 234,50 €"


@pytest.mark.parametrize(
    ("ratio", "digits", "shown"),
    [(0.1256, 1, "12.6%"), (1.42, 0, "142%"), (0, 1, "0.0%"), (None, 1, "–")],
)
def test_percent(ratio: float | None, digits: int, shown: str) -> None:
    assert formatting.percent(ratio, digits) == shown


def test_number() -> None:
    assert formatting.number(1234567) == "1,234,567"
    assert formatting.number(3.14159, 2) == "3.14"
    assert formatting.number(None) == "–"


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(seconds=0), "0 s"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(minutes=5, seconds=30), "5 min"),
        (timedelta(hours=1, minutes=20), "1 h 20 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=3, hours=4, minutes=10), "3 d 4 h"),
        (timedelta(hours=-2), "2 h"),
        (90, "1 min"),
        (None, "–"),
    ],
)
def test_duration(span: timedelta | int | None, shown: str) -> None:
    assert formatting.duration(span) == shown


def test_moments_are_told_in_the_active_time_zone() -> None:
    with timezone.override("Asia/Tokyo"), translation.override("el"):
        assert formatting.day(NOW) == "21 Νοε 2026"
    with timezone.override("Asia/Tokyo"):
        assert formatting.moment(NOW).startswith("Nov 21, 2026, 11:05")


def test_an_end_at_midnight_is_the_day_before() -> None:
    with timezone.override("Asia/Tokyo"):  # nine hours ahead
        assert formatting.ending(datetime(2026, 11, 27, 15, tzinfo=UTC)) == "Nov 27, 2026"
        assert formatting.ending(NOW) == formatting.moment(NOW)
    assert formatting.ending(None) == "–"


def test_a_day_is_no_moment() -> None:
    assert formatting.day(date(2026, 1, 2)) == "Jan 2, 2026"
    assert formatting.day(None) == formatting.moment(None) == formatting.ago(None) == "–"


@pytest.mark.parametrize(
    ("distance", "shown"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=-20), "3 weeks ago"),
    ],
)
def test_ago(distance: timedelta, shown: str) -> None:
    assert formatting.ago(NOW + distance, NOW) == shown
