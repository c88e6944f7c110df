"""How fast facts come in: in batches over the API, and one by one from the tracking script."""

import io
import json
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from benchmarks import load
from benchmarks.measuring import Goal, Outcome, in_turns, seconds
from benchmarks.world import World

PATH = "/api/v1/activities/batch"
CONNECTIONS = 8
BATCH = 100
BATCHES = 25  # a connection and turn
SINGLES = 150
NOOPS = 400

G1 = Goal(
    "G1",
    "POST /api/v1/activities/batch of 100, 8 connections / COPY of the same rows",
    floor=0.20,
    aim=0.30,
    unit="events/s",
)
G1C = Goal(
    "G1c",
    "the same / a DRF serializer and bulk_create",
    floor=2.5,
    aim=4.0,
    unit="events/s",
)
G2 = Goal(
    "G2",
    "one page view of the tracking script, stored / a request that does nothing",
    floor=0.12,
    aim=0.20,
    unit="requests/s",
)

COPY_ACTIVITIES = """
COPY leads_activity (workspace_id, kind, occurred_at, received_at, lead_id, source, medium,
    properties, key, is_machine) FROM STDIN
"""
COPY_KEYS = "COPY leads_activitykey (workspace_id, key) FROM STDIN"


def batches(world: World, port: int) -> Iterator[Outcome]:
    """Ours over HTTP, with everything that belongs to it; COPY past row security."""
    yield Outcome(G1, *in_turns(_ours(world, port), lambda: _copied_per_second(world)))


def against_serializers(world: World, port: int) -> Iterator[Outcome]:
    """The same requests to the view one would write on the first day."""

    def plain() -> float:
        sent = load.run(
            lambda _: _batches(world, port, "/bench/events"), port=port, connections=CONNECTIONS
        )
        return sent.per_second * BATCH

    yield Outcome(G1C, *in_turns(_ours(world, port), plain))


def single_events(world: World, port: int) -> Iterator[Outcome]:
    """Each request one page view by one of a thousand browsers."""
    noops = [load.request("GET", "/bench/noop", port=port)] * NOOPS

    def ours() -> float:
        return load.run(
            lambda _: _page_views(world, port), port=port, connections=CONNECTIONS
        ).per_second

    def nothing() -> float:
        return load.run(lambda _: noops, port=port, connections=CONNECTIONS).per_second

    yield Outcome(G2, *in_turns(ours, nothing))


def _ours(world: World, port: int) -> Callable[[], float]:
    return lambda: batches_per_second(world, port) * BATCH


def batches_per_second(world: World, port: int) -> float:
    """How many batches are taken in when as many are sent as go."""
    return load.run(
        lambda _: _batches(world, port, PATH), port=port, connections=CONNECTIONS
    ).per_second


def _batches(world: World, port: int, path: str) -> Sequence[bytes]:
    return [a_batch(world, port, page_views_of(world, BATCH), path) for _ in range(BATCHES)]


def a_batch(world: World, port: int, facts: list[dict[str, Any]], path: str = PATH) -> bytes:
    """The request that brings these facts."""
    headers = {"Authorization": f"Bearer {world.key}", "Content-Type": "application/json"}
    body = json.dumps({"activities": facts}).encode()
    return load.request("POST", path, port=port, body=body, headers=headers)


def page_views_of(world: World, count: int) -> list[dict[str, Any]]:
    """So many page views of leads of the world, just now."""
    now = datetime.now(UTC).isoformat()
    return [
        {
            "kind": "page_view",
            "occurred_at": now,
            "source": "google",
            "medium": "cpc",
            "properties": {"path": "/pricing/", "host": "www.example.org", "seconds": 12.5},
            "key": uuid.uuid4().hex,
            "lead_id": str(random.choice(world.lead_ids)),
        }
        for _ in range(count)
    ]


def _copied_per_second(world: World) -> float:
    rows = page_views_of(world, CONNECTIONS * BATCHES * BATCH)
    workspace = str(world.workspace.pk)
    activities = "".join(
        f"{workspace}\t{row['kind']}\t{row['occurred_at']}\t{row['occurred_at']}\t{row['lead_id']}"
        f"\t{row['source']}\t{row['medium']}\t{json.dumps(row['properties'])}\t{row['key']}\tf\n"
        for row in rows
    )
    keys = "".join(f"{workspace}\t{row['key']}\n" for row in rows)

    def copy() -> None:
        with connections["owner"].cursor() as cursor:
            cursor.copy_expert(COPY_KEYS, io.StringIO(keys))
            cursor.copy_expert(COPY_ACTIVITIES, io.StringIO(activities))

    return len(rows) / seconds(copy)


def _page_views(world: World, port: int) -> Sequence[bytes]:
    path = f"/c/{world.workspace.site_key}/events"
    return [
        load.request("POST", path, port=port, body=json.dumps(_page_view()).encode())
        for _ in range(SINGLES)
    ]


def _page_view() -> dict[str, Any]:
    happening = {
        "kind": "page_view",
        "key": uuid.uuid4().hex,
        "url": "https://www.example.org/pricing/",
        "title": "Prices",
    }
    return {"visitor": f"{random.randrange(1_000):032x}", "events": [happening]}
