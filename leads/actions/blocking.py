"""Leads that must no longer be emailed or called, because we hold no licence for it any more."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leads.actions.profiles import Door
from leads.events import LeadsChanged

# Whoever has written to us since, or has consented, is no longer approached on the licence.
BLOCK = """
WITH old AS MATERIALIZED (
    SELECT id, do_not_email, do_not_call FROM leads_lead AS lead
    WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
      AND (%(email)s AND NOT do_not_email OR %(call)s AND NOT do_not_call)
      AND NOT EXISTS (SELECT FROM leads_activity AS fact
          WHERE fact.workspace_id = %(workspace)s AND fact.lead_id = lead.id
            AND fact.kind IN ('form_submitted', 'consent_given'))
    ORDER BY id FOR NO KEY UPDATE
), changed AS (
    UPDATE leads_lead AS lead SET do_not_email = lead.do_not_email OR %(email)s,
        do_not_call = lead.do_not_call OR %(call)s, changed_at = %(now)s
    FROM old WHERE lead.workspace_id = %(workspace)s AND lead.id = old.id
    RETURNING lead.id, lead.do_not_email, lead.do_not_call
), kept AS (
    INSERT INTO leads_profilechange (
        workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
    SELECT %(workspace)s, changed.id, said.field, said.old, said.new, %(via)s, %(via_id)s::uuid,
        %(by)s::uuid, %(now)s
    FROM changed JOIN old USING (id) CROSS JOIN LATERAL (VALUES
        ('do_not_email', to_jsonb(old.do_not_email), to_jsonb(changed.do_not_email)),
        ('do_not_call', to_jsonb(old.do_not_call), to_jsonb(changed.do_not_call))
    ) AS said (field, old, new) WHERE said.old <> said.new
)
SELECT id FROM changed
"""


def block_leads(
    lead_ids: Sequence[UUID], *, flags: Collection[str], door: Door, now: datetime
) -> int:
    """Set do_not_email, do_not_call (`flags`) on these leads; how many changed.

    Leads that have sent a form or given consent are left alone.
    """
    named = {"email": "do_not_email" in flags, "call": "do_not_call" in flags}
    with transaction.atomic():
        rows = fetch(BLOCK, ids=list(lead_ids), now=now, **named, **asdict(door))
        publish(LeadsChanged(tuple(row[0] for row in rows), is_quiet=True))
    return len(rows)
