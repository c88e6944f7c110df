"""From a draft to a tree: what a person typed is turned into what the field holds."""

from collections.abc import Mapping
from typing import Any

from leads.conditions.building.drafts import ACTIVITY, PROPERTY, UNKNOWN, Draft, Part, Span
from leads.conditions.fields import OF_ACTIVITY, Field
from leads.conditions.operators import OPERATORS, Shape, ValueKind
from leads.conditions.tree import Word

NUMERIC = (ValueKind.NUMBER, ValueKind.MONEY)
NOTED = (ValueKind.NUMBER, ValueKind.YES_NO)
FLAGS = {"yes": True, "no": False, "true": True, "false": False}


def tree_of(draft: Draft, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The tree a draft describes, not yet checked; its parts stand where the draft's stand."""
    if draft.part is Part.GROUP:
        return {draft.about: [tree_of(part, fields) for part in draft.parts]}
    if draft.is_activity:
        return _activity(draft)
    if draft.about.startswith(PROPERTY):
        name = draft.about.removeprefix(PROPERTY)
        return {"property": name, **_test(draft, Field(name, name, _noted(draft)))}
    known = OF_ACTIVITY if draft.part is Part.WHERE else fields
    return {"field": draft.about, **_test(draft, known.get(draft.about))}


def plain(tree: dict[str, Any]) -> dict[str, Any]:
    """Without a group around a single test; {} when nothing is asked."""
    parts = tree.get(Word.ALL, ())
    if Word.ALL not in tree:
        return tree
    if not parts:
        return {}
    return parts[0] if len(parts) == 1 else tree


def _activity(draft: Draft) -> dict[str, Any]:
    tree: dict[str, Any] = {"activity": draft.about.removeprefix(ACTIVITY)}
    if draft.parts:
        tree["where"] = [tree_of(part, {}) for part in draft.parts]
    return tree | _count(draft) | _span(draft)


def _count(draft: Draft) -> dict[str, Any]:
    first, second = _two(draft.values)
    if draft.operator == "never":
        return {"never": True}
    if draft.operator == "between":
        return {"at_least": first, "at_most": second}
    if draft.operator == "at_least" and first == 1:
        return {}
    return {draft.operator: first} if draft.operator else {}


def _span(draft: Draft) -> dict[str, Any]:
    first, second = _two(draft.days)
    if draft.span == Span.EVER:
        return {}
    if draft.span == Span.BETWEEN:
        return {Span.WITHIN.value: first, Span.BEYOND.value: second}
    return {draft.span: first}


def _two(values: tuple[str, ...]) -> tuple[Any, Any]:
    first, second = (*values, "", "")[:2]
    return _number(first), _number(second)


def _test(draft: Draft, field: Field | None) -> dict[str, Any]:
    if draft.operator in ("is_known", UNKNOWN):
        return {"is_known": draft.operator == "is_known"}
    return {draft.operator: _typed(draft, field)}


def _noted(draft: Draft) -> ValueKind:
    """What is typed for a property is a text, unless it was stored as something else."""
    is_noted = draft.noted_as in NOTED and draft.operator in ("is", "is_not")
    return ValueKind(draft.noted_as) if is_noted else ValueKind.TEXT


def _typed(draft: Draft, field: Field | None) -> Any:
    shape = OPERATORS.get(draft.operator, ("", Shape.ONE))[1]
    kind = field.kind if field else ValueKind.TEXT
    if shape is Shape.MANY:
        parts = draft.value.split(",") if kind is ValueKind.TEXT else draft.values
        return [part.strip() for part in parts if part.strip()]
    text = draft.values[0] if draft.values else ""
    if shape in (Shape.NUMBER, Shape.DAYS) or kind in NUMERIC:
        return _number(text)
    return FLAGS.get(text, text) if kind is ValueKind.YES_NO else text


def _number(text: str) -> int | float | str:
    """A number if it is one; otherwise the parser says what is wrong with the text."""
    for read in (int, float):
        try:
            return read(text.replace(",", "."))
        except ValueError:
            continue
    return text
