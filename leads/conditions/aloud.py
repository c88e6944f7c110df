"""A condition in plain words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui import formatting
from leadmgmt.workspaces.models import Member, WorkspaceModel
from leads.conditions.condition import Condition
from leads.conditions.currency import currency_code, in_minor_units, minor_digits
from leads.conditions.fields import Field, Noun
from leads.conditions.operators import OPERATORS, Shape, ValueKind
from leads.conditions.tree import (
    ActivityTest,
    FieldTest,
    Group,
    Leaf,
    Node,
    PropertyTest,
    Scalar,
    Test,
    Value,
    Word,
)
from leads.kinds import Kind
from leads.models import Campaign, Company, Segment, Tag

MOST_SAID = 6  # values of a list that are read aloud

TABLES: Mapping[Noun, type[WorkspaceModel]] = {
    Noun.MEMBER: Member,
    Noun.CAMPAIGN: Campaign,
    Noun.COMPANY: Company,
    Noun.TAG: Tag,
    Noun.SEGMENT: Segment,
}


@dataclass(frozen=True)
class Names:
    """What ids are called, and the currency amounts are in (asked for when one is mentioned)."""

    of_ids: Mapping[UUID, str] = field(default_factory=dict)
    currency: str = ""
    digits: int = 2


def read_aloud(condition: Condition) -> str:
    """The condition as one English (or translated) phrase, names instead of ids."""
    return aloud(condition.root, names_in(condition))


def names_in(condition: Condition) -> Names:
    """The names of what a condition mentions by id; one query for each noun."""
    tests = [test for leaf in condition.leaves() for test in _field_tests(leaf)]
    mentioned: dict[Noun, set[UUID]] = defaultdict(set)
    for test in tests:
        ids = {each for each in _values(test.test.value) if isinstance(each, UUID)}
        if test.field.noun and ids:
            mentioned[test.field.noun] |= ids
    names: dict[UUID, str] = {}
    for noun, ids in mentioned.items():
        rows = TABLES[noun]._default_manager.filter(pk__in=ids)
        names |= dict(rows.values_list("id", "name"))
    if any(test.field.kind is ValueKind.MONEY for test in tests):
        return Names(names, currency_code(), minor_digits())
    return Names(names)


def _field_tests(leaf: Leaf) -> list[FieldTest]:
    if isinstance(leaf, FieldTest):
        return [leaf]
    return [part for part in leaf.where if isinstance(part, FieldTest)]


def aloud(node: Node, names: Names) -> str:
    """One part of a tree in words."""
    if isinstance(node, Group):
        return _group(node, names)
    if isinstance(node, FieldTest):
        return _field(node, names)
    return _activity(node, names)


def _field(test: FieldTest, names: Names) -> str:
    if test.field.name == "segments":
        return _test(test.test, test.field, names)
    return f"{test.field.label} {_test(test.test, test.field, names)}"


def _group(group: Group, names: Names) -> str:
    if not group.parts:
        return _("everybody")
    if group.word is Word.ANY and (said := _one_test_of_many(group, names)):
        return said
    parts = [_part(part, names, is_alone=len(group.parts) == 1) for part in group.parts]
    if group.word is Word.NONE:
        return _("none of: %(parts)s") % {"parts": "; ".join(parts)}
    return (_(" and ") if group.word is Word.ALL else _(" or ")).join(parts)


def _one_test_of_many(group: Group, names: Names) -> str:
    """“job title contains a, b or c”, when the parts differ in nothing but the value."""
    tests = [part for part in group.parts if isinstance(part, FieldTest)]
    asked = {(test.field, test.test.operator) for test in tests}
    if len(tests) != len(group.parts) or len(asked) != 1 or len(tests) == 1:
        return ""
    ((field, operator),) = asked
    if OPERATORS[operator][1] is not Shape.ONE:
        return ""
    said = [_said(value, field, names) for test in tests for value in _values(test.test.value)]
    return f"{field.label} {OPERATORS[operator][0]} {_either(said)}"


def _part(part: Node, names: Names, *, is_alone: bool) -> str:
    text = aloud(part, names)
    return f"({text})" if isinstance(part, Group) and not is_alone else text


def _test(test: Test, field: Field, names: Names) -> str:
    if field.kind is ValueKind.SEGMENTS:
        return _segments(test, field, names)
    days = test.value if isinstance(test.value, int) else 0
    phrases = {
        "within_days": ngettext(
            "is in the last %(days)s day", "is in the last %(days)s days", days
        ),
        "within_next_days": ngettext(
            "is in the next %(days)s day", "is in the next %(days)s days", days
        ),
        "more_than_days_ago": ngettext(
            "is more than %(days)s day ago", "is more than %(days)s days ago", days
        ),
        "is_known": _("is known") if test.value else _("is not known"),
    }
    if test.operator in phrases:
        return phrases[test.operator] % {"days": days}
    said = [_said(each, field, names) for each in _values(test.value)]
    is_all = test.operator == "has_all_of"
    return f"{OPERATORS[test.operator][0]} {_together(said) if is_all else _either(said)}"


def _segments(test: Test, field: Field, names: Names) -> str:
    said = [f"“{_said(each, field, names)}”" for each in _values(test.value)]
    segments = {"segments": _either(said)}
    if test.operator == "is_in":
        return _("is in the segment %(segments)s") % segments
    return _("is not in the segment %(segments)s") % segments


def _either(said: Sequence[str]) -> str:
    """“a”, “b” or “c”; of many only the first few."""
    *first, last = _few(said)
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _together(said: Sequence[str]) -> str:
    """“a”, “b” and “c”."""
    *first, last = _few(said)
    parts = {"first": ", ".join(first), "last": last}
    return _("%(first)s and %(last)s") % parts if first else last


def _few(said: Sequence[str]) -> Sequence[str]:
    if len(said) <= MOST_SAID:
        return said
    more = len(said) - MOST_SAID
    rest = ngettext("%(more)s other", "%(more)s others", more) % {"more": more}
    return [*said[:MOST_SAID], rest]


def _said(value: Scalar, field: Field, names: Names) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, UUID):
        return names.of_ids.get(value, _("somebody or something deleted"))
    if isinstance(value, int | Decimal):
        return _amount(value, names) if field.kind is ValueKind.MONEY else _number(value, field)
    label = dict(field.choices).get(value)
    return str(label) if label else f"“{value}”"


def _number(value: int | Decimal, field: Field) -> str:
    return f"{value} {field.unit}" if field.unit else str(value)


def _amount(value: int | Decimal, names: Names) -> str:
    return formatting.money(int(in_minor_units(value, names.digits)), names.currency)


def _activity(test: ActivityTest, names: Names) -> str:
    words = [f"“{dict(Kind.choices).get(test.kind, test.kind)}”"]
    if test.where:
        properties = _(" and ").join(_property(part, names) for part in test.where)
        words.append(f"({properties})")
    return " ".join([*words, _times(test), *_when(test)])


def _when(test: ActivityTest) -> list[str]:
    days, beyond = test.within_days, test.more_than_days_ago
    if days is not None and beyond is not None:
        return [_("between %(days)s and %(beyond)s days ago") % {"days": days, "beyond": beyond}]
    if days is not None:
        phrase = ngettext("in the last %(days)s day", "in the last %(days)s days", days)
        return [phrase % {"days": days}]
    if beyond is not None:
        phrase = ngettext("more than %(days)s day ago", "more than %(days)s days ago", beyond)
        return [phrase % {"days": beyond}]
    return []


def _times(test: ActivityTest) -> str:
    if test.most == 0:
        return _("never happened")
    if test.least == 1 and test.most is None:
        return _("happened")
    counts = {"least": test.least, "most": test.most}
    if test.most is None:
        return _("happened at least %(least)s times") % counts
    if test.least == 0:
        return _("happened at most %(most)s times") % counts
    if test.least == test.most:
        phrase = ngettext(
            "happened exactly %(least)s time", "happened exactly %(least)s times", test.least
        )
        return phrase % counts
    return _("happened %(least)s to %(most)s times") % counts


def _property(part: PropertyTest | FieldTest, names: Names) -> str:
    if isinstance(part, FieldTest):
        return _field(part, names)
    return f"{part.name} {_test(part.test, Field(part.name, part.name, part.kind), names)}"


def _values(value: Value) -> tuple[Scalar, ...]:
    return value if isinstance(value, tuple) else (value,)
