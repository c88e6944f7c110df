"""Origins: what stands behind a value's door, by name, told by the apps above.

The table is `leadmgmt/origins.py`; this app only knows that an import, say, has a name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

Names = Callable[[Collection[UUID]], Mapping[UUID, str]]

_names: Mapping[str, Names] = {}


def bind(names: Mapping[str, Names]) -> None:
    """Make this the table in force (the composition root does, at start-up)."""
    global _names
    _names = names


def names_of(origins: Iterable[tuple[str, UUID | None]]) -> dict[UUID, str]:
    """The names of these origins (via and id), as far as they are known; a statement a door."""
    asked: dict[str, set[UUID]] = {}
    for via, id in origins:
        if id is not None and via in _names:
            asked.setdefault(via, set()).add(id)
    return {id: name for via, ids in asked.items() for id, name in _names[via](ids).items()}
