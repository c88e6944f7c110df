"""One test put to one value."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from leads.conditions.calendar import Calendar
from leads.conditions.operators import RELATIVE, ValueKind
from leads.conditions.sql.pieces import Sql, joined
from leads.conditions.tree import Test, Value

Calendars = Callable[[], Calendar]

COMPARISONS: Mapping[str, str] = {
    "is": "=",
    "is_not": "<>",
    "is_at_least": ">=",
    "is_at_most": "<=",
    "is_more_than": ">",
    "is_less_than": "<",
}

# Sets inside a JSON list, without operators that the drivers could take for placeholders.
OVERLAPS: Mapping[str, str] = {
    "has": "jsonb_exists_any({}, %s::text[])",
    "has_none_of": "NOT jsonb_exists_any({}, %s::text[])",
    "has_all_of": "jsonb_exists_all({}, %s::text[])",
}


def test_sql(operand: Sql, kind: ValueKind, test: Test, calendar: Calendars) -> Sql:
    """One test put to one operand."""
    if test.operator == "is_known":
        return operand.inside("(", ") IS NOT NULL" if test.value else ") IS NULL")
    if kind in (ValueKind.MOMENT, ValueKind.DATE):
        return _time_sql(operand, kind, test, calendar)
    if kind is ValueKind.CHOICES:
        pattern = OVERLAPS[test.operator]
        return Sql(pattern.format(operand.text), (*operand.params, list(_values(test.value))))
    if kind is ValueKind.TEXT:
        return _text_sql(operand, test)
    if test.operator in ("is_one_of", "is_none_of"):
        return _listed_sql(operand, test, [Sql("%s", (each,)) for each in _values(test.value)])
    return Sql(f"{operand.text} {COMPARISONS[test.operator]} %s", (*operand.params, test.value))


def _text_sql(operand: Sql, test: Test) -> Sql:
    """Texts compare without regard to case."""
    lowered = operand.inside("lower(", ")")
    if test.operator in ("is_one_of", "is_none_of"):
        values = [Sql("lower(%s)", (each,)) for each in _values(test.value)]
        return _listed_sql(lowered, test, values)
    patterns = {
        "is": "{} = lower(%s)",
        "is_not": "{} <> lower(%s)",
        "contains": "strpos({}, lower(%s)) > 0",
        "does_not_contain": "strpos({}, lower(%s)) = 0",
        "starts_with": "starts_with({}, lower(%s))",
    }
    return Sql(patterns[test.operator].format(lowered.text), (*lowered.params, test.value))


def _listed_sql(operand: Sql, test: Test, values: Sequence[Sql]) -> Sql:
    word = "IN" if test.operator == "is_one_of" else "NOT IN"
    return joined(f" {word} ", [operand, joined(", ", values).inside("(", ")")])


def _values(value: Value) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _time_sql(operand: Sql, kind: ValueKind, test: Test, calendars: Calendars) -> Sql:
    """From the first day that counts to the last; both ends are days of the workspace."""
    calendar = calendars()
    if calendar.column and test.operator in RELATIVE:
        return _relative_sql(operand, kind, test, calendar)
    first, last = days_meant(test, calendar)
    bounds: list[Sql] = []
    if first is not None:
        start = first if kind is ValueKind.DATE else calendar.start_of(_day(first))
        bounds.append(Sql(f"{operand.text} >= %s", (*operand.params, start)))
    if last is not None:
        end = _next(last) if kind is ValueKind.DATE else calendar.start_of(_day(_next(last)))
        bounds.append(Sql(f"{operand.text} < %s", (*operand.params, end)))
    return joined(" AND ", bounds).inside("(", ")")


def _relative_sql(operand: Sql, kind: ValueKind, test: Test, calendar: Calendar) -> Sql:
    """The same, for a day that differs from row to row."""
    days = _whole(test.value)
    first, after = {
        "within_days": (-days, 1),
        "more_than_days_ago": (None, -days),
        "within_next_days": (0, days + 1),
    }[test.operator]
    bounds = [joined(" < ", [operand, _start_of(calendar, after, kind)])]
    if first is not None:
        bounds.append(joined(" >= ", [operand, _start_of(calendar, first, kind)]))
    return joined(" AND ", bounds).inside("(", ")")


def _start_of(calendar: Calendar, days: int, kind: ValueKind) -> Sql:
    """The first moment of a day so many days from the row's own; a date is an ISO text."""
    day = f"({calendar.column} + {int(days)})"
    if kind is ValueKind.DATE:
        return Sql(f"to_char({day}, 'YYYY-MM-DD')")
    return Sql(f"({day}::timestamp AT TIME ZONE %s)", (str(calendar.zone),))


def moment_sql(calendar: Calendar, days: int) -> Sql:
    """The first moment of the day so many days from today."""
    if calendar.column:
        return _start_of(calendar, days, ValueKind.MOMENT)
    return Sql("%s", (calendar.start_of(calendar.day(days)),))


def days_meant(test: Test, calendar: Calendar) -> tuple[str | None, str | None]:
    """First and last day (ISO) for which a test about time holds; None is without end."""
    if test.operator in RELATIVE:
        days = _whole(test.value)
        today = calendar.today.isoformat()
        return {
            "within_days": (calendar.day(-days).isoformat(), today),
            "more_than_days_ago": (None, calendar.day(-days - 1).isoformat()),
            "within_next_days": (today, calendar.day(days).isoformat()),
        }[test.operator]
    day = str(test.value)
    return {"is_on": (day, day), "is_before": (None, _before(day)), "is_after": (_next(day), None)}[
        test.operator
    ]


def _day(day: str) -> date:
    return date.fromisoformat(day)


def _next(day: str) -> str:
    return date.max.isoformat() if _day(day) == date.max else _shifted(day, 1)


def _before(day: str) -> str:
    return date.min.isoformat() if _day(day) == date.min else _shifted(day, -1)


def _shifted(day: str, days: int) -> str:
    return (_day(day) + timedelta(days=days)).isoformat()


def _whole(value: Value) -> int:
    if not isinstance(value, int | Decimal):
        raise TypeError(f"The parser let {value!r} through as a number of days.")
    return int(value)
