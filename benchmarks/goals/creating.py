"""Making leads over the API, one by one and a hundred at a time."""

import json
import uuid
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from benchmarks import load
from benchmarks.measuring import Goal, Outcome, in_turns
from benchmarks.world import World, the_world

CONNECTIONS = 8
SINGLES = 60
ONE_BY_ONE = 150
BATCH = 100
BATCHES = 5

G6 = Goal(
    "G6",
    "POST /api/v1/leads/, 8 connections / a DRF ModelSerializer and save",
    floor=0.5,
    aim=1.0,
    unit="leads/s",
)
G6B = Goal(
    "G6b",
    "POST /api/v1/leads/bulk/ of 100, 8 connections / the same ModelSerializer, many=True",
    floor=2.0,
    aim=4.0,
    unit="leads/s",
)
G6D = Goal(
    "G6d",
    "POST /api/v1/leads/ one after the other, median, in this workspace / in one of 1,000 leads",
    floor=1.5,
    aim=1.2,
    unit="ms",
    is_cost=True,
)


def one_by_one(world: World, port: int) -> Iterator[Outcome]:
    """Validated, resolved, told and announced; the reference only inserts."""
    yield Outcome(
        G6,
        *in_turns(
            _sending(world, port, "/api/v1/leads/", _person, SINGLES),
            _sending(world, port, "/bench/leads", _person, SINGLES),
        ),
    )


def in_batches(world: World, port: int) -> Iterator[Outcome]:
    """The same, a hundred people a request."""

    def people() -> list[dict[str, str]]:
        return [_person() for _ in range(BATCH)]

    ours = _sending(world, port, "/api/v1/leads/bulk/", lambda: {"leads": people()}, BATCHES)
    plain = _sending(world, port, "/bench/leads", people, BATCHES)
    yield Outcome(G6B, *in_turns(lambda: ours() * BATCH, lambda: plain() * BATCH))


def among_many(world: World, port: int) -> Iterator[Outcome]:
    """The same in a small workspace of the same database: the size of a workspace costs nothing."""
    small = the_world("1k")
    yield Outcome(G6D, *in_turns(_latency(world, port), _latency(small, port)))
    small.clean()


def _latency(world: World, port: int) -> Callable[[], float]:
    def milliseconds() -> float:
        requests = _requests(world, port, "/api/v1/leads/", _person, ONE_BY_ONE)
        done = load.run(lambda _: requests, port=port, connections=1)
        return 1_000 * median(done.durations)

    return milliseconds


def _sending(
    world: World, port: int, path: str, body: Callable[[], Any], count: int
) -> Callable[[], float]:
    """Send `count` requests a connection with new bodies; how many a second."""

    def per_second() -> float:
        def make(_: int) -> list[bytes]:
            return _requests(world, port, path, body, count)

        return load.run(make, port=port, connections=CONNECTIONS).per_second

    return per_second


def _requests(
    world: World, port: int, path: str, body: Callable[[], Any], count: int
) -> list[bytes]:
    headers = {"Authorization": f"Bearer {world.key}", "Content-Type": "application/json"}
    bodies = [json.dumps(body()).encode() for _ in range(count)]
    return [load.request("POST", path, port=port, body=each, headers=headers) for each in bodies]


def _person() -> dict[str, str]:
    unique = uuid.uuid4().hex
    return {
        "name": f"Person {unique[:8]}",
        "email": f"{unique}@firm{unique[:2]}.example",
        "job_title": "Service manager",
        "country": "Greece",
        "city": "Athens",
        "source": "google",
    }
