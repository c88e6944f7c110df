"""The cache in Redis, which the product can do without: while Redis is away, nothing is known.

Limits on guessing passwords live in it; nobody is locked out because they cannot be counted.
"""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LEFT_ALONE = 5  # seconds after a failure in which a request does not wait for Redis again


class ForgivingCache(RedisCache):
    """As Django's, but an empty cache instead of an error; all other errors stay errors."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._away_until = 0.0

    def answers(self) -> bool:
        """Is Redis there right now?"""
        try:
            return bool(self._cache.get_client().ping())
        except RedisError:
            return False

    def add(self, *args: Any, **rest: Any) -> bool:
        """As if there had been nothing."""
        return bool(self._ask(super().add, True, *args, **rest))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The default, as for a key that has expired."""
        return self._ask(super().get, default, key, default, version)

    def set(self, *args: Any, **rest: Any) -> None:
        """Kept by nobody."""
        self._ask(super().set, None, *args, **rest)

    def delete(self, *args: Any, **rest: Any) -> bool:
        """There was nothing."""
        return bool(self._ask(super().delete, False, *args, **rest))

    def count(self, key: str, *, seconds: int) -> int:
        """How often this was asked for `key`, this time included; zero as nobody counts."""
        return int(self._ask(self._count, 0, key, seconds))

    def _count(self, key: str, seconds: int) -> int:
        made = self.make_and_validate_key(key)
        together = self._cache.get_client(made, write=True).pipeline(transaction=False)
        together.set(made, 0, ex=seconds, nx=True)
        together.incr(made)
        return int(together.execute()[1])

    def _ask(self, question: Callable[..., Any], otherwise: Any, *args: Any, **rest: Any) -> Any:
        if monotonic() < self._away_until:
            return otherwise
        try:
            return question(*args, **rest)
        except RedisError as problem:
            log.warning("The cache is away for now: %s", problem)
            self._away_until = monotonic() + LEFT_ALONE
            return otherwise
