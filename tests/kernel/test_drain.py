"""Later reactions happen exactly once, whoever dies, and one that fails holds up nobody."""

import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from leadmgmt.kernel import drain as draining
from leadmgmt.kernel import events, trouble
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain
from leadmgmt.kernel.events import later, publish
from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.kernel.models import OutboxRow
from tests.kernel import reacting
from tests.kernel.mortal import Workers, workers
from tests.kernel.reacting import BellsRung, noticed
from tests.worlds import World

MORE_MOMENTS_THAN_THERE_ARE = 200
PATIENCE = 10  # seconds


@pytest.fixture(autouse=True)
def _our_reactions(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(events, "_table", reacting.TABLE)


@pytest.fixture(scope="module")
def mortal(django_db_setup: None) -> Iterator[Workers]:
    """Processes that may die."""
    with workers() as prepared:
        yield prepared


@transaction.atomic
def _ring(count: int = 3, tone: str = "low") -> list[str]:
    ids = tuple(uuid4() for _ in range(count))
    publish(BellsRung(ids, tone))
    return sorted(str(each) for each in ids)


def _make_due() -> None:
    OutboxRow.objects.update(due_at="2026-01-01 00:00+00")


def _drain_after_death() -> None:
    # PostgreSQL takes a moment to notice that a client is gone, and to let go of its rows.
    until = time.monotonic() + PATIENCE
    while workspaces_due("kernel_due_outbox") and time.monotonic() < until:
        drain()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(mortal: Workers) -> None:
    rung: list[str] = []
    for moment in range(1, MORE_MOMENTS_THAN_THERE_ARE):
        rung = sorted(rung + _ring(2))
        has_lived = mortal.drain(dies_at=moment)
        _drain_after_death()
        assert noticed("bell") == noticed("echo") == noticed("tune") == rung, f"moment {moment}"
        if has_lived:
            break
    assert has_lived
    assert moment > 15
    assert not OutboxRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_puts_a_failure_off_doubles_nothing(mortal: Workers) -> None:
    rung: list[str] = []
    for moment in range(1, MORE_MOMENTS_THAN_THERE_ARE):
        rung = sorted(rung + _ring(1) + _ring(1, "wrong"))
        has_lived = mortal.drain(dies_at=moment)
        _drain_after_death()
        assert noticed("bell") == noticed("echo") == rung, f"moment {moment}"
        if has_lived:
            break
    assert has_lived
    assert len(noticed("tune")) == len(rung) / 2 == OutboxRow.objects.count()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_kills_its_worker_is_set_aside_and_others_go_on(mortal: Workers) -> None:
    killing, fine = _ring(1, reacting.deadly), _ring(2)
    for _ in range(draining.TRIES):
        _make_due()
        assert not mortal.drain()
        assert not trouble.set_aside()
    _make_due()
    assert mortal.drain()
    (row,) = trouble.set_aside()
    assert (row.attempts, row.last_error) == (draining.TRIES, draining.NEVER_CAME_BACK)
    assert noticed("tune") == fine
    assert noticed("bell") == noticed("echo") == sorted(killing + fine)


@pytest.mark.django_db(transaction=True)
def test_rows_that_waited_long_are_done_together_once(mortal: Workers) -> None:
    rung = sorted(_ring(2) + _ring(2))
    _make_due()
    assert mortal.drain_together(2)
    assert noticed("bell") == noticed("echo") == noticed("tune") == rung


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_share_the_work(mortal: Workers, world: World) -> None:
    rung = sorted(each for _ in range(30) for each in _ring(3))
    with inside(world.globex.pk):
        elsewhere = _ring(5)
    assert mortal.drain_together(3)
    drain()
    assert noticed("bell") == noticed("echo") == rung
    with inside(world.globex.pk):
        assert noticed("bell") == elsewhere


def test_a_poisoned_row_is_set_aside_and_others_go_on(world: World) -> None:
    poisoned, fine = _ring(1, "wrong"), _ring(2)
    for _ in range(draining.TRIES - 1):
        drain()
        assert not trouble.set_aside()
        _make_due()
    drain()
    assert noticed("tune") == fine
    assert noticed("bell") == sorted(poisoned + fine)
    (row,) = trouble.set_aside()
    assert (row.attempts, row.reaction) == (draining.TRIES, "tests.kernel.reacting.choke")
    assert row.last_error.startswith("ValueError: This tone cannot be")
    _make_due()
    assert drain() == 0


def test_a_failing_row_waits_longer_each_time(world: World) -> None:
    _ring(1, "wrong")
    waits = []
    for _ in range(4):
        drain()
        with connection.cursor() as cursor:
            cursor.execute("SELECT date_part('epoch', due_at - now()) FROM kernel_outbox")
            waits.append(round(cursor.fetchone()[0]))
        _make_due()
    assert waits == [2, 4, 8, 16]


def test_what_was_set_aside_is_tried_again_by_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = _ring(1, "wrong")
    drain()
    OutboxRow.objects.update(set_aside_at="2026-01-01 00:00+00", attempts=draining.TRIES)
    monkeypatch.setattr(reacting, "unplayable", set())
    assert trouble.retry() == 1
    assert drain() == 1
    assert noticed("tune") == ids


def test_a_reaction_that_is_gone_is_visible(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _ring(1)
    monkeypatch.setattr(events, "_table", {BellsRung: [later(reacting.echo)]})
    drain()
    errors = OutboxRow.objects.order_by("id").values_list("last_error", flat=True)
    assert any("No reaction is called tests.kernel.reacting.choke" in error for error in errors)


def test_events_alike_are_done_in_one_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[BellsRung] = []

    def count_calls(event: BellsRung) -> None:
        calls.append(event)

    monkeypatch.setattr(events, "_table", {BellsRung: [later(count_calls)]})
    low = _ring(2) + _ring(2)
    same = UUID(low[0])
    publish(BellsRung((same,)))
    high = _ring(1, "high")
    drain()
    assert {call.tone: sorted(str(each) for each in call.ids) for call in calls} == {
        "low": sorted(low),
        "high": high,
    }
    assert len(calls) == 2
