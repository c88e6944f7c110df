"""Making leads over the API, one by one and a hundred at a time."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import load
from benchmarks.measuring import Goal, Outcome, in_turns
from benchmarks.world import World

CONNECTIONS = 8
SINGLES = 60
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


def _sending(
    world: World, port: int, path: str, body: Callable[[], Any], count: int
) -> Callable[[], float]:
    """Send `count` requests a connection with new bodies; how many a second."""
    headers = {"Authorization": f"Bearer {world.key}", "Content-Type": "application/json"}

    def per_second() -> float:
        def make(_: int) -> list[bytes]:
            bodies = [json.dumps(body()).encode() for _ in range(count)]
            return [
                load.request("POST", path, port=port, body=each, headers=headers) for each in bodies
            ]

        return load.run(make, port=port, connections=CONNECTIONS).per_second

    return per_second


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
