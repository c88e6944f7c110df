"""A condition while it is being written: anything may still be missing or wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from leadmgmt.kernel.strict import whole_number
from leads.conditions.tree import ActivityTest, FieldTest, Group, Node, PropertyTest, Test, Word

UNKNOWN = "is_unknown"  # in drafts only: `is_known: false`
ACTIVITY = "activity:"
PROPERTY = "property:"


class Part(StrEnum):
    """What a part of a draft is."""

    GROUP = "group"
    TEST = "test"
    WHERE = "where"


class Span(StrEnum):
    """When what is counted happened."""

    EVER = "ever"
    WITHIN = "within_days"
    BEYOND = "more_than_days_ago"
    BETWEEN = "between"


@dataclass
class Draft:
    """One part, with its own parts inside.

    `about`: of a group its word; of a test the field, or `activity:` and a kind; of what narrows
    an activity `property:` and a name, or a field of activities. `operator`: of an activity how
    it is counted. `days`: how long ago; between has two. `noted_as`: the kind of value a property
    was compared with when it was stored.
    """

    part: Part
    about: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    span: str = Span.EVER
    days: tuple[str, ...] = ()
    parts: list["Draft"] = field(default_factory=list)
    noted_as: str = ""
    error: str = ""

    @property
    def is_activity(self) -> bool:
        """It counts what happened."""
        return self.part is Part.TEST and self.about.startswith(ACTIVITY)

    @property
    def value(self) -> str:
        """What stands in a text input."""
        return ", ".join(self.values)

    def at(self, path: str) -> "Draft | None":
        """The part at `0.1` below this one, as far as there is one."""
        found = self
        for step in path.split(".") if path else ():
            place = whole_number(step, most=len(found.parts) - 1) if found.parts else None
            if place is None:
                return None
            found = found.parts[place]
        return found

    def walk(self, path: str = "") -> Iterator[tuple[str, "Draft"]]:
        """Each part from here down, with its path."""
        yield path, self
        for number, part in enumerate(self.parts):
            yield from part.walk(f"{path}.{number}" if path else str(number))


def a_group(word: str = Word.ALL, *parts: Draft) -> Draft:
    """A group of parts."""
    return Draft(Part.GROUP, word, parts=list(parts))


def an_activity(kind: str = "page_view") -> Draft:
    """A test that something happened."""
    return Draft(Part.TEST, ACTIVITY + kind, "at_least", ("1",))


# From a tree


def draft_of(root: Node) -> Draft:
    """The draft of a stored condition; it always begins with a group."""
    draft = draft_of_node(root)
    return draft if draft.part is Part.GROUP else a_group(Word.ALL, draft)


def draft_of_node(node: Node) -> Draft:
    """The draft of one part."""
    if isinstance(node, Group):
        return a_group(node.word, *map(draft_of_node, node.parts))
    if isinstance(node, FieldTest):
        return _test(Part.TEST, node.field.name, node.test)
    return _happened(node)


def _happened(test: ActivityTest) -> Draft:
    operator, times = _count(test)
    span, days = _span(test)
    return Draft(
        Part.TEST,
        ACTIVITY + test.kind,
        operator,
        times,
        span,
        tuple(map(str, days)),
        [_where(part) for part in test.where],
    )


def _where(part: PropertyTest | FieldTest) -> Draft:
    if isinstance(part, FieldTest):
        return _test(Part.WHERE, part.field.name, part.test)
    return replace(_test(Part.WHERE, PROPERTY + part.name, part.test), noted_as=part.kind)


def _count(test: ActivityTest) -> tuple[str, tuple[str, ...]]:
    if test.most is None:
        return "at_least", (str(test.least),)
    if test.most == 0:
        return "never", ()
    if test.most == test.least:
        return "exactly", (str(test.most),)
    if test.least == 0:
        return "at_most", (str(test.most),)
    return "between", (str(test.least), str(test.most))


def _span(test: ActivityTest) -> tuple[str, tuple[int, ...]]:
    within, beyond = test.within_days, test.more_than_days_ago
    if within is not None and beyond is not None:
        return Span.BETWEEN, (within, beyond)
    if within is not None:
        return Span.WITHIN, (within,)
    return (Span.EVER, ()) if beyond is None else (Span.BEYOND, (beyond,))


def _test(part: Part, about: str, test: Test) -> Draft:
    if test.operator == "is_known":
        return Draft(part, about, "is_known" if test.value else UNKNOWN)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    is_property = about.startswith(PROPERTY)
    return Draft(part, about, test.operator, tuple(_written(each, is_property) for each in values))


def _written(value: Any, is_property: bool) -> str:
    """As it stands in the form; properties have no kind, so a yes is written as JSON does."""
    if isinstance(value, bool):
        return ("true" if value else "false") if is_property else ("yes" if value else "no")
    return str(value)
