"""Events: facts about a whole batch, announced inside the transaction that made them true.

`leadmgmt/reactions.py` says who reacts. A *now* reaction runs in the same transaction; a *later*
reaction becomes an outbox row in it, and a worker does it exactly once (see `outbox`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel import outbox

SLICE = 1_000  # ids in one outbox row


@dataclass(frozen=True)
class Event:
    """Ids of the rows concerned, and what is the same for all of them (scalars only)."""

    ids: tuple[UUID, ...]

    @classmethod
    def merged(cls, events: Iterable[Self]) -> Iterator[Self]:
        """As few events as possible with the same meaning: equal in all but their ids."""
        groups: dict[tuple[Any, ...], dict[UUID, None]] = {}
        for event in events:
            groups.setdefault(event._sameness(), {}).update(dict.fromkeys(event.ids))
        for sameness, ids in groups.items():
            yield cls(tuple(ids), *sameness)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        """The event as it was before it went through the outbox."""
        ids = tuple(UUID(each) for each in payload["ids"])
        known = [each.name for each in fields(cls)[1:] if each.name in payload]  # newer: defaults
        return cls(ids, **{name: payload[name] for name in known})

    def as_payload(self) -> dict[str, Any]:
        """What the outbox stores: JSON types only."""
        scalars = {each.name: getattr(self, each.name) for each in fields(self)[1:]}
        return {"ids": [str(each) for each in self.ids], **scalars}

    def _sameness(self) -> tuple[Any, ...]:
        return tuple(getattr(self, each.name) for each in fields(self)[1:])


@dataclass(frozen=True)
class Reaction:
    """One entry of the table: what to call, and whether in the same transaction or afterwards."""

    call: Callable[[Any], object]
    is_later: bool

    @property
    def name(self) -> str:
        """How the outbox calls it; renaming the function needs a drained outbox."""
        return f"{self.call.__module__}.{self.call.__qualname__}"


def now(call: Callable[[Any], object]) -> Reaction:
    """React in the same transaction: database work only, and cheap."""
    return Reaction(call, is_later=False)


def later(call: Callable[[Any], object]) -> Reaction:
    """React in a worker, exactly once."""
    return Reaction(call, is_later=True)


Table = Mapping[type[Event], Sequence[Reaction]]

_table: Table = {}


def bind(table: Table) -> None:
    """Make `table` the one in force (the composition root does, at start-up)."""
    global _table
    _table = table


def later_reactions() -> Iterator[tuple[Reaction, type[Event]]]:
    """Every reaction the outbox may hold, with the event it takes."""
    for event_type, reactions in _table.items():
        for reaction in reactions:
            if reaction.is_later:
                yield reaction, event_type


def publish(*events: Event) -> None:
    """Announce `events` to all who react; needs an open transaction and a workspace.

    What several of them leave in the outbox is one statement. An event without ids announces
    nothing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Events are published inside the transaction that made them true.")
    waiting: list[tuple[list[str], dict[str, Any]]] = []
    for event in events:
        reactions = _table.get(type(event), ()) if event.ids else ()
        for reaction in reactions:
            if not reaction.is_later:
                reaction.call(event)
        if later := [reaction.name for reaction in reactions if reaction.is_later]:
            waiting += [(later, payload) for payload in _payloads(event)]
    if waiting:
        outbox.put(waiting)


def _payloads(event: Event) -> Iterator[dict[str, Any]]:
    rest = event._sameness()
    for start in range(0, len(event.ids), SLICE):
        yield type(event)(event.ids[start : start + SLICE], *rest).as_payload()
