"""How often one address may knock: counted in Redis, and forgiven while Redis is away."""

from typing import cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

from leadmgmt.kernel.caching import ForgivingCache

WINDOW = 60  # seconds


def knocks(name: str, address: str) -> int:
    """How often `address` came to `name` within the running minute, this time included.

    Zero when Redis cannot be asked: a lead lost costs more than a spam post kept.
    """
    cache = cast(ForgivingCache, caches["default"])
    return cache.count(f"knocks:{name}:{address}", seconds=WINDOW)


def address_of(request: HttpRequest) -> str:
    """Where the request came from, as told by the nearest proxy that is our own.

    settings.PROXIES is how many of them stand in front; what a client writes into
    X-Forwarded-For itself is further left, and never read.
    """
    if settings.PROXIES:
        passed = request.headers.get("X-Forwarded-For", "").split(",")
        return passed[-min(settings.PROXIES, len(passed))].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
