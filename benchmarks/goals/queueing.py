"""The queue: claims by 32 clients at once, and the page a rep keeps open over a full pool."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, connections, transaction
from django.utils import timezone

from benchmarks import load
from benchmarks.measuring import Goal, Outcome, in_turns, p95
from benchmarks.world import World
from funnel.actions.arranging import arrange_queue
from funnel.actions.claiming import claim_next
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.sql import execute, fetch
from leads.models import Lead

CLIENTS = 32
FEWER = 8
MOST_CLAIMS = 100_000
SAMPLE = 50  # claims of a client in the rounds that are timed
WAITING = 50_000
LOOKS = 40
AT_ONCE = 5_000
WANTED = 100  # milliseconds a page may take

G7 = Goal(
    "G7",
    "“claim next” by 32 clients, whole, with owner, timeline and events / empty commits by 32",
    floor=0.20,
    aim=0.25,
    unit="claims/s",
)
G7_FEWER = Goal(
    "G7 32/8", "claims a second by 32 clients / by 8", floor=0.6, aim=0.8, unit="claims/s"
)
G7_PAGE = Goal(
    "G7 page",
    "slowest twentieth of the queue page over 50,000 waiting leads (or all there are), by a rep "
    "who holds 20 / 100 ms",
    floor=1.0,
    aim=0.5,
    unit="ms",
    is_cost=True,
)
G7_FULL_HANDS = Goal(
    "G7 page",
    "the same by one who holds as many as the page shows, 200 / 100 ms",
    floor=None,
    aim=None,
    unit="ms",
    is_cost=True,
)

POOL = """
UPDATE leads_lead SET stage = 'mql', owner_id = NULL, lead_class = 'hot'
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""
KEPT = "SELECT id, stage, owner_id, lead_class FROM leads_lead WHERE workspace_id = %(workspace)s"
BACK = """
UPDATE leads_lead AS lead SET stage = kept.stage, owner_id = kept.owner_id,
    lead_class = kept.lead_class
FROM unnest(%(ids)s::uuid[], %(stages)s::text[], %(owners)s::uuid[], %(classes)s::text[])
    AS kept (id, stage, owner_id, lead_class)
WHERE lead.workspace_id = %(workspace)s AND lead.id = kept.id
"""
EMPTIED = "DELETE FROM funnel_queueentry WHERE workspace_id = %(workspace)s"
HELD = """
UPDATE leads_lead SET owner_id = %(member)s
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""
EMPTY_COMMIT = "SELECT pg_current_xact_id()"


class ClaimedTwice(Exception):
    """Two clients got the same lead."""


def claims(world: World) -> Iterator[Outcome]:
    """Claims a second; ends with ClaimedTwice if two clients ever got the same lead."""
    with inside(world.workspace.pk), full_pool(world, MOST_CLAIMS) as ids:
        most = min(SAMPLE, len(ids) // (8 * CLIENTS))
        yield Outcome(
            G7,
            *in_turns(
                lambda: _claimed(world, CLIENTS, most),
                lambda: _at_once(CLIENTS, most, _commit, world),
            ),
        )
        yield Outcome(
            G7_FEWER,
            *in_turns(
                lambda: _claimed(world, CLIENTS, most),
                lambda: _claimed(world, FEWER, most),
            ),
        )
        _claimed(world, CLIENTS, len(ids))


def pages(world: World, port: int) -> Iterator[Outcome]:
    """The page, by one rep who looks again and again."""
    path = f"/w/{world.workspace.slug}/queue/"
    asked = load.request("GET", path, port=port, headers={"Cookie": world.cookie})
    with inside(world.workspace.pk), full_pool(world, WAITING) as ids:
        for goal, held in ((G7_PAGE, 20), (G7_FULL_HANDS, 200)):
            execute(HELD, member=world.member.pk, ids=ids[:held])
            arrange_queue(ids[:held])
            load.run(lambda _: [asked] * 5, port=port, connections=1)
            done = load.run(lambda _: [asked] * LOOKS, port=port, connections=1)
            yield Outcome(goal, 1_000 * p95(done.durations), WANTED)


@contextmanager
def full_pool(world: World, most: int) -> Iterator[list[UUID]]:
    """So many leads wait that nobody has; afterwards all stand where they stood."""
    ids = list(Lead.objects.order_by("id").values_list("pk", flat=True)[:most])
    kept = fetch(KEPT)
    execute(EMPTIED)
    try:
        _fill(ids)
        yield ids
    finally:
        columns = zip(*kept, strict=True)
        names = ("ids", "stages", "owners", "classes")
        execute(EMPTIED)
        execute(BACK, **dict(zip(names, map(list, columns), strict=True)))


def _fill(ids: list[UUID]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        with transaction.atomic():
            execute(POOL, ids=some)
            arrange_queue(some)
    with connections["owner"].cursor() as cursor:  # who does not own a table may not, silently
        cursor.execute("ANALYZE funnel_queueentry")


def _claimed(world: World, clients: int, most: int) -> float:
    """Claims a second by so many clients, each up to `most` or until nothing is left."""
    got: list[UUID] = []

    def claim() -> bool:
        found = claim_next(by=world.member, now=timezone.now())
        if found:
            got.append(found)
        return found is not None

    rate = _at_once(clients, most, claim, world)
    if len(got) != len(set(got)):
        raise ClaimedTwice(f"{len(got) - len(set(got))} of {len(got)}")
    _fill(got)
    return rate


def _at_once(clients: int, most: int, act: Callable[[], bool], world: World) -> float:
    """How often a second `clients` threads, each with its own connection, do something."""

    def work(_number: int) -> int:
        try:
            with inside(world.workspace.pk):
                done = 0
                while done < most and act():
                    done += 1
                return done
        finally:
            connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        done = sum(threads.map(work, range(clients)))
    return done / (time.perf_counter() - began)


def _commit() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EMPTY_COMMIT)
    return True
