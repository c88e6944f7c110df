"""A condition in plain words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.workspaces.models import Member
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
)
from leads.conditions.vocabulary import OPERATORS, Field, Shape
from leads.kinds import Kind
from leads.models import Campaign, Company

MOST_SAID = 6  # values of a list that are read aloud

Names = Mapping[UUID, str]


def read_aloud(condition: Condition) -> str:
    """The condition as one English (or translated) phrase, names instead of ids."""
    return aloud(condition.root, names_in(condition))


def names_in(condition: Condition) -> Names:
    """The names of the members, campaigns and companies a condition mentions."""
    mentioned: dict[str, set[UUID]] = defaultdict(set)
    for leaf in condition.leaves():
        if isinstance(leaf, FieldTest):
            mentioned[leaf.field.name] |= {
                each for each in _values(leaf.test.value) if isinstance(each, UUID)
            }
    names: dict[UUID, str] = {}
    for name, model in (("owner", Member), ("campaign", Campaign), ("company", Company)):
        if mentioned[name]:
            rows = model.objects.filter(pk__in=mentioned[name])
            names |= dict(rows.values_list("id", "name"))
    return names


def aloud(node: Node, names: Names) -> str:
    """One part of a tree in words."""
    if isinstance(node, Group):
        return _group(node, names)
    if isinstance(node, FieldTest):
        return f"{node.field.label} {_test(node.test, node.field, names)}"
    return _activity(node)


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
    return f"{OPERATORS[test.operator][0]} {_either(said)}"


def _either(said: Sequence[str]) -> str:
    """“a”, “b” or “c”; of many only the first few."""
    if len(said) > MOST_SAID:
        more = len(said) - MOST_SAID
        rest = ngettext("%(more)s other", "%(more)s others", more) % {"more": more}
        said = [*said[:MOST_SAID], rest]
    *first, last = said
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _said(value: Scalar, field: Field, names: Names) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, UUID):
        return names.get(value, _("somebody or something deleted"))
    if isinstance(value, int | Decimal):
        return str(value)
    label = dict(field.choices).get(value)
    return str(label) if label else f"“{value}”"


def _activity(test: ActivityTest) -> str:
    words = [f"“{dict(Kind.choices).get(test.kind, test.kind)}”"]
    if test.where:
        properties = _(" and ").join(_property(part) for part in test.where)
        words.append(f"({properties})")
    words.append(_times(test))
    if test.within_days is not None:
        days = test.within_days
        phrase = ngettext("in the last %(days)s day", "in the last %(days)s days", days)
        words.append(phrase % {"days": days})
    return " ".join(words)


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
    return _("happened %(least)s to %(most)s times") % counts


def _property(part: PropertyTest) -> str:
    return f"{part.name} {_test(part.test, Field(part.name, part.name, part.kind), {})}"


def _values(value: Value) -> tuple[Scalar, ...]:
    return value if isinstance(value, tuple) else (value,)
