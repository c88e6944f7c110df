"""What uses a segment: everything, in any app, whose condition asks about it.

The table is `leadmgmt/uses.py`; this app only knows that there are finders.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Use:
    """Something with a condition: what it is, its name, its address, and what it asks.

    `noun` is a lazy translation: “segment”, “score rule”.
    """

    noun: Any
    name: str
    address: str
    segments: frozenset[UUID]


Finder = Callable[[], Iterable[Use]]

_finders: Sequence[Finder] = ()


def bind(*finders: Finder) -> None:
    """Make these the finders in force (the composition root does, at start-up)."""
    global _finders
    _finders = finders


def all_uses() -> Mapping[UUID, Sequence[Use]]:
    """Each segment that is used, and by what; a few queries, one for each finder."""
    found: dict[UUID, list[Use]] = defaultdict(list)
    for finder in _finders:
        for use in finder():
            for segment_id in use.segments:
                found[segment_id].append(use)
    return found


def uses_of(segment_id: UUID) -> Sequence[Use]:
    """What uses this segment."""
    return all_uses().get(segment_id, ())


def segments_named(tree: Any) -> frozenset[UUID]:
    """The segments a condition's JSON tree asks about, whatever else stands in it."""
    return frozenset(_named(tree))


def _named(tree: Any) -> Iterator[UUID]:
    if isinstance(tree, list):
        for part in tree:
            yield from _named(part)
    elif isinstance(tree, dict) and tree.get("field") == "segments":
        for values in tree.values():
            yield from (_ids(values) if isinstance(values, list) else ())
    elif isinstance(tree, dict):
        yield from _named([*tree.values()])


def _ids(values: Iterable[Any]) -> Iterator[UUID]:
    for value in values:
        try:
            yield UUID(str(value))
        except ValueError:
            continue
