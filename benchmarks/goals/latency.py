"""From an accepted fact to the score it changes, while others send at half of what we can take."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from benchmarks import load
from benchmarks.goals.intake import BATCH, a_batch, batches_per_second, page_views_of
from benchmarks.measuring import Goal, Outcome, p95
from benchmarks.server import working
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.sql import fetch
from leads.kinds import Kind

PROBES = 60
LOOKS_EVERY = 0.01  # seconds
PATIENCE = 60  # seconds
A_SECOND = 1.0

G3E = Goal(
    "G3e",
    "p95 from an accepted event to the written score, at half of the most that is taken in / a "
    "second",
    floor=5.0,
    aim=2.0,
    unit="s",
    is_cost=True,
)

IS_SCORED = """
SELECT FROM scoring_leadscore
WHERE workspace_id = %(workspace)s AND lead_id = %(lead)s AND as_of >= %(since)s
"""
WAITING = "SELECT FROM kernel_outbox WHERE workspace_id = %(workspace)s LIMIT 1"


class NeverScored(Exception):
    """A fact was taken in and its score did not follow."""


def under_load(world: World, port: int) -> Iterator[Outcome]:
    """Probes one after the other: a form is sent, and the sender looks until the score moves."""
    probed, crowd = world.lead_ids[:PROBES], replace(world, lead_ids=world.lead_ids[PROBES:])
    with working(), inside(world.workspace.pk):
        half = batches_per_second(crowd, port) / 2
        _wait_until_all_is_done()

        def a_crowd() -> bytes:
            return a_batch(crowd, port, page_views_of(crowd, BATCH))

        with load.streaming(a_crowd, port=port, per_second=half):
            delays = [_delay(world, port, each) for each in probed]
        _wait_until_all_is_done()
    yield Outcome(G3E, p95(delays), A_SECOND)


def _delay(world: World, port: int, lead_id: UUID) -> float:
    since = datetime.now(UTC)
    fact = {
        "kind": Kind.FORM_SUBMITTED,
        "occurred_at": since.isoformat(),
        "key": uuid.uuid4().hex,
        "lead_id": str(lead_id),
    }
    load.send(a_batch(world, port, [fact]), port=port)
    accepted = time.perf_counter()
    _wait(lambda: bool(fetch(IS_SCORED, lead=lead_id, since=since)))
    return time.perf_counter() - accepted


def _wait(until: Callable[[], bool]) -> None:
    patient_until = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > patient_until:
            raise NeverScored
        time.sleep(LOOKS_EVERY)


def _wait_until_all_is_done() -> None:
    _wait(lambda: not fetch(WAITING))
