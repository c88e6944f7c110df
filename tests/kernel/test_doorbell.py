"""The doorbell: rings once, and nobody waits for it or loses by it."""

import socket
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import transaction

from leadmgmt.kernel import doorbell, events
from leadmgmt.kernel.drain import drain
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.tasks import drain_outbox
from tests.kernel import reacting
from tests.kernel.reacting import BellsRung, noticed
from tests.worlds import World

QUEUE = "celery"
QUICK = 1.5  # seconds a request may lose by a Redis that does not answer; half of it on a slow day


@pytest.fixture
def server() -> Iterator["redis.Redis"]:
    """The tests' Redis, empty before and after."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture(autouse=True)
def _our_reactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_table", reacting.TABLE)
    monkeypatch.setattr(doorbell, "_redis", None)


@transaction.atomic
def _ring() -> list[str]:
    event = BellsRung((uuid4(),))
    publish(event)
    return [str(each) for each in event.ids]


def test_a_second_ring_is_not_sent(server: "redis.Redis") -> None:
    doorbell.ring()
    doorbell.ring()
    assert server.llen(QUEUE) == 1
    doorbell.hear()
    doorbell.ring()
    assert server.llen(QUEUE) == 2


def test_a_ring_nobody_hears_is_forgotten(server: "redis.Redis") -> None:
    doorbell.ring()
    assert 0 < int(server.ttl(doorbell.BELL)) <= doorbell.FORGOTTEN_AFTER


@pytest.mark.django_db(transaction=True)
def test_a_flushed_redis_loses_nothing(world: World, server: "redis.Redis") -> None:
    rung = _ring()
    assert server.llen(QUEUE) == 1
    server.flushdb()
    assert drain_outbox() > 0
    assert noticed("bell") == noticed("echo") == rung


@pytest.mark.django_db(transaction=True)
def test_without_redis_work_is_committed_and_done_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    started = time.monotonic()
    rung = _ring()
    assert time.monotonic() - started < QUICK
    assert drain() > 0
    assert noticed("bell") == rung


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_does_not_answer_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{port}/0")
        started = time.monotonic()
        rung = _ring()
        assert time.monotonic() - started < QUICK
        assert drain_outbox() > 0
    assert noticed("bell") == rung
