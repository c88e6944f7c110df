"""How many leads a condition holds for, and a few of them, in bounded time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection, transaction

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions.condition import Condition

MOST_COUNTED = 100_000
SAMPLE = 10

COUNT = """
WITH found AS MATERIALIZED (
    SELECT lead.id FROM leads_lead lead
    WHERE lead.workspace_id = %s AND {condition} LIMIT %s
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
    where = condition.where(now)
    params = [current_workspace_id(), *where.params, most + 1, SAMPLE]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CAP_TIME, [str(within_ms)])
            cursor.execute(COUNT.format(condition=f"({where.text})"), params)
            count, sample = cursor.fetchone()
            cursor.execute(CAP_TIME, ["0"])
    except OperationalError as problem:
        if getattr(problem.__cause__, "sqlstate", "") != TOO_SLOW:
            raise
        return Counted(None)
    return Counted(min(count, most), count > most, tuple(sample or ()))
