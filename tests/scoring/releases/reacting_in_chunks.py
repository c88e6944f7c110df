"""The same while everything takes several chunks, and Redis is away."""

from django.conf import settings

from leadmgmt.kernel import doorbell
from scoring.actions import recomputing, releasing
from tests.scoring.releases.reacting import TABLE

__all__ = ["TABLE"]

CHUNK, AT_ONCE = 3, 2
NOWHERE = "redis://127.0.0.1:1/0"

recomputing.CHUNK, releasing.AT_ONCE = CHUNK, AT_ONCE
settings.REDIS_URL, doorbell._redis = NOWHERE, None
