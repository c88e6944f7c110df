"""Set-wise statements: they know the workspace we are in as `%(workspace)s`."""

from typing import Any

from django.db import connection

from leadmgmt.kernel.context import current_workspace_id


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
