"""Lists that were found to be longer than is counted.

Counting them costs more than reading a page of them, and the answer stays “more than”: so they
are counted once a minute, by each server for itself.
"""

from collections.abc import Hashable
from time import monotonic

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions import Sql

KNOWN_FOR = 60.0  # seconds
KEPT = 2_000  # lists

_known_until: dict[Hashable, float] = {}


def is_long(rows: Sql, now: float | None = None) -> bool:
    """Was this list of our workspace too long to count, not long ago?"""
    return _known_until.get(_key(rows), 0.0) > (monotonic() if now is None else now)


def know_as_long(rows: Sql, now: float | None = None) -> None:
    """It has just been found to be."""
    if len(_known_until) >= KEPT:
        _known_until.clear()
    _known_until[_key(rows)] = (monotonic() if now is None else now) + KNOWN_FOR


def _key(rows: Sql) -> Hashable:
    return current_workspace_id(), rows.text, repr(rows.params)
