"""Reading a test of activities: of which kind, with which properties, how often, when."""

from typing import Any

from django.utils.translation import gettext as _

from leads.conditions.fields import OF_ACTIVITY, Field
from leads.conditions.operators import OPERATORS, Shape, ValueKind
from leads.conditions.parsing.refusing import Path, did_you_mean, listed, refuse, shown
from leads.conditions.parsing.values import days, read_test, whole
from leads.conditions.tree import ActivityTest, FieldTest, PropertyTest

MOST_PROPERTIES = 60
MOST_TIMES = 100_000

COUNTS = ("at_least", "at_most", "exactly", "never")
WINDOWS = ("within_days", "more_than_days_ago")
KEYS = ("activity", "where", *COUNTS, *WINDOWS)


def read_activity_test(tree: dict[str, Any], path: Path) -> ActivityTest:
    """A checked activity test."""
    for key in tree:
        if key not in KEYS:
            refuse(
                _("An activity test has no “%(key)s”.") % {"key": key}
                + did_you_mean(key, KEYS)
                + " "
                + _("Allowed: %(allowed)s.") % {"allowed": listed(KEYS)},
                (*path, key),
            )
    least, most = _times(tree, path)
    within, beyond = _window(tree, path)
    return ActivityTest(
        _kind(tree["activity"], path),
        _where(tree.get("where", []), (*path, "where")),
        least,
        most,
        within,
        beyond,
    )


def _kind(kind: Any, path: Path) -> str:
    is_word = isinstance(kind, str) and kind.replace("_", "a").replace(".", "a").isalnum()
    if not is_word or not kind.isascii() or len(kind) > 40:
        refuse(
            _(
                "“activity” is a kind such as page_view or form_submitted: letters, digits, “_” and"
                " “.”, at most 40; not %(value)s."
            )
            % {"value": shown(kind)},
            (*path, "activity"),
        )
    return str(kind)


# How often


def _times(tree: dict[str, Any], path: Path) -> tuple[int, int | None]:
    counts = [name for name in COUNTS if name in tree]
    if "never" in counts:
        return _never(tree["never"], counts, path)
    if "exactly" in counts:
        return _exactly(tree["exactly"], counts, path)
    most = _count(tree["at_most"], (*path, "at_most"), 0) if "at_most" in tree else None
    if "at_least" not in tree:
        return (1, None) if most is None else (0, most)
    least = _count(tree["at_least"], (*path, "at_least"), 1)
    if most is not None and most < least:
        refuse(
            _("“at_most” is %(most)s, less than “at_least”, %(least)s.")
            % {"most": most, "least": least},
            (*path, "at_most"),
        )
    return least, most


def _never(value: Any, counts: list[str], path: Path) -> tuple[int, int]:
    if value is not True or len(counts) > 1:
        refuse(
            _("“never” is true, and stands without “at_least”, “at_most” and “exactly”."),
            (*path, "never"),
        )
    return 0, 0


def _exactly(value: Any, counts: list[str], path: Path) -> tuple[int, int]:
    if len(counts) > 1:
        refuse(
            _("“exactly” stands without “at_least” and “at_most”."),
            (*path, "exactly"),
        )
    times = _count(value, (*path, "exactly"), 0)
    return times, times


def _count(value: Any, path: Path, least: int) -> int:
    return whole(value, path, least, MOST_TIMES)


# When


def _window(tree: dict[str, Any], path: Path) -> tuple[int | None, int | None]:
    within, beyond = (days(tree[name], (*path, name)) if name in tree else None for name in WINDOWS)
    if within is not None and beyond is not None and within <= beyond:
        refuse(
            _(
                "“within_days” is %(within)s; with “more_than_days_ago” %(beyond)s it must be"
                " more than that, or no day is left."
            )
            % {"within": within, "beyond": beyond},
            (*path, "within_days"),
        )
    return within, beyond


# With which properties


def _where(parts: Any, path: Path) -> tuple[PropertyTest | FieldTest, ...]:
    if not isinstance(parts, list) or len(parts) > MOST_PROPERTIES:
        refuse(
            _("“where” takes a list of at most %(most)s property tests, not %(value)s.")
            % {"most": MOST_PROPERTIES, "value": shown(parts)},
            path,
        )
    return tuple(_part(each, (*path, str(at))) for at, each in enumerate(parts))


def _part(tree: Any, path: Path) -> PropertyTest | FieldTest:
    if isinstance(tree, dict) and "field" in tree:
        return _field_test(tree, path)
    name = tree.get("property") if isinstance(tree, dict) else None
    if not isinstance(name, str) or not 0 < len(name) <= 100 or "\0" in name:
        refuse(
            _("A property test is an object such as %(example)s, not %(value)s.")
            % {"example": '{"property": "path", "contains": "/pricing"}', "value": shown(tree)},
            path,
        )
    rest = {key: value for key, value in tree.items() if key != "property"}
    kind = kind_of_property(rest)
    return PropertyTest(name, kind, read_test(rest, Field(name, name, kind), path))


def _field_test(tree: dict[str, Any], path: Path) -> FieldTest:
    name = tree["field"]
    field = OF_ACTIVITY.get(name) if isinstance(name, str) else None
    if field is None:
        refuse(
            _("An activity has no field %(name)s; it has %(fields)s, and properties.")
            % {"name": shown(name), "fields": listed(OF_ACTIVITY)},
            (*path, "field"),
        )
    rest = {key: value for key, value in tree.items() if key != "field"}
    return FieldTest(field, read_test(rest, field, path))


def kind_of_property(test: dict[str, Any]) -> ValueKind:
    """A property has no declared kind: it is taken for what it is compared with."""
    operator, value = next(iter(test.items()), ("", None))
    if operator in OPERATORS and OPERATORS[operator][1] is Shape.NUMBER:
        return ValueKind.NUMBER
    if operator in ("is", "is_not") and isinstance(value, bool):
        return ValueKind.YES_NO
    if operator in ("is", "is_not") and isinstance(value, int | float):
        return ValueKind.NUMBER
    return ValueKind.TEXT
