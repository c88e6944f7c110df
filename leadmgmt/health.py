"""`/health/`, for load balancers; `probe.py` asks it from inside a container.

Without its database the product cannot serve; without Redis it can, only more slowly.
"""

from typing import cast

from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from leadmgmt.kernel.caching import ForgivingCache


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Say which of the servers behind this one answer."""
    has_database = _database_answers()
    redis = "ok" if _redis_answers() else "down"
    text = f"database: {'ok' if has_database else 'down'}\nredis: {redis}\n"
    return HttpResponse(text, content_type="text/plain", status=200 if has_database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    return cast(ForgivingCache, caches["default"]).answers()
