"""When a task is due unless somebody says otherwise: at a time when people work."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(18)
SATURDAY = 5
STEP = timedelta(minutes=15)
HOURS_A_DAY = 24


def due_after(hours: int, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment `hours` from `now` on the clock of `zone`, Monday to Friday from 9 to 18.

    Each 24 hours are one working day; what is left flows into the next day where it would fall
    after work. Rounded up to a quarter of an hour.
    """
    days, rest = divmod(hours, HOURS_A_DAY)
    at = _working(_rounded_up(now.astimezone(zone).replace(tzinfo=None)))
    for _day in range(days):
        at = datetime.combine(_morning_after(at), at.time())
    return _plus(at, timedelta(hours=rest)).replace(tzinfo=zone)


def _plus(at: datetime, rest: timedelta) -> datetime:
    """`rest` of working time later."""
    left = datetime.combine(at, CLOSES) - at
    while rest > left:
        rest -= left
        at = _morning_after(at)
        left = datetime.combine(at, CLOSES) - at
    return at + rest


def _working(at: datetime) -> datetime:
    """`at`, or the next morning when nobody works then."""
    if at.weekday() >= SATURDAY or at.time() > CLOSES:
        return _morning_after(at)
    return max(at, datetime.combine(at, OPENS))


def _morning_after(at: datetime) -> datetime:
    morning = datetime.combine(at + timedelta(days=1), OPENS)
    while morning.weekday() >= SATURDAY:
        morning += timedelta(days=1)
    return morning


def _rounded_up(at: datetime) -> datetime:
    over = (at - datetime.combine(at, time.min)) % STEP
    return at + (STEP - over) if over else at
