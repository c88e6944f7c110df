"""Visitors: browsers that come to the site, and the moment they turn out to be a lead."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.events import ActivitiesRecorded

# Waits for facts of these visitors that are being recorded (see RECORD in `activities`); the
# next statement then sees them.
LOCK = """
SELECT id FROM leads_visitor WHERE workspace_id = %(workspace)s
  AND id IN (SELECT visitor_id FROM jsonb_to_recordset(%(pairs)s::jsonb)
             AS pair(visitor_id uuid, lead_id uuid))
ORDER BY id FOR UPDATE
"""

STITCH = """
WITH pair AS MATERIALIZED (
    SELECT DISTINCT ON (visitor_id) * FROM jsonb_to_recordset(%(pairs)s::jsonb)
        AS pair(visitor_id uuid, lead_id uuid)
), bound AS (
    UPDATE leads_visitor AS visitor SET lead_id = pair.lead_id FROM pair
    WHERE visitor.workspace_id = %(workspace)s AND visitor.id = pair.visitor_id
      AND visitor.lead_id IS DISTINCT FROM pair.lead_id
), adopted AS (
    UPDATE leads_activity AS activity SET lead_id = pair.lead_id FROM pair
    WHERE activity.workspace_id = %(workspace)s AND activity.visitor_id = pair.visitor_id
      AND activity.lead_id IS NULL
    RETURNING activity.lead_id, activity.occurred_at, activity.is_machine
), touched AS (
    SELECT lead_id, max(occurred_at) FILTER (WHERE NOT is_machine) AS at, min(occurred_at) AS first
    FROM adopted GROUP BY lead_id
)
UPDATE leads_lead AS lead SET
    last_activity_at = greatest(lead.last_activity_at, touched.at),
    first_seen_at = least(lead.first_seen_at, touched.first)
FROM touched WHERE lead.workspace_id = %(workspace)s AND lead.id = touched.lead_id
RETURNING lead.id
"""


def stitch_visitors(pairs: Iterable[tuple[UUID, UUID]], *, now: datetime) -> tuple[UUID, ...]:
    """Visitors turned out to be leads: (visitor, lead) each; the leads that got facts by it.

    From `now` on a visitor belongs to its lead, and what it did while anonymous does too. Facts
    that already belong to somebody stay with them, whoever uses the browser next.
    """
    rows = [{"visitor_id": visitor, "lead_id": lead} for visitor, lead in pairs]
    if not rows:
        return ()
    pairs_given = as_jsonb(rows)
    with transaction.atomic():
        fetch(LOCK, pairs=pairs_given)
        lead_ids = tuple(row[0] for row in fetch(STITCH, pairs=pairs_given))
        publish(ActivitiesRecorded(lead_ids))
    return lead_ids
