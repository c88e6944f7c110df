"""Which qualification cycle a lead is in, and since when (funnel only writes it)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import execute
from leadmgmt.kernel.strict import as_jsonb
from leads.events import StandingsChanged

SET = """
UPDATE leads_lead AS lead SET cycle = row.cycle, cycle_began_at = row.began_at
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, cycle int, began_at timestamptz)
WHERE lead.workspace_id = %(workspace)s AND lead.id = row.id
"""


@dataclass(frozen=True)
class InCycle:
    """A lead, the number of its cycle, and when that began; None for the first."""

    lead_id: UUID
    cycle: int
    began_at: datetime | None


def set_cycles(rows: Iterable[InCycle]) -> None:
    """Put leads into these cycles. The caller has locked them, and writes the history."""
    rows = list(rows)
    given = [
        {"id": row.lead_id, "cycle": row.cycle, "began_at": row.began_at and str(row.began_at)}
        for row in rows
    ]
    with transaction.atomic():
        execute(SET, rows=as_jsonb(given))
        publish(StandingsChanged(tuple(row.lead_id for row in rows), fields="cycle"))
