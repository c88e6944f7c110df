"""From a public key to its workspace, before any workspace is known.

Keys hardly ever change, and every page view asks: each process remembers the answer for a minute.
"""

import time
from uuid import UUID

from django.db import connection

REMEMBERED = 60.0  # seconds
MOST = 10_000  # keys; a flood of made-up ones must not fill the memory

_known: dict[str, tuple[float, UUID | None]] = {}


def workspace_of_site(site_key: str) -> UUID | None:
    """The workspace whose pages carry `site_key`."""
    found = _known.get(site_key)
    if found is None or found[0] < time.monotonic():
        found = time.monotonic() + REMEMBERED, _ask("SELECT platform_site(%s)", site_key)
        if len(_known) >= MOST:
            _known.clear()
        _known[site_key] = found
    return found[1]


def workspace_of_form(token: str) -> UUID | None:
    """The workspace the form with this public token belongs to."""
    return _ask("SELECT platform_form(%s)", token)


def forget_sites() -> None:
    """Ask the database again from now on (a key was replaced, or a test ended)."""
    _known.clear()


def _ask(sql: str, key: str) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        row = cursor.fetchone()
    return row[0] if row else None
