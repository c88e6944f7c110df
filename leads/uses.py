"""What uses a segment, a tag, or a number another app lends: whatever asks about it.

The table is `leadmgmt/uses.py`; this app only knows that there are finders.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leads.lending import is_lent


@dataclass(frozen=True)
class Use:
    """Something with a condition: what it is, its name, its address, and what it asks.

    `noun` is a lazy translation: “segment”, “score rule”. `asked`: the ids of the segments and
    tags it asks about, and those in the names of lent fields, such as of models.
    """

    noun: Any
    name: str
    address: str
    asked: frozenset[UUID]


Finder = Callable[[], Iterable[Use]]

TAGS = ("tags", "company.tags")
"""Fields of conditions that name tags."""

_finders: Sequence[Finder] = ()


def bind(*finders: Finder) -> None:
    """Make these the finders in force (the composition root does, at start-up)."""
    global _finders
    _finders = finders


def all_uses() -> Mapping[UUID, Sequence[Use]]:
    """Each id that is asked about, and by what; a few queries, one for each finder."""
    found: dict[UUID, list[Use]] = defaultdict(list)
    for finder in _finders:
        for use in finder():
            for asked_id in use.asked:
                found[asked_id].append(use)
    return found


def uses_of(asked_id: UUID) -> Sequence[Use]:
    """What uses this segment, this tag, or this model."""
    return all_uses().get(asked_id, ())


def ids_named(tree: Any) -> frozenset[UUID]:
    """Segments and tags a condition's JSON tree asks about, and what stands in lent fields' names.

    That of a product line's score is the id of its model.
    """
    return frozenset(_named(tree, ("segments", *TAGS))) | frozenset(_lent(tree))


def _lent(tree: Any) -> Iterator[UUID]:
    if isinstance(tree, list):
        for part in tree:
            yield from _lent(part)
    elif isinstance(tree, dict) and is_lent(str(tree.get("field", ""))):
        yield from _ids([tree["field"].rpartition(".")[2]])
    elif isinstance(tree, dict):
        yield from _lent([*tree.values()])


def segments_named(tree: Any) -> frozenset[UUID]:
    """The segments a condition's JSON tree asks about, whatever else stands in it."""
    return frozenset(_named(tree, ("segments",)))


def _named(tree: Any, fields: Sequence[str]) -> Iterator[UUID]:
    if isinstance(tree, list):
        for part in tree:
            yield from _named(part, fields)
    elif isinstance(tree, dict) and tree.get("field") in fields:
        for values in tree.values():
            yield from (_ids(values) if isinstance(values, list) else ())
    elif isinstance(tree, dict):
        yield from _named([*tree.values()], fields)


def _ids(values: Iterable[Any]) -> Iterator[UUID]:
    for value in values:
        try:
            yield UUID(str(value))
        except ValueError:
            continue
