"""Setting one field of many leads or companies, set-wise, with where each value came from."""

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
from leads.events import CompaniesChanged, LeadsChanged
from leads.models import Subject

OWN = "attributes."
FLAGS = ("do_not_email", "do_not_call")
TEXTS: Mapping[str, tuple[str, ...]] = {
    Subject.LEAD: ("job_title", "country", "city", "source", "medium"),
    Subject.COMPANY: ("industry", "country", "city"),
}

# What a field says as JSON (unknown: nothing), and how a JSON value is put there.
TEXT = ("to_jsonb(NULLIF(it.{0}, ''))", "{0} = COALESCE(row.value #>> '{{}}', '')")
FLAG = ("to_jsonb(it.{0})", "{0} = COALESCE((row.value)::boolean, false)")
OF_OWN = (
    "it.attributes -> %(key)s",
    """attributes = (it.attributes - %(key)s) || CASE
        WHEN row.value IS NULL THEN '{}'::jsonb
        ELSE jsonb_build_object(%(key)s::text, row.value) END""",
)
OF_COMPANIES = {
    "employees": ("to_jsonb(it.employees)", "employees = (row.value #>> '{}')::int"),
    "owner": ("to_jsonb(it.owner_id)", "owner_id = (row.value #>> '{}')::uuid"),
}

SET = """
WITH row AS (
    SELECT id, NULLIF(value, 'null') AS value
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, value jsonb)
), old AS MATERIALIZED (
    SELECT it.id, {now_says} AS value FROM {table} AS it
    WHERE it.workspace_id = %(workspace)s AND it.id IN (SELECT id FROM row)
    ORDER BY it.id FOR NO KEY UPDATE
), changed AS (
    UPDATE {table} AS it SET {put}, changed_at = %(now)s
    FROM row JOIN old USING (id)
    WHERE it.workspace_id = %(workspace)s AND it.id = row.id
      AND old.value IS DISTINCT FROM row.value
      AND (NOT %(is_checked)s OR old.value IS NOT DISTINCT FROM NULLIF(%(seen)s::jsonb, 'null'))
    RETURNING it.id, old.value AS old, row.value AS new
), kept AS (
    INSERT INTO {history} (
        workspace_id, {whose}, field, old, new, via, via_id, by_id, changed_at)
    SELECT %(workspace)s, id, %(field)s, old, new, %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
    FROM changed
)
SELECT id, old FROM changed ORDER BY id
"""
KEPT_IN: Mapping[str, Mapping[str, str]] = {
    Subject.LEAD: {"table": "leads_lead", "history": "leads_profilechange", "whose": "lead_id"},
    Subject.COMPANY: {
        "table": "leads_company",
        "history": "leads_companychange",
        "whose": "company_id",
    },
}
CHANGED: Mapping[str, type[LeadsChanged | CompaniesChanged]] = {
    Subject.LEAD: LeadsChanged,
    Subject.COMPANY: CompaniesChanged,
}

ANYTHING = object()


def set_field(
    values: Mapping[UUID, Any],
    *,
    field: str,
    door: Door,
    now: datetime,
    seen: Any = ANYTHING,
    subject: str = Subject.LEAD,
) -> dict[UUID, Any]:
    """Give each lead (or company) its value of one field; what those that changed said before.

    `field` is a plain text or yes/no of the profile, `employees` or `owner` of a company, or
    `attributes.<key>`; None makes a value unknown. With `seen`, only where the field still says
    that. Keeps each change.
    """
    now_says, put = _sql_of(field, subject)
    told = {"via": door.via, "via_id": door.via_id, "by": door.by, "now": now, "field": field}
    with transaction.atomic():
        rows = fetch(
            SET.format(now_says=now_says, put=put, **KEPT_IN[subject]),
            rows=as_jsonb([{"id": id, "value": value} for id, value in values.items()]),
            key=field.removeprefix(OWN),
            is_checked=seen is not ANYTHING,
            seen=as_jsonb(None if seen is ANYTHING else seen),
            **told,
        )
        before = {id: None if old is None else json.loads(old) for id, old in rows}
        publish(CHANGED[subject](tuple(before)))
    return before


def _sql_of(field: str, subject: str) -> tuple[str, str]:
    if field.startswith(OWN):
        return OF_OWN
    if subject == Subject.COMPANY and field in OF_COMPANIES:
        return OF_COMPANIES[field]
    if field not in TEXTS[subject] and not (subject == Subject.LEAD and field in FLAGS):
        raise ValueError(field)
    now_says, put = FLAG if field in FLAGS else TEXT
    return now_says.format(field), put.format(field)
