"""Remembering what one profile said before, and who changed it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from leadmgmt.kernel.sql import execute
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.profiles import Door
from leads.models import Lead

PLAIN = ("name", "email", "phone", "job_title", "country", "city", "do_not_email", "do_not_call")

KEEP = """
INSERT INTO leads_profilechange (
    workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
SELECT %(workspace)s, %(lead)s, field, old, new, %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(field text, old jsonb, new jsonb)
"""


def profile_of(lead: Lead) -> dict[str, Any]:
    """What a profile says, by the names ProfileChange uses."""
    said: dict[str, Any] = {name: getattr(lead, name) for name in PLAIN}
    said["company_id"] = lead.company_id and str(lead.company_id)
    return said | {f"attributes.{key}": value for key, value in lead.attributes.items()}


def keep_changes(lead: Lead, before: Mapping[str, Any], *, door: Door, now: datetime) -> int:
    """Keep what differs from `before`, a row for each field; how many."""
    after = profile_of(lead)
    rows = [
        {"field": field, "old": before.get(field), "new": after.get(field)}
        for field in {**before, **after}
        if before.get(field) != after.get(field)
    ]
    if not rows:
        return 0
    return execute(KEEP, lead=lead.pk, rows=as_jsonb(rows), now=now, **asdict(door))
