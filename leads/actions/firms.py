"""Writing what files say about companies, set-wise."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.firm_history import keep_company_changes
from leads.actions.profiles import Door
from leads.events import CompaniesChanged

TEXTS = ("industry", "country", "city", "phone", "website")
COLUMNS = (*TEXTS, "employees", "attributes")


@dataclass(frozen=True)
class CompanyChange:
    """The fields of a company that changed, as they were and as they are."""

    id: UUID
    before: dict[str, Any]
    after: dict[str, Any]


TEXT = """CASE WHEN coalesce(row.{0}, '') <> '' AND (%(overwrite)s OR old.{0} = '')
             THEN row.{0} ELSE old.{0} END AS {0}"""
IMPROVE = """
WITH old AS MATERIALIZED (
    SELECT * FROM leads_company
    WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
    ORDER BY id FOR NO KEY UPDATE
), better AS MATERIALIZED (
    SELECT row.id, {texts},
        CASE WHEN %(overwrite)s THEN coalesce(row.employees, old.employees)
             ELSE coalesce(old.employees, row.employees) END AS employees,
        CASE WHEN %(overwrite)s THEN old.attributes || coalesce(row.attributes, '{{}}')
             ELSE coalesce(row.attributes, '{{}}') || old.attributes END AS attributes
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, industry text, country text,
        city text, phone text, website text, employees int, attributes jsonb)
    JOIN old USING (id)
), changed AS (
    UPDATE leads_company AS company SET ({columns}, changed_at) = ROW({better}, %(now)s)
    FROM better
    WHERE company.workspace_id = %(workspace)s AND company.id = better.id
      AND ROW({current}) IS DISTINCT FROM ROW({better})
    RETURNING company.id
)
SELECT changed.id, to_jsonb(old), to_jsonb(better)
FROM changed JOIN old USING (id) JOIN better USING (id)
""".format(  # noqa: S608  # nothing but our own constants goes in
    texts=",\n        ".join(TEXT.format(name) for name in TEXTS),
    columns=", ".join(COLUMNS),
    better=", ".join(f"better.{name}" for name in COLUMNS),
    current=", ".join(f"company.{name}" for name in COLUMNS),
)

# Only fields that still say what we made of them.
TAKE_BACK = f"""
WITH patch AS MATERIALIZED (
    SELECT company.id, (
        SELECT jsonb_object_agg(old.key, old.value) FROM jsonb_each(said.before) AS old
        WHERE to_jsonb(company) -> old.key = said.after -> old.key) AS said
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS said(id uuid, before jsonb, after jsonb)
    JOIN leads_company AS company
        ON company.workspace_id = %(workspace)s AND company.id = said.id
)
UPDATE leads_company AS company SET ({", ".join(COLUMNS)}, changed_at) = (
    SELECT {", ".join(f"was.{name}" for name in COLUMNS)}, %(now)s
    FROM jsonb_populate_record(company, patch.said) AS was
)
FROM patch
WHERE company.workspace_id = %(workspace)s AND company.id = patch.id AND patch.said IS NOT NULL
RETURNING company.id, patch.said
"""  # noqa: S608  # nothing but our own constants goes in


def improve_companies(
    said: Mapping[UUID, Mapping[str, Any]],
    *,
    overwrite: bool,
    door: Door,
    now: datetime,
    is_quiet: bool = False,
) -> list[CompanyChange]:
    """Fill what we do not know of these companies, or overwrite it; what changed.

    `said` maps a company to industry, country, city, phone, website, employees, attributes;
    whatever else it names is left alone.
    """
    rows = [
        {"id": pk, **{name: facts[name] for name in COLUMNS if name in facts}}
        for pk, facts in said.items()
    ]
    if not any(len(row) > 1 for row in rows):
        return []
    values = {"rows": as_jsonb(rows), "ids": list(said), "overwrite": overwrite, "now": now}
    changes = [_change(*row) for row in fetch(IMPROVE, **values)]
    kept = ((each.id, each.before, each.after) for each in changes)
    keep_company_changes(kept, door=door, now=now)
    publish(CompaniesChanged(tuple(each.id for each in changes), is_quiet=is_quiet))
    return changes


def take_back_companies(changes: Sequence[CompanyChange], *, door: Door, now: datetime) -> int:
    """Each field says again what it said before, unless somebody has changed it since; how many.

    Kept in the history, quietly: it is no news that could fire anything.
    """
    if not changes:
        return 0
    rows = [{"id": each.id, "before": each.before, "after": each.after} for each in changes]
    said = {pk: json.loads(text) for pk, text in fetch(TAKE_BACK, rows=as_jsonb(rows), now=now)}
    kept = [
        (each.id, {name: each.after.get(name) for name in said[each.id]}, said[each.id])
        for each in changes
        if each.id in said
    ]
    keep_company_changes(kept, door=door, now=now)
    publish(CompaniesChanged(tuple(said), is_quiet=True))
    return len(said)


def _change(pk: UUID, old_text: str, new_text: str) -> CompanyChange:
    old, new = json.loads(old_text), json.loads(new_text)
    names = [name for name in COLUMNS if old[name] != new[name]]
    return CompanyChange(
        pk, {name: old[name] for name in names}, {name: new[name] for name in names}
    )
