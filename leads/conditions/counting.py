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

SAMPLE = 10

# Without a LIMIT, which would keep the planner from counting in an index or by comparing sets.
COUNT = "SELECT count(*) FROM leads_lead lead WHERE lead.workspace_id = %s AND {condition}"
SOME = "SELECT lead.id FROM leads_lead lead WHERE lead.workspace_id = %s AND {condition} LIMIT %s"

# What has happened takes long to look up, so it is looked up once.
BOTH = """
SELECT count(*), (array_agg(lead.id))[1:%s] FROM leads_lead lead
WHERE lead.workspace_id = %s AND {condition}
"""
CAP_TIME = "SELECT set_config('statement_timeout', %s, true)"
TOO_SLOW = "57014"  # query_canceled


@dataclass(frozen=True)
class Counted:
    """How many leads, and a few of them; `count` is None when it took too long."""

    count: int | None
    sample: tuple[UUID, ...] = ()


def count_leads(condition: Condition, now: datetime, *, within_ms: int) -> Counted:
    """Count the leads it holds for, and name some of them; gives up after `within_ms`."""
    where = condition.where(now).inside("(", ")")
    has_happened = any(isinstance(leaf, ActivityTest) for leaf in condition.leaves())
    look = _together if has_happened else _one_by_one
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CAP_TIME, [str(within_ms)])
            count, sample = look(cursor, where)
            cursor.execute(CAP_TIME, ["0"])
    except OperationalError as problem:
        if getattr(problem.__cause__, "pgcode", "") != TOO_SLOW:
            raise
        return Counted(None)
    return Counted(count, tuple(sample))


def _together(cursor: Any, where: Sql) -> tuple[int, list[UUID]]:
    values = [SAMPLE, current_workspace_id(), *where.params]
    cursor.execute(BOTH.format(condition=where.text), values)
    count, sample = cursor.fetchone()
    return count, sample or []


def _one_by_one(cursor: Any, where: Sql) -> tuple[int, list[UUID]]:
    values = [current_workspace_id(), *where.params]
    cursor.execute(COUNT.format(condition=where.text), values)
    (count,) = cursor.fetchone()
    if not count:
        return 0, []
    cursor.execute(SOME.format(condition=where.text), [*values, min(count, SAMPLE)])
    return count, [row[0] for row in cursor.fetchall()]
