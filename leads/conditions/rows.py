"""A condition as rows of a form: what is asked, how, and of which value.

Rows make one group of tests; deeper trees are read aloud instead of edited. Inputs are named
`row`, `field_<row>`, `operator_<row>` and `value_<row>`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.models import Member
from leads.conditions.fields import Field
from leads.conditions.operators import OPERATORS, TESTS_OF, Label, Shape, ValueKind
from leads.conditions.tree import FieldTest, Group, Node, PropertyTest, Test, Word
from leads.models import Campaign

UNKNOWN = "is_unknown"  # in rows only: `is_known: false`
MOST_ROWS = 30

PROPERTY_TESTS = (
    *("is", "is_not", "contains", "does_not_contain", "starts_with"),
    *("is_at_least", "is_at_most", "is_known"),
)
WORDS: Mapping[Word, Label] = {
    Word.ALL: _("all of these are true"),
    Word.ANY: _("any of these is true"),
    Word.NONE: _("none of these is true"),
}


@dataclass(frozen=True)
class Row:
    """One line as it stands in the form."""

    key: str
    field: str
    operator: str = ""
    values: tuple[str, ...] = ()
    error: str = ""

    @property
    def value(self) -> str:
        """What stands in a text input."""
        return ", ".join(self.values)


@dataclass(frozen=True)
class Drawn:
    """A row with all that its inputs can be set to; `widget` names the kind of value input."""

    row: Row
    fields: Sequence[tuple[str, Label]]
    operators: Sequence[tuple[str, Label]]
    widget: str
    options: Sequence[tuple[str, Label]]


# From what was posted


def posted_rows(data: QueryDict) -> list[Row]:
    """The rows of a form, in their order."""
    return [
        Row(
            key,
            data.get(f"field_{key}", ""),
            data.get(f"operator_{key}", ""),
            tuple(value.strip() for value in data.getlist(f"value_{key}")),
        )
        for key in data.getlist("row")[:MOST_ROWS]
    ]


def with_new_row(rows: Sequence[Row], field: str) -> list[Row]:
    """One more row, about `field`."""
    highest = max((int(row.key) for row in rows if row.key.isdigit()), default=-1)
    return [*rows, Row(str(highest + 1), field)]


def with_error(rows: Sequence[Row], place: str, sentence: str) -> list[Row]:
    """A refusal's sentence at the row it is about; `place` is as in WrongCondition."""
    numbers = [int(part) for part in place.split(".") if part.isdigit()]
    at = numbers[0] if numbers else 0
    return [replace(row, error=sentence if at == n else "") for n, row in enumerate(rows)]


# To a tree


def tests_of_fields(rows: Sequence[Row], fields: Mapping[str, Field]) -> list[dict[str, Any]]:
    """The rows as field tests; what a person typed is turned into what the field holds."""
    return [
        {"field": row.field, **_test(row, fields.get(row.field, _property_field(row)))}
        for row in rows
    ]


