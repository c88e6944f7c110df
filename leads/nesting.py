"""Segments that ask about segments: the order they are kept in, and that there is no circle."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from uuid import UUID

from leadmgmt.kernel.strict import as_jsonb
from leads.conditions import Condition, Facts, WrongCondition, kinds_of_fact, parse
from leads.models import Segment, SegmentKind

log = logging.getLogger(__name__)

MOST_READ = 5_000


@dataclass(frozen=True)
class Watched:
    """A live segment with its condition and the facts that can touch it."""

    id: UUID
    condition: Condition
    facts: Facts


def watched_segments() -> list[Watched]:
    """The live segments of the workspace, each behind those it asks about (one query)."""
    live = Segment.objects.filter(kind=SegmentKind.LIVE, retired_at=None)
    found = {pk: watched(pk, tree) for pk, tree in live.values_list("pk", "condition")}
    return in_order([each for each in found.values() if each is not None])


def watched(segment_id: UUID, tree: object) -> Watched | None:
    """What to watch for it; None when what it asks about is not there any more."""
    try:
        return _read(segment_id, as_jsonb(tree))
    except WrongCondition:
        log.exception("Segment %s asks what cannot be answered", segment_id)
        return None


def in_order(segments: Sequence[Watched]) -> list[Watched]:
    """Each behind those it asks about."""
    by_id = {each.id: each for each in segments}
    order = TopologicalSorter({each.id: sorted(each.facts.segments) for each in segments})
    return [by_id[pk] for pk in order.static_order() if pk in by_id]


def path_between(
    start: UUID, end: UUID, asked: Mapping[UUID, Iterable[UUID]]
) -> tuple[UUID, ...] | None:
    """How `start` comes to ask about `end`, over others perhaps; None when it does not."""
    paths: list[tuple[UUID, ...]] = [(start,)]
    seen: set[UUID] = set()
    while paths:
        path = paths.pop(0)
        if path[-1] == end:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            paths += [(*path, each) for each in sorted(asked.get(path[-1], ()))]
    return None


@lru_cache(MOST_READ)
def _read(segment_id: UUID, text: str) -> Watched:
    """Read once in each process: a stored condition means the same for ever."""
    condition = parse(json.loads(text), is_stored=True)
    return Watched(segment_id, condition, kinds_of_fact(condition))
