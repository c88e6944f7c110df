"""Reading one test: its name and the value it compares with."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from leads.conditions.fields import Field
from leads.conditions.operators import OPERATORS, TESTS_OF, Shape, ValueKind
from leads.conditions.parsing.refusing import (
    Path,
    did_you_mean,
    listed,
    refuse,
    refuse_value,
    shown,
)
from leads.conditions.tree import Scalar, Test, Value

MOST_VALUES = 500
LONGEST_TEXT = 500
LARGEST_NUMBER = 10**12
MOST_DAYS = 3_650


def read_test(rest: Mapping[str, Any], field: Field, path: Path) -> Test:
    """The one test in `rest`, if its kind of value knows it."""
    allowed = TESTS_OF[field.kind]
    if len(rest) != 1 or next(iter(rest)) not in allowed:
        refuse(
            _("“%(field)s” needs exactly one test, and has %(found)s.")
            % {"field": field.name, "found": listed(rest) or _("none")}
            + (did_you_mean(next(iter(rest)), allowed) if len(rest) == 1 else "")
            + " "
            + _("Allowed: %(allowed)s.") % {"allowed": listed(allowed)},
            path,
        )
    operator, value = next(iter(rest.items()))
    return Test(operator, _value(operator, value, field, (*path, operator)))


def _value(operator: str, value: Any, field: Field, path: Path) -> Value:
    shape = OPERATORS[operator][1]
    if shape is Shape.MANY:
        return _many(value, field, path)
    if shape is Shape.ONE:
        return _one(value, field, path)
    readers: Mapping[Shape, Callable[[Any, Path], Value]] = {
        Shape.NUMBER: number,
        Shape.DATE: _date,
        Shape.DAYS: days,
        Shape.FLAG: _flag,
    }
    return readers[shape](value, path)


def _many(value: Any, field: Field, path: Path) -> tuple[Scalar, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
        refuse(
            _("“%(field)s” %(operator)s takes a list of 1 to %(most)s values, not %(value)s.")
            % {
                "field": field.name,
                "operator": path[-1],
                "most": MOST_VALUES,
                "value": shown(value),
            },
            path,
        )
    return tuple(_one(each, field, path) for each in value)


def _one(value: Any, field: Field, path: Path) -> Scalar:
    if field.kind in (ValueKind.CHOICE, ValueKind.CHOICES, ValueKind.CONSENT):
        return _choice(value, field, path)
    readers: Mapping[ValueKind, Callable[[Any, Path], Scalar]] = {
        ValueKind.TEXT: _text,
        ValueKind.NUMBER: number,
        ValueKind.MONEY: number,
        ValueKind.YES_NO: _flag,
        ValueKind.REFERENCE: _reference,
        ValueKind.TAGS: _reference,
        ValueKind.SEGMENTS: _reference,
    }
    return readers[field.kind](value, path)


def _choice(value: Any, field: Field, path: Path) -> str:
    known = [key for key, _label in field.choices]
    if value not in known:
        refuse(
            _("“%(field)s” cannot be %(value)s.") % {"field": field.name, "value": shown(value)}
            + did_you_mean(value, known)
            + " "
            + _("Allowed: %(allowed)s.") % {"allowed": listed(known)},
            path,
        )
    return str(value)


def _text(value: Any, path: Path) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT or "\0" in value:
        refuse_value(value, _("a text of 1 to %(most)s characters") % {"most": LONGEST_TEXT}, path)
    return str(value)


def number(value: Any, path: Path) -> int | Decimal:
    """A number of bearable size."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(value) <= LARGEST_NUMBER:  # so that NaN is refused as well
        refuse_value(value, _("a number up to %(most)s") % {"most": LARGEST_NUMBER}, path)
    return value if isinstance(value, int) else Decimal(str(value))


def whole(value: Any, path: Path, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not least <= value <= most:
        refuse_value(
            value,
            _("a whole number from %(least)s to %(most)s") % {"least": least, "most": most},
            path,
        )
    return int(value)


def days(value: Any, path: Path) -> int:
    """A number of days."""
    return whole(value, path, 0, MOST_DAYS)


def _flag(value: Any, path: Path) -> bool:
    if not isinstance(value, bool):
        refuse_value(value, _("true or false"), path)
    return bool(value)


def _date(value: Any, path: Path) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        refuse_value(value, _("a day such as 2026-01-31"), path)


def _reference(value: Any, path: Path) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        refuse_value(value, _("an id such as 0190b5a0-0000-7000-8000-000000000000"), path)
