"""Remembering what we knew of companies before, and who changed it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from leadmgmt.kernel.sql import execute
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.profiles import Door

Said = Mapping[str, Any]

KEEP = """
INSERT INTO leads_companychange (
    workspace_id, company_id, field, old, new, via, via_id, by_id, changed_at)
SELECT %(workspace)s, company, field, old, new, %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(company uuid, field text, old jsonb, new jsonb)
"""


def keep_company_changes(
    changes: Iterable[tuple[UUID, Said, Said]], *, door: Door, now: datetime
) -> int:
    """Keep what differs between two states of each company, a row for each field; how many.

    Custom values may stand flat (`attributes.size`) or together under `attributes`.
    """
    rows = [
        {"company": id, "field": field, "old": old.get(field), "new": new.get(field)}
        for id, old, new in ((id, _flat(before), _flat(after)) for id, before, after in changes)
        for field in {**old, **new}
        if old.get(field) != new.get(field)
    ]
    return execute(KEEP, rows=as_jsonb(rows), now=now, **asdict(door)) if rows else 0


def _flat(said: Said) -> dict[str, Any]:
    own = said.get("attributes") or {}
    plain = {name: value for name, value in said.items() if name != "attributes"}
    return plain | {f"attributes.{key}": value for key, value in own.items()}
