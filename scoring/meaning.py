"""What the segments mean that rules ask about, indicators among them: their conditions, inlined.

A version keeps what they meant when it was published (`ModelVersion.meant`), so that it goes on
saying the same; a draft means what they mean now. So no score waits for memberships, and the past
is asked as it was known then.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from leads.conditions import Condition, FieldTest, Group, Node, Word, parse, read_aloud
from leads.models import Segment
from leads.uses import segments_named
from scoring.models import Decision, ModelState, ModelVersion, Rule

Tree = Mapping[str, Any]
Meant = Mapping[str, Mapping[str, Any]]
"""By the id of a segment: its `name` and its `condition`."""


def meant_now(trees: Iterable[Tree]) -> dict[str, dict[str, Any]]:
    """What the segments named in these trees mean, and those named in them in turn.

    Those without a condition are left out; nothing is asked where no segment is named.
    """
    found: dict[str, dict[str, Any]] = {}
    asked = _named(trees)
    while asked:
        rows = Segment.objects.filter(pk__in=asked).exclude(condition={})
        new = {
            str(pk): {"name": name, "condition": condition}
            for pk, name, condition in rows.values_list("pk", "name", "condition")
        }
        found |= new
        inner = _named(each["condition"] for each in new.values())
        asked = {each for each in inner if str(each) not in found}
    return found


def meaning_in(version: ModelVersion, trees: Iterable[Tree]) -> Meant:
    """What segments in these trees of the version mean to it."""
    if version.state == ModelState.DRAFT:
        return meant_now(trees)
    meant: Meant = version.meant
    return meant


def trees_of(version: ModelVersion) -> list[Tree]:
    """All conditions of a version."""
    rules = version.decisions if version.is_by_decisions else version.rules
    return [*rules.values_list("condition", flat=True), version.urgency]


def condition_in(version: ModelVersion, tree: Tree) -> Condition:
    """A stored condition as the version asks it."""
    return inlined(tree, meaning_in(version, [tree]) if segments_named(tree) else {})


def inlined(tree: Tree, meant: Meant) -> Condition:
    """A stored condition that asks what its segments ask, instead of for the segments."""
    condition = parse(tree, is_stored=True)
    return Condition(_inlined(condition.root, meant), tree) if meant else condition


def _inlined(node: Node, meant: Meant) -> Node:
    if isinstance(node, Group):
        return Group(node.word, tuple(_inlined(part, meant) for part in node.parts))
    if not isinstance(node, FieldTest) or node.field.name != "segments":
        return node
    asked = node.test.value if isinstance(node.test.value, tuple) else (node.test.value,)
    keys = sorted({str(each) for each in asked})
    if not all(key in meant for key in keys):  # one has no condition: whoever is in them
        return node
    word = Word.NONE if node.test.operator == "is_not_in" else Word.ANY
    return Group(word, tuple(inlined(meant[key]["condition"], meant).root for key in keys))


def _named(trees: Iterable[Tree]) -> set[UUID]:
    return {each for tree in trees for each in segments_named(tree)}


# In words


def meaning_of(version: ModelVersion, tree: Tree) -> str:
    """What the segments named in the tree mean to the version; empty where none is."""
    named = segments_named(tree)
    if not named:
        return ""
    meant = meaning_in(version, [tree])
    return "; ".join(_said(meant[key]) for key in _reached(named, meant))


def _reached(named: Iterable[UUID], meant: Meant) -> Iterator[str]:
    """Those named, and those named in them in turn, each once."""
    waiting, seen = sorted(map(str, named)), set[str]()
    while waiting:
        key = waiting.pop(0)
        if key in meant and key not in seen:
            seen.add(key)
            yield key
            waiting += sorted(map(str, segments_named(meant[key]["condition"])))


def _said(one: Mapping[str, Any]) -> str:
    reading = read_aloud(parse(one["condition"], is_stored=True))
    return _("“%(name)s” means: %(reading)s") % {"name": one["name"], "reading": reading}


def read_rule(rule: Rule | Decision) -> str:
    """What a rule about a condition asks, in words."""
    return read_in(rule.version if segments_named(rule.condition) else None, rule.condition)


def read_in(version: ModelVersion | None, tree: Tree) -> str:
    """A condition in words, with what its segments mean to the version."""
    reading = read_aloud(parse(tree, is_stored=True))
    meaning = meaning_of(version, tree) if version is not None else ""
    return f"{reading} ({meaning})" if meaning else reading


def warnings_of(version: ModelVersion) -> list[str]:
    """A sentence for each segment that means something else by now; of the version in force."""
    said = _("“%(name)s” means something else by now; this version keeps what it meant.")
    names = outdated(version) if version.state == ModelState.PUBLISHED else []
    return [said % {"name": name} for name in names]


def outdated(version: ModelVersion) -> list[str]:
    """The names of segments that mean something else by now than to this version."""
    if not version.meant:
        return []
    now = Segment.objects.in_bulk(list(version.meant))
    by_id = {str(key): each for key, each in now.items()}
    return sorted(
        one["name"]
        for key, one in version.meant.items()
        if key not in by_id or by_id[key].condition != one["condition"]
    )
