"""Set-wise statements: they know the workspace we are in as `%(workspace)s`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from leadmgmt.kernel.context import current_workspace_id

SET_WISE = "SELECT set_config('enable_nestloop', %(is_on)s, true)"


def fetch(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """All rows of the answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"workspace": current_workspace_id(), **values})
        return list(cursor.fetchall())


def execute(sql: str, **values: Any) -> int:
    """How many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"workspace": current_workspace_id(), **values})
        return int(cursor.rowcount)


@contextmanager
def comparing_sets() -> Iterator[None]:
    """For statements about a batch, inside a transaction.

    The planner cannot know how much a batch brings. Its guess of a row or two makes it walk
    through all of them once for each of them, so it is told to compare sets instead.
    """
    fetch(SET_WISE, is_on="off")
    yield
    fetch(SET_WISE, is_on="on")
