"""What a row says beyond the profile of its lead: facts about the company, tags, consents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from capture.actions.tracing import Trace
from capture.importing.rows import Row
from capture.models import Import, Known, TraceKind
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.consents import NewConsent, record_consents
from leads.actions.employers import employers_of
from leads.actions.firms import improve_companies
from leads.actions.profiles import Door
from leads.actions.tagging import LONGEST, key_of
from leads.models import Purpose, Via

Written = Sequence[tuple[Row, UUID]]

SOURCE = "import"

FOUNDED = """
SELECT id FROM leads_company
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[]) AND created_at = %(now)s
"""
MAKE_TAGS = """
INSERT INTO leads_tag (workspace_id, name, key)
SELECT %(workspace)s, name, key FROM jsonb_to_recordset(%(tags)s::jsonb) AS tag(name text, key text)
ORDER BY key
ON CONFLICT (workspace_id, key) DO NOTHING
"""
PUT_TAGS = """
WITH tag AS MATERIALIZED (
    SELECT id, key FROM leads_tag
    WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s) ORDER BY id FOR KEY SHARE
)
INSERT INTO leads_leadtag (workspace_id, lead_id, tag_id, by_id, tagged_at)
SELECT DISTINCT %(workspace)s::uuid, said.lead_id, tag.id, %(by)s::uuid, %(now)s::timestamptz
FROM jsonb_to_recordset(%(rows)s::jsonb) AS said(lead_id uuid, key text)
JOIN tag ON tag.key = said.key
ON CONFLICT (workspace_id, lead_id, tag_id) DO NOTHING
RETURNING id
"""


def add_details(found: Import, written: Written, *, now: datetime) -> list[Trace]:
    """Write them, set-wise; what was made or changed by it."""
    traces = _companies(found, written, now)
    traces += [Trace(TraceKind.TAG, pk) for pk in _tags(found, written, now)]
    return traces + [Trace(TraceKind.CONSENT, pk) for pk in _consents(found, written, now)]


def _companies(found: Import, written: Written, now: datetime) -> list[Trace]:
    """Companies founded with these rows (they bear their moment), and those that learnt more."""
    rows = [row for row, _lead in written if row.company or row.lead.email]
    employers = employers_of([row.lead for row in rows], now=now) if rows else []
    ids = {each for each in employers if each}
    founded = {row[0] for row in fetch(FOUNDED, ids=list(ids), now=now)} if ids else set()
    said: dict[UUID, dict[str, Any]] = {}
    overwrite = found.known == Known.OVERWRITE
    for row, employer in zip(rows, employers, strict=True):
        if employer and row.company:
            _fold(said.setdefault(employer, {}), row.company, overwrite=overwrite)
    door = Door(Via.IMPORT, found.pk, found.by_id)
    changed = improve_companies(
        said, overwrite=overwrite, door=door, now=now, is_quiet=found.is_quiet
    )
    return [
        *(Trace(TraceKind.COMPANY, pk) for pk in founded),
        *(
            Trace(TraceKind.COMPANY_CHANGED, change.id, change.before, change.after)
            for change in changed
            if change.id not in founded
        ),
    ]


def _fold(said: dict[str, Any], more: Mapping[str, Any], *, overwrite: bool) -> None:
    """Several rows about one company: the first tells, or the last when it replaces."""
    for name, value in more.items():
        if name == "attributes":
            _fold(said.setdefault(name, {}), value, overwrite=overwrite)
        elif overwrite or name not in said:
            said[name] = value


def _tags(found: Import, written: Written, now: datetime) -> list[UUID]:
    names = {key_of(tag[:LONGEST]): tag[:LONGEST] for row, _lead in written for tag in row.tags}
    if not names:
        return []
    tags = [{"key": key, "name": name} for key, name in names.items()]
    execute(MAKE_TAGS, tags=as_jsonb(tags))
    rows = [
        {"lead_id": lead_id, "key": key_of(tag[:LONGEST])}
        for row, lead_id in written
        for tag in row.tags
    ]
    told = {"keys": list(names), "rows": as_jsonb(rows), "by": found.by_id, "now": now}
    return [pk for (pk,) in fetch(PUT_TAGS, **told)]


def _consents(found: Import, written: Written, now: datetime) -> list[UUID]:
    if not any(row.consents for row, _lead in written):
        return []
    purposes = dict(Purpose.objects.filter(retired_at=None).values_list("key", "pk"))
    origin = {"import_id": str(found.pk), "file": found.name}
    said = [
        NewConsent(lead_id, purposes[key], is_given, SOURCE, proof=origin | {"row": row.number})
        for row, lead_id in written
        for key, is_given in row.consents.items()
        if key in purposes
    ]
    return record_consents(said, by=found.by, now=now, is_quiet=found.is_quiet)
