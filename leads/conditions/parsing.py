"""From JSON to a checked tree; whatever is wrong is said in a sentence a marketer understands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from typing import Any, NoReturn
from uuid import UUID

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leads.conditions.condition import Condition
from leads.conditions.tree import (
    ActivityTest,
    FieldTest,
    Group,
    Node,
    PropertyTest,
    Scalar,
    Test,
    Value,
    Word,
    leaves,
)
from leads.conditions.vocabulary import (
    CUSTOM,
    OPERATORS,
    STANDARD,
    TESTS_OF,
    Field,
    Shape,
    ValueKind,
    known_fields,
)

DEEPEST = 5
MOST_TESTS = 60
MOST_VALUES = 500
LONGEST_TEXT = 500
LARGEST_NUMBER = 10**12
MOST_DAYS = 3_650
MOST_TIMES = 100_000

ACTIVITY_KEYS = ("activity", "where", "at_least", "at_most", "never", "within_days")


class WrongCondition(Refusal):
    """The tree cannot be understood; `field` is the way to the part at fault, as `all.0.is`."""


def parse(tree: Any, *, is_stored: bool = False) -> Condition:
    """Check a JSON tree and make it a Condition; raises WrongCondition with a sentence.

    `is_stored`: it was checked when it was written, and what has been retired since (a custom
    field, one of its choices) may still be named in it.
    """
    root = _Parser(is_stored=is_stored).node(tree, (), 1)
    if sum(1 for _leaf in leaves(root)) > MOST_TESTS:
        _refuse(
            _("This condition has more than %(most)s tests; divide it.") % {"most": MOST_TESTS}, ()
        )
    return Condition(root, tree)


Path = tuple[str, ...]


def _refuse(sentence: str, path: Path) -> NoReturn:
    raise WrongCondition(sentence, field=".".join(path))


class _Parser:
    """Walks the tree; asks for the custom fields only when one is named."""

    def __init__(self, *, is_stored: bool) -> None:
        self._is_stored = is_stored
        self._fields: Mapping[str, Field] = {field.name: field for field in STANDARD}
        self._is_complete = False

    def node(self, tree: Any, path: Path, depth: int) -> Node:
        if not isinstance(tree, dict):
            _refuse(
                _("A condition is an object such as %(example)s, not %(value)s.")
                % {"example": '{"field": "country", "is": "India"}', "value": _shown(tree)},
                path,
            )
        if depth > DEEPEST:
            _refuse(
                _("Groups may lie %(deepest)s deep at most; flatten this one.")
                % {"deepest": DEEPEST},
                path,
            )
        return self._kind_of_node(tree, path)(tree, path, depth)

    def _kind_of_node(self, tree: dict[str, Any], path: Path) -> Callable[..., Node]:
        if "field" in tree:
            return self._field_test
        if "activity" in tree:
            return self._activity_test
        if len(tree) == 1 and next(iter(tree)) in tuple(Word):
            return self._group
        _refuse(
            _(
                "A condition starts with “field”, “activity”, “all”, “any” or “none”;"
                " here stands %(keys)s."
            )
            % {"keys": _listed(tree) or _("nothing")},
            path,
        )

    def _group(self, tree: dict[str, Any], path: Path, depth: int) -> Group:
        word, parts = next(iter(tree.items()))
        path = (*path, word)
        if not isinstance(parts, list):
            _refuse(
                _("“%(word)s” takes a list of conditions, not %(value)s.")
                % {"word": word, "value": _shown(parts)},
                path,
            )
        if not parts and word != Word.ALL:
            _refuse(_("“%(word)s” needs at least one condition.") % {"word": word}, path)
        nodes = [self.node(each, (*path, str(at)), depth + 1) for at, each in enumerate(parts)]
        return Group(Word(word), tuple(nodes))

    def _field_test(self, tree: dict[str, Any], path: Path, depth: int) -> FieldTest:
        field = self._field(tree["field"], path)
        rest = {key: value for key, value in tree.items() if key != "field"}
        if self._is_stored and field.is_custom and field.kind is ValueKind.CHOICE:
            _test(rest, replace(field, kind=ValueKind.TEXT), path)
            field = replace(field, choices=_choices_in(rest))
        return FieldTest(field, _test(rest, field, path))

    def _field(self, name: Any, path: Path) -> Field:
        if isinstance(name, str) and name.startswith(CUSTOM) and not self._is_complete:
            self._fields = known_fields(with_retired=self._is_stored)
            self._is_complete = True
        field = self._fields.get(name) if isinstance(name, str) else None
        if field is None:
            _refuse(
                _("There is no field “%(name)s”.") % {"name": name}
                + _did_you_mean(name, self._fields)
                + " "
                + _("Known fields: %(fields)s.") % {"fields": _listed(self._fields)},
                (*path, "field"),
            )
        return field

    def _activity_test(self, tree: dict[str, Any], path: Path, depth: int) -> ActivityTest:
        for key in tree:
            if key not in ACTIVITY_KEYS:
                _refuse(
                    _("An activity test has no “%(key)s”.") % {"key": key}
                    + _did_you_mean(key, ACTIVITY_KEYS)
                    + " "
                    + _("Allowed: %(allowed)s.") % {"allowed": _listed(ACTIVITY_KEYS)},
                    (*path, key),
                )
        least, most = _times(tree, path)
        return ActivityTest(
            _activity_kind(tree["activity"], path),
            _where(tree.get("where", []), path),
            least,
            most,
            _days(tree["within_days"], (*path, "within_days")) if "within_days" in tree else None,
        )


def _choices_in(test: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    value = next(iter(test.values()), "")
    return tuple((str(each), str(each)) for each in (value if isinstance(value, list) else [value]))


def _activity_kind(kind: Any, path: Path) -> str:
    is_word = isinstance(kind, str) and kind.replace("_", "a").replace(".", "a").isalnum()
    if not is_word or not kind.isascii() or len(kind) > 40:
        _refuse(
            _(
                "“activity” is a kind such as page_view or form_submitted: letters, digits, “_” and"
                " “.”, at most 40; not %(value)s."
            )
            % {"value": _shown(kind)},
            (*path, "activity"),
        )
    return str(kind)


def _times(tree: dict[str, Any], path: Path) -> tuple[int, int | None]:
    if "never" in tree:
        if tree["never"] is not True or "at_least" in tree or "at_most" in tree:
            _refuse(
                _("“never” is true, and stands without “at_least” and “at_most”."),
                (*path, "never"),
            )
        return 0, 0
    most = _whole(tree["at_most"], (*path, "at_most"), 0) if "at_most" in tree else None
    if "at_least" not in tree:
        return (1, None) if most is None else (0, most)
    least = _whole(tree["at_least"], (*path, "at_least"), 1)
    if most is not None and most < least:
        _refuse(
            _("“at_most” is %(most)s, less than “at_least”, %(least)s.")
            % {"most": most, "least": least},
            (*path, "at_most"),
        )
    return least, most


def _where(parts: Any, path: Path) -> tuple[PropertyTest, ...]:
    path = (*path, "where")
    if not isinstance(parts, list) or len(parts) > MOST_TESTS:
        _refuse(
            _("“where” takes a list of at most %(most)s property tests, not %(value)s.")
            % {"most": MOST_TESTS, "value": _shown(parts)},
            path,
        )
    return tuple(_property_test(each, (*path, str(at))) for at, each in enumerate(parts))


def _property_test(tree: Any, path: Path) -> PropertyTest:
    name = tree.get("property") if isinstance(tree, dict) else None
    if not isinstance(name, str) or not 0 < len(name) <= 100 or "\0" in name:
        _refuse(
            _("A property test is an object such as %(example)s, not %(value)s.")
            % {"example": '{"property": "path", "contains": "/pricing"}', "value": _shown(tree)},
            path,
        )
    rest = {key: value for key, value in tree.items() if key != "property"}
    kind = _kind_of_property(rest)
    return PropertyTest(name, kind, _test(rest, Field(name, name, kind), path))


def _kind_of_property(test: dict[str, Any]) -> ValueKind:
    """A property has no declared kind: it is taken for what it is compared with."""
    operator, value = next(iter(test.items()), ("", None))
    if operator in OPERATORS and OPERATORS[operator][1] is Shape.NUMBER:
        return ValueKind.NUMBER
    if operator in ("is", "is_not") and isinstance(value, bool):
        return ValueKind.YES_NO
    if operator in ("is", "is_not") and isinstance(value, int | float):
        return ValueKind.NUMBER
    return ValueKind.TEXT


def _test(rest: dict[str, Any], field: Field, path: Path) -> Test:
    allowed = TESTS_OF[field.kind]
    if len(rest) != 1 or next(iter(rest)) not in allowed:
        found = _listed(rest)
        _refuse(
            _("“%(field)s” needs exactly one test, and has %(found)s.")
            % {"field": field.name, "found": found or _("none")}
            + (_did_you_mean(next(iter(rest)), allowed) if len(rest) == 1 else "")
            + " "
            + _("Allowed: %(allowed)s.") % {"allowed": _listed(allowed)},
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
    readers: dict[Shape, Callable[[Any, Path], Value]] = {
        Shape.NUMBER: _number,
        Shape.DATE: _date,
        Shape.DAYS: _days,
        Shape.FLAG: _flag,
    }
    return readers[shape](value, path)


def _many(value: Any, field: Field, path: Path) -> tuple[Scalar, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
        _refuse(
            _("“%(field)s” %(operator)s takes a list of 1 to %(most)s values, not %(value)s.")
            % {
                "field": field.name,
                "operator": path[-1],
                "most": MOST_VALUES,
                "value": _shown(value),
            },
            path,
        )
    return tuple(_one(each, field, path) for each in value)


def _one(value: Any, field: Field, path: Path) -> Scalar:
    readers: dict[ValueKind, Callable[[Any, Path], Scalar]] = {
        ValueKind.TEXT: _text,
        ValueKind.NUMBER: _number,
        ValueKind.YES_NO: _flag,
        ValueKind.REFERENCE: _reference,
    }
    if field.kind is ValueKind.CHOICE:
        return _choice(value, field, path)
    return readers[field.kind](value, path)


def _choice(value: Any, field: Field, path: Path) -> str:
    known = [key for key, _label in field.choices]
    if value not in known:
        _refuse(
            _("“%(field)s” cannot be %(value)s.") % {"field": field.name, "value": _shown(value)}
            + _did_you_mean(value, known)
            + " "
            + _("Allowed: %(allowed)s.") % {"allowed": _listed(known)},
            path,
        )
    return str(value)


def _text(value: Any, path: Path) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT or "\0" in value:
        _wrong(value, _("a text of 1 to %(most)s characters") % {"most": LONGEST_TEXT}, path)
    return str(value)


def _number(value: Any, path: Path) -> int | Decimal:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value) or abs(value) > LARGEST_NUMBER:
        _wrong(value, _("a number up to %(most)s") % {"most": LARGEST_NUMBER}, path)
    return value if isinstance(value, int) else Decimal(str(value))


def _whole(value: Any, path: Path, least: int, most: int = MOST_TIMES) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not least <= value <= most:
        _wrong(
            value,
            _("a whole number from %(least)s to %(most)s") % {"least": least, "most": most},
            path,
        )
    return int(value)


def _days(value: Any, path: Path) -> int:
    return _whole(value, path, 0, MOST_DAYS)


def _flag(value: Any, path: Path) -> bool:
    if not isinstance(value, bool):
        _wrong(value, _("true or false"), path)
    return bool(value)


def _date(value: Any, path: Path) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        _wrong(value, _("a day such as 2026-01-31"), path)


def _reference(value: Any, path: Path) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        _wrong(value, _("an id such as 0190b5a0-0000-7000-8000-000000000000"), path)


def _wrong(value: Any, allowed: str, path: Path) -> NoReturn:
    _refuse(
        _("“%(test)s” is %(value)s, but it must be %(allowed)s.")
        % {"test": path[-1], "value": _shown(value), "allowed": allowed},
        path,
    )


def _did_you_mean(word: Any, known: Iterable[str]) -> str:
    close = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return " " + _("Did you mean “%(close)s”?") % {"close": close[0]} if close else ""


def _listed(words: Iterable[str]) -> str:
    return ", ".join(str(word) for word in words)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
