"""Two workers, and workers that die: no move is lost, none is made twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from itertools import count
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain_workspace
from leads.actions.activities import NewActivity, record_activities
from leads.actions.filling import add_to_segment
from leads.actions.keeping import keep_segments
from leads.actions.removing import put_back, take_out
from leads.actions.segments import create_segment
from leads.conditions import Aspect, Change, matching, parse
from leads.models import Membership, RemovedCause, Segment
from tests.builders import a_lead
from tests.clients import drain
from tests.worlds import ACME, World

TWICE: dict[str, Any] = {"activity": "page_view", "at_least": 2}
ONCE_ONLY: dict[str, Any] = {"activity": "page_view", "exactly": 1}


def segments(world: World) -> list[Segment]:
    now = timezone.now()
    twice, once = (
        create_segment(name=name, condition=tree, by=world.mara, now=now)
        for name, tree in (("Twice", TWICE), ("Once", ONCE_ONLY))
    )
    rest = {"field": "segments", "is_not_in": [str(twice.pk), str(once.pk)]}
    drain()
    return [twice, once, create_segment(name="Rest", condition=rest, by=world.mara, now=now)]


def visit(lead_ids: list[UUID]) -> None:
    now = timezone.now()
    record_activities([NewActivity("page_view", now, each) for each in lead_ids], now=now)


def assert_all_are_right() -> None:
    for each in Segment.objects.exclude(condition={}):
        times = Membership.objects.filter(segment=each, left_at=None)
        members = set(times.values_list("lead_id", flat=True))
        fitting = matching(parse(each.condition, is_stored=True), timezone.now())
        assert members == set(fitting.values_list("pk", flat=True)), each.name
        assert each.size == len(members)


def in_acme(work: Callable[[int], object]) -> Callable[[int], None]:
    def run(number: int) -> None:
        try:
            with inside(ACME):
                work(number)
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
def test_several_workers_keep_the_same_leads(world: World) -> None:
    ids = [a_lead().pk for _ in range(6)]
    segments(world)
    frozen = create_segment(name="Fair", kind="frozen", by=world.mara, now=timezone.now())

    def live_and_work(number: int) -> None:
        now = timezone.now()
        with suppress(IntegrityError):  # somebody takes one of them out in this moment
            visit(ids[number % 3 :: 2])
        add_to_segment(reversed(ids), segment=frozen, by=None, now=now)
        drain_workspace()
        taken = take_out([ids[number % 6]], cause=RemovedCause.PERSON, by=None, now=now)
        drain_workspace()
        put_back(taken, by=None, now=now)
        drain_workspace()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(in_acme(live_and_work), range(8)))
    drain()

    assert_all_are_right()


@pytest.mark.django_db(transaction=True)
def test_who_is_asked_later_sees_what_was_written_before(world: World) -> None:
    ids = [a_lead().pk]
    segments(world)
    drain()
    visit(ids)
    has_entered, may_commit = Event(), Event()

    def ask_and_wait(_number: int) -> None:
        with transaction.atomic():
            keep_segments(ids, Change(Aspect.ACTIVITY), now=timezone.now())
            has_entered.set()
            may_commit.wait(10)

    def ask(_number: int) -> None:
        keep_segments(ids, Change(Aspect.ACTIVITY), now=timezone.now())

    with ThreadPoolExecutor(2) as workers:
        first = workers.submit(in_acme(ask_and_wait), 1)
        has_entered.wait(10)
        visit(ids)  # from now on it is no longer exactly one visit
        second = workers.submit(in_acme(ask), 2)
        wait([second], timeout=0.3)
        may_commit.set()
        first.result()
        second.result()

    assert_all_are_right()


class Died(BaseException):
    """What happens to a worker that is killed: nothing of it is caught."""


def test_a_worker_may_die_before_any_statement(world: World) -> None:
    ids = [a_lead().pk for _ in range(3)]
    segments(world)
    visit(ids[:2])

    for dies_at in range(1, 200):
        visit(ids[1:])
        if _drains(dies_at):
            break

    assert dies_at > 20
    drain()
    assert_all_are_right()


def _drains(dies_at: int) -> bool:
    statements = count(1)

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        if next(statements) == dies_at:
            raise Died
        return execute(*args)

    try:
        with connection.execute_wrapper(statement):
            drain_workspace()
    except Died:
        return False
    return True
