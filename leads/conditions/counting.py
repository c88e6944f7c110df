"""How many leads a condition holds for, and a few of them, in bounded time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions.condition import Condition
from leads.conditions.sql.pieces import Sql
from leads.conditions.tree import ActivityTest

MOST_COUNTED = 100_000
SAMPLE = 10

COUNT = """
SELECT count(*) FROM (
    SELECT FROM leads_lead lead WHERE lead.workspace_id = %s AND {condition} LIMIT %s) AS found
"""
SOME = "SELECT lead.id FROM leads_lead lead WHERE lead.workspace_id = %s AND {condition} LIMIT %s"

# What has happened takes long to look up, so it is looked up once.
BOTH = """
WITH found AS MATERIALIZED (
    SELECT lead.id FROM leads_lead lead WHERE lead.workspace_id = %s AND {condition} LIMIT %s
)
SELECT count(*), (SELECT array_agg(id) FROM (SELECT id FROM found LIMIT %s) AS few) FROM found
"""
CAP_TIME = "SELECT set_config('statement_timeout', %s, true)"
TOO_SLOW = "57014"  # query_canceled


@dataclass(frozen=True)
class Counted:
    """`count` leads, or more when it `is_capped`; None when counting them took too long."""

    count: int | None
    is_capped: bool = False
    sample: tuple[UUID, ...] = ()


def count_leads(
    condition: Condition, now: datetime, *, within_ms: int, most: int = MOST_COUNTED
) -> Counted:
    """Count up to `most` leads, and name some of them; gives up after `within_ms`."""
    where = condition.where(now).inside("(", ")")
    has_happened = any(isinstance(leaf, ActivityTest) for leaf in condition.leaves())
    look = _together if has_happened else _one_by_one
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CAP_TIME, [str(within_ms)])
            count, sample = look(cursor, where, most + 1)
            cursor.execute(CAP_TIME, ["0"])
    except OperationalError as problem:
        if getattr(problem.__cause__, "sqlstate", "") != TOO_SLOW:
            raise
        return Counted(None)
    return Counted(min(count, most), count > most, tuple(sample))


def _together(cursor: Any, where: Sql, limit: int) -> tuple[int, list[UUID]]:
    values = [current_workspace_id(), *where.params, limit, SAMPLE]
    cursor.execute(BOTH.format(condition=where.text), values)
    count, sample = cursor.fetchone()
    return count, sample or []


def _one_by_one(cursor: Any, where: Sql, limit: int) -> tuple[int, list[UUID]]:
    values = [current_workspace_id(), *where.params]
    cursor.execute(COUNT.format(condition=where.text), [*values, limit])
    (count,) = cursor.fetchone()
    if not count:
        return 0, []
    cursor.execute(SOME.format(condition=where.text), [*values, min(count, SAMPLE)])
    return count, [row[0] for row in cursor.fetchall()]
