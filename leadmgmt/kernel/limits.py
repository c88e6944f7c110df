"""How much one caller may ask within a minute: counted in Redis, and forgiven while it is away.

One round trip a request, none where there is no limit. The minute is the clock's, so that all
servers count the same one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import cast

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from leadmgmt.kernel.caching import ForgivingCache
from leadmgmt.kernel.problems import problem

WINDOW = 60  # seconds


@dataclass(frozen=True)
class Allowance:
    """What one caller has used of a minute that ends in `seconds`."""

    most: int
    used: int
    seconds: int

    @property
    def is_spent(self) -> bool:
        """One request too many has come."""
        return self.used > self.most

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has them."""
        left = max(0, self.most - self.used)
        return {
            "RateLimit-Policy": f'"minute";q={self.most};w={WINDOW}',
            "RateLimit": f'"minute";r={left};t={self.seconds}',
        }


def count(request: HttpRequest, name: str, who: object, *, most: int) -> Allowance | None:
    """One more request of `who`; None where `most` is 0, which is no limit.

    The middleware below tells the caller how much is left.
    """
    if not most:
        return None
    minute, second = divmod(int(time()), WINDOW)
    cache = cast(ForgivingCache, caches["default"])
    used = cache.count(f"limit:{name}:{who}:{minute}", seconds=2 * WINDOW)
    allowance = Allowance(most, used, WINDOW - second)
    request.allowance = allowance  # type: ignore[attr-defined]
    return allowance


def too_many(allowance: Allowance) -> HttpResponse:
    """The answer to one request too many."""
    return problem(
        429,
        sentence_of(allowance),
        headers={"Retry-After": str(allowance.seconds), **allowance.headers},
    )


def sentence_of(allowance: Allowance) -> str:
    """How many there may be, and when to come back."""
    told = {"most": allowance.most, "seconds": allowance.seconds}
    return _("At most %(most)d requests a minute; try again in %(seconds)d seconds.") % told


class RateLimitHeaders:
    """Middleware: whoever was counted is told how much is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do for a request that was not counted."""
        response = self.get_response(request)
        allowance = getattr(request, "allowance", None)
        if allowance is not None:
            for name, value in allowance.headers.items():
                response.headers[name] = value
        return response
