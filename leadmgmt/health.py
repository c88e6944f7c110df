"""`/health/` for load balancers; `python -m leadmgmt.health` lets a container ask itself.

Without its database the product cannot serve; without Redis it can, only more slowly.
"""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


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
    try:
        cache.get("health")
    except RedisError:
        return False
    return True


def ask(port: int) -> bool:
    """Ask the server on this machine, under the name and scheme it is known by outside."""
    outside = urlsplit(settings.BASE_URL)
    server = HTTPConnection("127.0.0.1", port, timeout=3)
    headers = {"Host": outside.netloc, "X-Forwarded-Proto": outside.scheme}
    try:
        server.request("GET", "/health/", headers=headers)
        return server.getresponse().status == 200
    except OSError:
        return False


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadmgmt.settings")
    sys.exit(not ask(int(os.environ.get("PORT", "8000"))))
