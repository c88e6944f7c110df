"""How often one address may knock: counted in Redis, and forgiven while Redis is away."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

log = logging.getLogger(__name__)

WINDOW = 60  # seconds


def knocks(name: str, address: str) -> int:
    """How often `address` came to `name` within the running minute, this time included.

    Zero when Redis cannot be asked: a lead lost costs more than a spam post kept.
    """
    key = f"knocks:{name}:{address}"
    try:
        cache.add(key, 0, WINDOW)
        return int(cache.incr(key))
    except Exception as problem:  # redis, its pool and a key that has just expired
        log.warning("Knocks are not counted: %s", problem)
        return 0


def address_of(request: HttpRequest) -> str:
    """Where the request came from, as told by the nearest proxy that is our own.

    settings.PROXIES is how many of them stand in front; what a client writes into
    X-Forwarded-For itself is further left, and never read.
    """
    if settings.PROXIES:
        passed = request.headers.get("X-Forwarded-For", "").split(",")
        return passed[-min(settings.PROXIES, len(passed))].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
