"""The same while everything takes several chunks, and Redis is away."""

from django.conf import settings

from leadmgmt.kernel import doorbell
from leadmgmt.kernel.drain import drain
from scoring.actions import recomputing, releasing
from tests.scoring.releases.reacting import TABLE

__all__ = ["TABLE"]

CHUNK, AT_ONCE = 3, 2
NOWHERE = "redis://127.0.0.1:1/0"


def work() -> None:
    """All that is there to do, in a process of its own: what is set here stays set."""
    recomputing.CHUNK, releasing.AT_ONCE = CHUNK, AT_ONCE
    settings.REDIS_URL, doorbell._redis = NOWHERE, None
    drain()
