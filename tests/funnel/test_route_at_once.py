"""Routing by several workers at the same time."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from funnel.models import Assignment
from funnel.routing.drafting import RuleWords
from funnel.routing.giving import route_leads, route_pool
from funnel.routing.shares import ShareWords, set_share
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Team
from leads.models import Activity, Lead
from tests.builders import a_lead, a_plan, a_team
from tests.worlds import ACME, World, make_world

NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)
LEADS = 60

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def south(world: World) -> Team:
    with inside(ACME):
        team = a_team("South", world.rita, world.rob)
        a_plan(RuleWords("Everybody", team=team))
        return team


def at_once(*works: Callable[[], object]) -> None:
    """Each in a thread with a connection of its own, all begun in the same moment."""
    ready = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            with inside(ACME):
                connection.ensure_connection()
                ready.wait(timeout=30)
                work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        list(threads.map(run, works))


def in_small_batches(ids: Sequence[UUID]) -> Callable[[], None]:
    def work() -> None:
        for start in range(0, len(ids), 3):
            route_leads(ids[start : start + 3], now=NOON)

    return work


def mqls() -> list[UUID]:
    with inside(ACME):
        return [a_lead(stage="mql").pk for _ in range(LEADS)]


def owners() -> Counter[str]:
    with inside(ACME):
        found = Lead.objects.filter(owner__isnull=False).values_list("owner__name", flat=True)
        return Counter(found)


def test_two_workers_with_the_same_leads_give_each_once(world: World, south: Team) -> None:
    ids = mqls()
    at_once(in_small_batches(ids), in_small_batches(ids[::-1]))
    with inside(ACME):
        assert Assignment.objects.count() == LEADS
        assert Assignment.objects.values("lead").distinct().count() == LEADS
        assert Activity.objects.filter(kind="assigned").count() == LEADS
        said = Assignment.objects.values_list("lead_id", "member_id")
        assert dict(said) == dict(Lead.objects.values_list("pk", "owner_id"))


def test_the_turns_of_two_workers_are_those_of_one(world: World, south: Team) -> None:
    with inside(ACME):
        set_share(south, world.rita, ShareWords(weight=3), by=None, now=NOON)
    ids = mqls()
    at_once(in_small_batches(ids[::2]), in_small_batches(ids[1::2]))
    assert owners() == {"Rita": LEADS * 3 // 4, "Rob": LEADS // 4}


def test_a_worker_beside_one_who_routes_the_whole_pool_gives_nothing_twice(
    world: World, south: Team
) -> None:
    ids = mqls()
    at_once(in_small_batches(ids), lambda: route_pool(now=NOON))
    assert owners() == {"Rita": LEADS // 2, "Rob": LEADS // 2}
    with inside(ACME):
        assert Assignment.objects.count() == LEADS
