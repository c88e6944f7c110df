"""Numbers, money and moments as people read them, in the active language and time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

UNKNOWN = "–"
HOUR, DAY = 3_600, 86_400
Number = int | float | Decimal


@lru_cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def locale() -> Locale:
    return _locale_of(_language())


def _language() -> str:
    return get_language() or "en"


def number(value: Number | None, digits: int | None = None) -> str:
    """`1234.5` → `1,234.5`; `digits` fixes the decimals shown; None is a dash."""
    return UNKNOWN if value is None else _number(value, digits, _language())


@lru_cache(maxsize=1_000, typed=True)  # every page shows some small ones
def _number(value: Number, digits: int | None, language: str) -> str:
    pattern = None if digits is None else _with_digits("#,##0", digits)
    return format_decimal(value, format=pattern, locale=_locale_of(language)).replace("-", "−")


def percent(ratio: Number | None, digits: int = 1) -> str:
    """A share as a percentage: `0.125` → `12.5%`."""
    if ratio is None:
        return UNKNOWN
    pattern = locale().percent_formats[None].pattern
    return format_percent(ratio, format=_with_digits(pattern, digits), locale=locale())


def money(minor: int | None, currency: str = "EUR") -> str:
    """Minor units to an amount: `123450` EUR → `€1,234.50`; whole amounts lose their zeros."""
    if minor is None:
        return UNKNOWN
    precision = get_currency_precision(currency)
    amount = Decimal(minor).scaleb(-precision)
    is_whole = amount == amount.to_integral_value()
    pattern = locale().currency_formats["standard"].pattern.replace("0.00", "0")
    shown = _with_digits(pattern, 0 if is_whole else precision)
    return format_currency(amount, currency, format=shown, locale=locale(), currency_digits=False)


def estimate(minor: int | None, currency: str = "EUR") -> str:
    """An amount nobody knows to the cent, in whole units: `123450` EUR → `€1,234`."""
    if minor is None:
        return UNKNOWN
    unit = 10 ** get_currency_precision(currency)
    return money(round(Decimal(minor) / unit) * unit, currency)


def _with_digits(pattern: str, digits: int) -> str:
    """A CLDR number pattern with this many decimals."""
    return pattern.replace("#,##0", "#,##0" + (f".{'0' * digits}" if digits else ""))


@dataclass(frozen=True)
class Reader:
    """Who reads: for many moments language and time zone are looked up once."""

    language: str
    zone: tzinfo

    def local(self, value: datetime) -> datetime:
        """The moment in the reader's time zone."""
        try:
            return value.astimezone(self.zone) if value.tzinfo else value
        except OverflowError:  # the first and the last day there are have no neighbours
            return value

    def day(self, value: date | datetime) -> str:
        """`21 Nov 2026`."""
        on = self.local(value).date() if isinstance(value, datetime) else value
        return _day(on, self.language)

    def moment(self, value: datetime) -> str:
        """`21 Nov 2026, 14:05`."""
        shown, of = self.local(value), self.language
        return _glue(of).format(_time(shown.hour, shown.minute, of), _day(shown.date(), of))

    def ago(self, value: datetime, now: datetime) -> str:
        """`3 hours ago`, `in 2 days`: the same words as the browser's Intl.RelativeTimeFormat."""
        seconds = int((value - now).total_seconds())
        return _("just now") if abs(seconds) < 60 else _distance(_rounded(seconds), self.language)


def reader() -> Reader:
    """Who reads this page: its language, and the workspace's time zone."""
    return Reader(_language(), timezone.get_current_timezone())


def local(value: datetime) -> datetime:
    """The moment in the workspace's time zone."""
    return reader().local(value)


def day(value: date | datetime | None) -> str:
    """`21 Nov 2026` in the workspace's time zone."""
    return UNKNOWN if value is None else reader().day(value)


@lru_cache(maxsize=1_000)  # a list shows the same few days on every row
def _day(value: date, language: str) -> str:
    return format_date(value, "medium", locale=_locale_of(language))


def moment(value: datetime | None) -> str:
    """`21 Nov 2026, 14:05` in the workspace's time zone."""
    return UNKNOWN if value is None else reader().moment(value)


def ending(value: datetime | None) -> str:
    """Until when: an end at midnight is told as the day that ends there, others as `moment`."""
    if value is None or local(value).time() != time.min:
        return moment(value)
    return day(value - timedelta(microseconds=1))


@lru_cache
def _glue(language: str) -> str:
    """How a language writes a time {0} and a day {1} beside each other."""
    return str(get_datetime_format("medium", _locale_of(language))).replace("'", "")


@lru_cache(maxsize=3_000)
def _time(hour: int, minute: int, language: str) -> str:
    return format_time(time(hour, minute), "short", locale=_locale_of(language))


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long ago, or how soon, in words (`Reader.ago`)."""
    return UNKNOWN if value is None else reader().ago(value, now or timezone.now())


def _rounded(seconds: int) -> int:
    """To half a minute, half an hour, half a day: the words change at no other moment."""
    step = 30 if abs(seconds) < HOUR else HOUR // 2 if abs(seconds) < DAY else DAY // 2
    return int(seconds / step) * step


@lru_cache(maxsize=4_000)  # a list shows the same few on every row
def _distance(seconds: int, language: str) -> str:
    span, of = timedelta(seconds=seconds), _locale_of(language)
    return format_timedelta(span, add_direction=True, threshold=1, locale=of)


def duration(span: timedelta | Number | None) -> str:
    """The two largest units of a span (seconds when a number): `1 h 20 min`, `3 d 4 h`, `45 s`."""
    if span is None:
        return UNKNOWN
    seconds = int(span.total_seconds() if isinstance(span, timedelta) else span)
    parts = _parts(abs(seconds))
    return " ".join(parts[:2]) or _("%(count)s s") % {"count": 0}


def _parts(seconds: int) -> list[str]:
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        units = [(days, _("%(count)s d")), (hour, _("%(count)s h"))]
    elif hours:
        units = [(hour, _("%(count)s h")), (minute, _("%(count)s min"))]
    else:
        units = [(minute, _("%(count)s min")), (second if not minute else 0, _("%(count)s s"))]
    return [text % {"count": count} for count, text in units if count]
