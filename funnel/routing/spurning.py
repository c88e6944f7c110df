"""Whom a lead must not go back to: whoever sent it back before."""

from collections.abc import Sequence
from uuid import UUID

from leadmgmt.kernel.sql import fetch

SPURNED = """
SELECT lead_id, array_agg(DISTINCT by_id) FROM funnel_disposition
WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(leads)s::uuid[])
  AND by_id IS NOT NULL AND kind IN ('rejected', 'recycled')
GROUP BY lead_id
"""


def spurned_by(lead_ids: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The members who rejected or recycled each of these leads."""
    rows = fetch(SPURNED, leads=list(lead_ids)) if lead_ids else []
    return {lead_id: frozenset(members) for lead_id, members in rows}