def tests_of_properties(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as property tests."""
    return [{"property": row.field.strip(), **_test(row, _property_field(row))} for row in rows]


def _property_field(row: Row) -> Field:
    is_number = OPERATORS.get(row.operator, ("", None))[1] is Shape.NUMBER
    return Field(row.field, row.field, ValueKind.NUMBER if is_number else ValueKind.TEXT)


def _test(row: Row, field: Field) -> dict[str, Any]:
    if row.operator in ("is_known", UNKNOWN):
        return {"is_known": row.operator == "is_known"}
    return {row.operator: _typed(row, field)}


def _typed(row: Row, field: Field) -> Any:
    shape = OPERATORS.get(row.operator, ("", Shape.ONE))[1]
    if shape is Shape.MANY:
        parts = row.value.split(",") if field.kind is ValueKind.TEXT else row.values
        return [part.strip() for part in parts if part.strip()]
    text = row.values[0] if row.values else ""
    if shape in (Shape.NUMBER, Shape.DAYS) or field.kind is ValueKind.NUMBER:
        return _number(text)
    return {"yes": True, "no": False}.get(text, text) if field.kind is ValueKind.YES_NO else text


def _number(text: str) -> int | float | str:
    """A number if it is one; otherwise the parser says what is wrong with the text."""
    for read in (int, float):
        try:
            return read(text.replace(",", "."))
        except ValueError:
            continue
    return text


# From a tree


def word_of(root: Node) -> Word:
    """How the rows of this tree are joined."""
    return root.word if isinstance(root, Group) else Word.ALL


def rows_of(root: Node) -> list[Row] | None:
    """The rows of a tree; None when it is too deep for rows."""
    parts = root.parts if isinstance(root, Group) else (root,)
    if not all(isinstance(part, FieldTest) for part in parts):
        return None
    return [
        _row(str(at), part.field.name, part.test)
        for at, part in enumerate(parts)
        if isinstance(part, FieldTest)
    ]


def rows_of_properties(parts: Sequence[PropertyTest]) -> list[Row]:
    """The rows of an activity test."""
    return [_row(str(at), part.name, part.test) for at, part in enumerate(parts)]


def _row(key: str, name: str, test: Test) -> Row:
    if test.operator == "is_known":
        return Row(key, name, "is_known" if test.value else UNKNOWN)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    return Row(key, name, test.operator, tuple(map(_written, values)))


def _written(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


# To be drawn


def drawn_fields(rows: Sequence[Row], fields: Mapping[str, Field]) -> list[Drawn]:
    """Rows about leads, with the fields and tests one can choose."""
    names = [(field.name, field.label) for field in fields.values() if field.name != "company"]
    options = _References()
    return [_drawn(row, fields.get(row.field), names, options) for row in rows]


def drawn_properties(rows: Sequence[Row]) -> list[Drawn]:
    """Rows about the properties of an activity."""
    options = _References()
    return [_drawn(row, None, (), options) for row in rows]


def _drawn(
    row: Row, field: Field | None, names: Sequence[tuple[str, Label]], options: "_References"
) -> Drawn:
    operators = _operators(TESTS_OF[field.kind] if field else PROPERTY_TESTS)
    known = [name for name, _label in operators]
    row = row if row.operator in known else replace(row, operator=known[0])
    widget = _widget(row.operator, field)
    return Drawn(row, names, operators, widget, options.of(field) if field else ())


def _operators(names: Sequence[str]) -> list[tuple[str, Label]]:
    shown = [(name, OPERATORS[name][0]) for name in names]
    return [*shown, (UNKNOWN, _("is not known"))]


def _widget(operator: str, field: Field | None) -> str:
    if operator in ("is_known", UNKNOWN):
        return "none"
    shape = OPERATORS[operator][1]
    if shape in (Shape.DAYS, Shape.DATE, Shape.NUMBER):
        return {Shape.DAYS: "days", Shape.DATE: "date", Shape.NUMBER: "number"}[shape]
    if field is None:
        return "text"
    if field.kind in (ValueKind.CHOICE, ValueKind.REFERENCE):
        return "choices" if shape is Shape.MANY else "choice"
    return {ValueKind.YES_NO: "choice", ValueKind.NUMBER: "number"}.get(field.kind, "text")


class _References:
    """What a choice can be set to; members and campaigns are asked for once."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[str, Label]]] = {}

    def of(self, field: Field) -> Sequence[tuple[str, Label]]:
        if field.kind is ValueKind.YES_NO:
            return [("yes", _("yes")), ("no", _("no"))]
        if field.kind is not ValueKind.REFERENCE:
            return field.choices
        if field.name not in self._found:
            model = Member if field.name == "owner" else Campaign
            named = model.objects.order_by("name").values_list("id", "name")[:500]
            self._found[field.name] = [(str(pk), name) for pk, name in named]
        return self._found[field.name]
