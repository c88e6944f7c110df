"""Setting one field of many leads, set-wise, with where each value came from."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.profiles import Door
from leads.events import LeadsChanged

OWN = "attributes."
TEXTS = ("job_title", "country", "city", "source", "medium")
FLAGS = ("do_not_email", "do_not_call")

# What a field says as JSON (unknown: nothing), and how a JSON value is put there.
TEXT = ("to_jsonb(NULLIF(lead.{0}, ''))", "{0} = COALESCE(row.value #>> '{{}}', '')")
FLAG = ("to_jsonb(lead.{0})", "{0} = COALESCE((row.value)::boolean, false)")
OF_OWN = (
    "lead.attributes -> %(key)s",
    """attributes = (lead.attributes - %(key)s) || CASE
        WHEN row.value IS NULL THEN '{}'::jsonb
        ELSE jsonb_build_object(%(key)s::text, row.value) END""",
)

SET = """
WITH row AS (
    SELECT id, NULLIF(value, 'null') AS value
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, value jsonb)
), old AS MATERIALIZED (
    SELECT lead.id, {now_says} AS value FROM leads_lead AS lead
    WHERE lead.workspace_id = %(workspace)s AND lead.id IN (SELECT id FROM row)
    ORDER BY lead.id FOR NO KEY UPDATE
), changed AS (
    UPDATE leads_lead AS lead SET {put}, changed_at = %(now)s
    FROM row JOIN old USING (id)
    WHERE lead.workspace_id = %(workspace)s AND lead.id = row.id
      AND old.value IS DISTINCT FROM row.value
      AND (NOT %(is_checked)s OR old.value IS NOT DISTINCT FROM NULLIF(%(seen)s::jsonb, 'null'))
    RETURNING lead.id, old.value AS old, row.value AS new
), kept AS (
    INSERT INTO leads_profilechange (
        workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
    SELECT %(workspace)s, id, %(field)s, old, new, %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
    FROM changed
)
SELECT id, old FROM changed ORDER BY id
"""

ANYTHING = object()


def set_field(
    values: Mapping[UUID, Any], *, field: str, door: Door, now: datetime, seen: Any = ANYTHING
) -> dict[UUID, Any]:
    """Give each lead its value of one field; what those that changed said before.

    `field` is a plain text or yes/no of the profile, or `attributes.<key>`; None makes a value
    unknown. With `seen`, only where the field still says that. Keeps each change.
    """
    now_says, put = _sql_of(field)
    told = {"via": door.via, "via_id": door.via_id, "by": door.by, "now": now, "field": field}
    with transaction.atomic():
        rows = fetch(
            SET.format(now_says=now_says, put=put),
            rows=as_jsonb([{"id": lead, "value": value} for lead, value in values.items()]),
            key=field.removeprefix(OWN),
            is_checked=seen is not ANYTHING,
            seen=as_jsonb(None if seen is ANYTHING else seen),
            **told,
        )
        before = {lead: None if old is None else json.loads(old) for lead, old in rows}
        publish(LeadsChanged(tuple(before)))
    return before


def _sql_of(field: str) -> tuple[str, str]:
    if field.startswith(OWN):
        return OF_OWN
    now_says, put = TEXT if field in TEXTS else FLAG
    if field not in (*TEXTS, *FLAGS):
        raise ValueError(field)
    return now_says.format(field), put.format(field)
