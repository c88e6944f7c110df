"""The goals of `make bench`, by what is measured."""

from collections.abc import Callable, Iterator

from benchmarks.goals import (
    backtest,
    board,
    bulk,
    conditions,
    creating,
    fence,
    importing,
    intake,
    latency,
    listing,
    queueing,
    routing,
    scores,
    searching,
    segments,
)
from benchmarks.measuring import Outcome
from benchmarks.server import serving
from benchmarks.world import World, the_world

OverHttp = Callable[[World, int], Iterator[Outcome]]
InProcess = Callable[[World], Iterator[Outcome]]

OVER_HTTP: dict[str, OverHttp] = {
    "G1": intake.batches,
    "G1c": intake.against_serializers,
    "G2": intake.single_events,
    "G3e": latency.under_load,
    "G5": listing.lists,
    "G5c": searching.searches,
    "G6": creating.one_by_one,
    "G6b": creating.in_batches,
    "G6d": creating.among_many,
    "G7p": queueing.pages,
    "G7c": board.the_board,
}
IN_PROCESS: dict[str, InProcess] = {
    "G3": scores.everybody,
    "G3b": scores.a_midnight,
    "G3c": scores.a_thousand,
    "G3f": backtest.the_past,
    "G6c": importing.a_file,
    "G7": queueing.claims,
    "G7b": routing.five_hundred,
    "G10": fence.hot_queries,
    "G11": segments.a_thousand,
    "G11b": segments.under_facts,
    "G11c": conditions.live_counts,
    "G-bulk": bulk.everybody,
}
NAMES = (*OVER_HTTP, *IN_PROCESS)


def measure(size: str, chosen: set[str]) -> Iterator[Outcome]:
    """The outcomes of the chosen goals, or of all; each leaves the world as it found it."""
    world = the_world(size)
    wanted = chosen or set(NAMES)
    if wanted & OVER_HTTP.keys():
        with serving() as port:
            for name in (each for each in OVER_HTTP if each in wanted):
                yield from OVER_HTTP[name](world, port)
                world.clean()
    for name in (each for each in IN_PROCESS if each in wanted):
        yield from IN_PROCESS[name](world)
        world.clean()
