"""Interleaved work of two workspaces on shared connections: no row changes sides.

Directly, one connection for each thread; and behind pgbouncer pooling by transaction, where many
clients share two connections. `HAMMER` multiplies the rounds.
"""

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, transaction

from leadmgmt.kernel.context import inside
from leads.models import Lead
from tests.builders import a_lead
from tests.kernel.pgbouncer import PROGRAM, pgbouncer
from tests.worlds import World

THREADS = 6
ROUNDS = 50 * int(os.environ.get("HAMMER", "1"))

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pooled(world: World) -> Iterator[None]:
    """Every connection made from now on goes through pgbouncer."""
    if PROGRAM is None:
        pytest.skip("pgbouncer is not installed on this machine")
    usual = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    with pgbouncer() as port:
        connection.settings_dict.update(HOST="127.0.0.1", PORT=port)
        yield
        connection.close()
    connection.settings_dict.update(usual)


def _names() -> set[str]:
    """Past the application's filters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM leads_lead")
        return {name for (name,) in cursor.fetchall()}


def _one_round(workspace_id: UUID, own: str) -> list[str]:
    wrong = []
    with inside(workspace_id):
        wrong += [f"alone: {name}" for name in _names() - {own}]
        with transaction.atomic():
            a_lead(name=own)
            wrong += [f"together: {name}" for name in _names() ^ {own}]
            Lead.objects.filter(name=own).update(city="x")
            transaction.set_rollback(random.random() < 0.9)
    with inside(None):
        wrong += [f"outside: {name}" for name in _names()]
    return wrong


def _hammer(world: World) -> list[str]:
    sides = [(world.acme.pk, "ours"), (world.globex.pk, "theirs")]

    def work(number: int) -> list[str]:
        try:
            return [wrong for _ in range(ROUNDS) for wrong in _one_round(*random.choice(sides))]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return [wrong for found in threads.map(work, range(THREADS)) for wrong in found]


def test_threads_do_not_mix_workspaces(world: World) -> None:
    assert _hammer(world) == []


def test_transaction_pooling_does_not_mix_workspaces(world: World, pooled: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inet_client_addr() IS NOT NULL")
        assert cursor.fetchone() == (True,)
    assert _hammer(world) == []
