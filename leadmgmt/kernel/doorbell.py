"""The doorbell: tells the workers, through Redis, that the outbox has something to do.

A lost ring costs seconds, never a row: the beat sweeps the outbox anyway. A second ring while
one is waiting is not sent.
"""

import logging

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

BELL = "leadmgmt:outbox:bell"
DRAIN = "leadmgmt.kernel.tasks.drain_outbox"
FORGOTTEN_AFTER = 5  # seconds; a ring whose worker died does not silence the next for longer
PATIENCE = 0.5  # seconds we let Redis keep a request waiting

_redis: redis.Redis | None = None


def ring_on_commit() -> None:
    """Ring when the open transaction has committed; once, however often asked."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is ring for entry in waiting):
        transaction.on_commit(ring)


def ring() -> None:
    """Wake a worker unless one is already on its way; Redis being down is survived."""
    try:
        if _connection().set(BELL, 1, nx=True, ex=FORGOTTEN_AFTER):
            current_app.send_task(DRAIN, retry=False)
    except Exception as problem:  # the broker's errors have no common base
        log.warning("The doorbell is out of order, the sweep will follow: %s", problem)


def hear() -> None:
    """A worker has come: what is put from now on needs a new ring."""
    try:
        _connection().delete(BELL)
    except redis.RedisError as problem:
        log.warning("The doorbell is out of order: %s", problem)


def _connection() -> redis.Redis:
    global _redis
    if _redis is None:
        _redis = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
    return _redis
