"""The parsed tree: what a condition is once it has been checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from leads.conditions.fields import Field
from leads.conditions.operators import ValueKind

Scalar = str | bool | int | Decimal | UUID
Value = Scalar | tuple[Scalar, ...]


class Word(StrEnum):
    """How the parts of a group are joined."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True)
class Test:
    """One question put to one value."""

    operator: str
    value: Value


@dataclass(frozen=True)
class FieldTest:
    """A question about what is known of a lead or of its company."""

    field: Field
    test: Test


@dataclass(frozen=True)
class PropertyTest:
    """A question about a property of an activity; its kind follows from the value asked for."""

    name: str
    kind: ValueKind
    test: Test


@dataclass(frozen=True)
class ActivityTest:
    """How often something happened: at least `least` and, unless None, at most `most` times.

    Counted from `within_days` before today, and up to the day that is longer ago than
    `more_than_days_ago`. A field test in `where` is about the activity itself.
    """

    kind: str
    where: tuple[PropertyTest | FieldTest, ...] = ()
    least: int = 1
    most: int | None = None
    within_days: int | None = None
    more_than_days_ago: int | None = None


@dataclass(frozen=True)
class Group:
    """Parts joined by one word; no parts under *all* means everybody."""

    word: Word
    parts: tuple["Node", ...]


Leaf = FieldTest | ActivityTest
Node = Group | Leaf


def leaves(node: Node) -> Iterator[Leaf]:
    """The tests of a tree, left to right."""
    if isinstance(node, Group):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node
