"""The workspace travels with every task: through Redis, a real worker, retries and chains."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from celery import Task, chain, current_app, group
from celery.contrib.testing.worker import start_worker
from django.db import connection

from leadmgmt.kernel.context import inside, workspace_id_or_none
from leadmgmt.kernel.tasks import drain_outbox
from tests.worlds import ACME, GLOBEX, World

PATIENCE = 20  # seconds

seen: list[tuple[str, UUID | None, str]] = []


def _note(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.workspace_id', true)")
        seen.append((what, workspace_id_or_none(), cursor.fetchone()[0]))


@current_app.task
def look(what: str) -> None:
    """Note where we are."""
    _note(what)


@current_app.task(bind=True, max_retries=2, default_retry_delay=0)
def stumble(self: "Task[..., Any]") -> None:
    """Note where we are, twice sent back."""
    _note(f"try {self.request.retries}")
    if self.request.retries < 2:
        raise self.retry()


@current_app.task
def send_on(what: str) -> None:
    """A task that sends a task."""
    look.delay(what)


@pytest.fixture(scope="module")
def _worker(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with (
        django_db_blocker.unblock(),
        start_worker(current_app, pool="solo", perform_ping_check=False, loglevel="ERROR"),
    ):
        yield


@pytest.fixture
def expect(world: World, _worker: None) -> Iterator[Callable[[int], None]]:
    """Wait for so many notes."""
    seen.clear()

    def wait(count: int) -> None:
        until = time.monotonic() + PATIENCE
        while len(seen) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(seen) == count

    yield wait
    seen.clear()


@pytest.mark.django_db(transaction=True)
def test_a_task_runs_where_it_was_sent_from(expect: Callable[[int], None]) -> None:
    look.delay("acme")
    with inside(GLOBEX):
        look.delay("globex")
    with inside(None):
        look.delay("nowhere")
    expect(3)
    assert sorted(seen) == [
        ("acme", ACME, str(ACME)),
        ("globex", GLOBEX, str(GLOBEX)),
        ("nowhere", None, ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_retry_stays_in_its_workspace(expect: Callable[[int], None]) -> None:
    with inside(GLOBEX):
        stumble.delay()
    expect(3)
    assert seen == [(f"try {number}", GLOBEX, str(GLOBEX)) for number in range(3)]


@pytest.mark.django_db(transaction=True)
def test_chains_and_groups_stay_in_their_workspace(expect: Callable[[int], None]) -> None:
    with inside(GLOBEX):
        chain(look.si("1"), look.si("2"), look.si("3")).delay()
        group(look.si("4"), look.si("5")).delay()
    expect(5)
    assert sorted(seen) == [(str(number), GLOBEX, str(GLOBEX)) for number in range(1, 6)]


@pytest.mark.django_db(transaction=True)
def test_a_task_sent_by_a_task_goes_to_the_same_workspace(expect: Callable[[int], None]) -> None:
    with inside(GLOBEX):
        send_on.delay("on")
    expect(1)
    assert seen == [("on", GLOBEX, str(GLOBEX))]


@pytest.mark.django_db(transaction=True)
def test_many_interleaved_tasks_do_not_mix(expect: Callable[[int], None]) -> None:
    for number in range(200):
        with inside((ACME, GLOBEX)[number % 2]):
            look.delay(str(number))
    expect(200)
    assert all(where == (ACME, GLOBEX)[int(what) % 2] for what, where, _ in seen)
    assert all(said == str(where) for _, where, said in seen)


def test_a_task_called_directly_stays_where_we_are(world: World) -> None:
    with inside(GLOBEX):
        look("here")
    assert seen.pop() == ("here", GLOBEX, str(GLOBEX))
    assert drain_outbox() == 0
