"""A tree as one boolean SQL expression.

PostgreSQL's three-valued logic does the bookkeeping of unknown values: a leaf about an unknown
value is NULL, which `all`, `any` and WHERE treat as a no, and `none` as `IS NOT TRUE`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions.calendar import Calendar
from leads.conditions.tree import (
    ActivityTest,
    FieldTest,
    Group,
    Leaf,
    Node,
    PropertyTest,
    Test,
    Value,
    Word,
)
from leads.conditions.vocabulary import CUSTOM, RELATIVE, Field, ValueKind
from leads.models import Company, Lead


@dataclass(frozen=True)
class Sql:
    """A piece of SQL and the values of its placeholders."""

    text: str
    params: tuple[Any, ...] = ()

    def inside(self, before: str, after: str = "") -> "Sql":
        """The same between two pieces without values."""
        return Sql(f"{before}{self.text}{after}", self.params)

    def named(self, prefix: str) -> tuple[str, dict[str, Any]]:
        """The same with named placeholders, to stand in a larger statement."""
        pieces = self.text.split("%s")
        names = [f"{prefix}_{number}" for number in range(len(self.params))]
        text = "".join(
            piece + (f"%({name})s" if name else "")
            for piece, name in zip(pieces, [*names, ""], strict=True)
        )
        return text, dict(zip(names, self.params, strict=True))


def joined(separator: str, pieces: Iterable[Sql]) -> Sql:
    """Pieces one after the other."""
    pieces = list(pieces)
    text = separator.join(piece.text for piece in pieces)
    return Sql(text, tuple(param for piece in pieces for param in piece.params))


@dataclass(frozen=True)
class Setting:
    """What the SQL is for: which calendar, which alias, and which leads alone matter."""

    calendar: Callable[[], Calendar]
    alias: str = "lead"
    among: Sequence[UUID] | None = None


def node_sql(node: Node, setting: Setting) -> Sql:
    """The expression of a tree; NULL counts as a no."""
    return _group_sql(node, setting) if isinstance(node, Group) else leaf_sql(node, setting)


def leaf_sql(leaf: Leaf, setting: Setting) -> Sql:
    """The expression of one test."""
    if isinstance(leaf, FieldTest):
        return _field_sql(leaf, setting)
    return _activity_sql(leaf, setting)


def _group_sql(group: Group, setting: Setting) -> Sql:
    if not group.parts:
        return Sql("true")
    separator = " AND " if group.word is Word.ALL else " OR "
    parts = joined(separator, (node_sql(part, setting) for part in group.parts))
    if group.word is Word.NONE:
        return parts.inside("((", ") IS NOT TRUE)")
    return parts.inside("(", ")")


# Fields


def _field_sql(leaf: FieldTest, setting: Setting) -> Sql:
    if leaf.field.is_company:
        return _company_sql(leaf, setting)
    operand = _operand(leaf.field, setting.alias)
    return test_sql(operand, leaf.field.kind, leaf.test, setting.calendar)


def _company_sql(leaf: FieldTest, setting: Setting) -> Sql:
    is_missing = leaf.test == Test("is_known", False)
    test = Test("is_known", True) if is_missing else leaf.test
    operand = _operand(leaf.field, "company")
    inner = test_sql(operand, leaf.field.kind, test, setting.calendar)
    found = Sql(
        f"{setting.alias}.company_id IN (SELECT company.id FROM leads_company company"  # noqa: S608
        f" WHERE company.workspace_id = %s AND {inner.text})",
        (current_workspace_id(), *inner.params),
    )
    return found.inside("((", ") IS NOT TRUE)") if is_missing else found.inside("(", ")")


def _operand(field: Field, alias: str) -> Sql:
    """The value itself, NULL when unknown."""
    if field.is_custom:
        return json_operand(f"{alias}.attributes", field.name.removeprefix(CUSTOM), field.kind)
    column = f"{alias}.{field.column or field.name.removeprefix('company.')}"
    if field.name == "email_domain":
        return Sql(f"NULLIF(split_part({column}, '@', 2), '')")
    return Sql(f"NULLIF({column}, '')" if _may_be_blank(field) else column)


def _may_be_blank(field: Field) -> bool:
    model: type[models.Model] = Company if field.is_company else Lead
    name = field.name.removeprefix("company.")
    column = model._meta.get_field(name)
    return isinstance(column, models.CharField) and column.blank


def json_operand(column: str, key: str, kind: ValueKind) -> Sql:
    """A value inside a JSON object, typed; NULL when it is missing or of another type."""
    text = f"({column} ->> %s)"
    if kind is ValueKind.NUMBER:
        is_number = f"jsonb_typeof({column} -> %s) = 'number'"
        return Sql(f"CASE WHEN {is_number} THEN {text}::numeric END", (key, key))
    if kind is ValueKind.YES_NO:
        is_flag = f"jsonb_typeof({column} -> %s) = 'boolean'"
        return Sql(f"CASE WHEN {is_flag} THEN {text}::boolean END", (key, key))
    if kind is ValueKind.DATE:  # ISO days compare as text
        return Sql(f"substring({text} from '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')", (key,))
    return Sql(f"NULLIF({text}, '')", (key,))


# Tests

Calendars = Callable[[], Calendar]

COMPARISONS: Mapping[str, str] = {
    "is": "=",
    "is_not": "<>",
    "is_at_least": ">=",
    "is_at_most": "<=",
    "is_more_than": ">",
    "is_less_than": "<",
}


def test_sql(operand: Sql, kind: ValueKind, test: Test, calendar: Calendars) -> Sql:
    """One test put to one operand."""
    if test.operator == "is_known":
        return operand.inside("(", ") IS NOT NULL" if test.value else ") IS NULL")
    if kind in (ValueKind.MOMENT, ValueKind.DATE):
        return _time_sql(operand, kind, test, calendar)
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
    first, last = days_meant(test, calendar)
    bounds: list[Sql] = []
    if first is not None:
        start = first if kind is ValueKind.DATE else calendar.start_of(_day(first))
        bounds.append(Sql(f"{operand.text} >= %s", (*operand.params, start)))
    if last is not None:
        end = _next(last) if kind is ValueKind.DATE else calendar.start_of(_day(_next(last)))
        bounds.append(Sql(f"{operand.text} < %s", (*operand.params, end)))
    return joined(" AND ", bounds).inside("(", ")")


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


# Activities


def _activity_sql(leaf: ActivityTest, setting: Setting) -> Sql:
    """Counted once for all leads that matter, not lead by lead."""
    most = leaf.most
    if leaf.least == 0 and most is not None:
        return _leads_with(leaf, more_than=most, setting=setting).inside("(NOT ", ")")
    often = _leads_with(leaf, more_than=leaf.least - 1, setting=setting)
    if most is None:
        return often
    too_often = _leads_with(leaf, more_than=most, setting=setting)
    return joined(" AND NOT ", [often, too_often]).inside("(", ")")


def _leads_with(leaf: ActivityTest, *, more_than: int, setting: Setting) -> Sql:
    facts = facts_sql(leaf, setting)
    return Sql(
        f"({setting.alias}.id IN (SELECT activity.lead_id FROM leads_activity activity"  # noqa: S608
        f" WHERE {facts.text} GROUP BY activity.lead_id HAVING count(*) > %s))",
        (*facts.params, more_than),
    )


def facts_sql(leaf: ActivityTest, setting: Setting) -> Sql:
    """Which rows, called `activity`, are the facts this test counts."""
    whose = Sql("activity.lead_id IS NOT NULL")
    if setting.among is not None:
        whose = Sql("activity.lead_id = ANY(%s::uuid[])", (list(setting.among),))
    pieces = [
        Sql("activity.workspace_id = %s", (current_workspace_id(),)),
        whose,
        _time_of_facts(leaf, setting),
        match_sql(leaf),
    ]
    return joined(" AND ", pieces)


def _time_of_facts(leaf: ActivityTest, setting: Setting) -> Sql:
    calendar = setting.calendar()
    until = Sql("activity.occurred_at < %s", (calendar.tomorrow,))
    if leaf.within_days is None:
        return until
    start = calendar.start_of(calendar.day(-leaf.within_days))
    return joined(" AND ", [Sql("activity.occurred_at >= %s", (start,)), until])


def match_sql(leaf: ActivityTest) -> Sql:
    """The row `activity` is of the right kind, a person's, and has the properties asked for."""
    kind = Sql("activity.kind = %s AND NOT activity.is_machine", (leaf.kind,))
    return joined(" AND ", [kind, *map(_property_sql, leaf.where)])


def _property_sql(part: PropertyTest) -> Sql:
    operand = json_operand("activity.properties", part.name, part.kind)
    return test_sql(operand, part.kind, part.test, _no_calendar).inside("(", ")")


def _no_calendar() -> Calendar:
    raise LookupError("Properties are not compared with the calendar.")
