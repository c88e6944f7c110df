"""Writing what we know about people: new profiles, filled blanks, corrected values, set-wise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.rows import NewLead

TEXTS = ("name", "email", "phone", "job_title", "country", "city")
FIRST_TOUCH = ("source", "medium", "campaign_id")

ROW = """jsonb_to_recordset(%(rows)s::jsonb) AS row(
    id uuid, name text, email text, phone text, job_title text, country text, city text,
    source text, medium text, campaign_id uuid, company_id uuid, attributes jsonb,
    do_not_email boolean, do_not_call boolean, first_seen_at timestamptz)"""

CREATE = f"""
INSERT INTO leads_lead (
    workspace_id, id, name, email, phone, job_title, country, city, source, medium, campaign_id,
    company_id, attributes, do_not_email, do_not_call, first_seen_at, created_at, changed_at,
    last_activity_at, stage, highest_stage, stage_entered_at, cycle, lead_class)
SELECT
    %(workspace)s, id, name, email, phone, job_title, country, city, source, medium, campaign_id,
    company_id, attributes, do_not_email, do_not_call, coalesce(first_seen_at, %(now)s),
    %(now)s, %(now)s, %(now)s, 'lead', 'lead', %(now)s, 1, ''
FROM {ROW}
ORDER BY id
"""  # noqa: S608  # nothing but our own constant goes in

# The first touch is one fact: it is taken whole where there is none, or not at all.
IMPROVE = f"""
WITH old AS MATERIALIZED (
    SELECT * FROM leads_lead
    WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
    ORDER BY id FOR NO KEY UPDATE
), better AS MATERIALIZED (
    SELECT row.id,
        {{texts}},
        CASE WHEN %(overwrite)s THEN coalesce(row.company_id, old.company_id)
             ELSE coalesce(old.company_id, row.company_id) END AS company_id,
        CASE WHEN %(overwrite)s THEN old.attributes || row.attributes
             ELSE row.attributes || old.attributes END AS attributes,
        old.do_not_email OR row.do_not_email AS do_not_email,
        old.do_not_call OR row.do_not_call AS do_not_call,
        CASE WHEN old.is_touched THEN old.source ELSE row.source END AS source,
        CASE WHEN old.is_touched THEN old.medium ELSE row.medium END AS medium,
        CASE WHEN old.is_touched THEN old.campaign_id ELSE row.campaign_id END AS campaign_id,
        least(old.first_seen_at, row.first_seen_at) AS first_seen_at
    FROM {ROW}
    JOIN (SELECT *, source <> '' OR medium <> '' OR campaign_id IS NOT NULL AS is_touched
          FROM old) AS old USING (id)
)
UPDATE leads_lead AS lead SET ({{columns}}, changed_at) = ROW({{better}}, %(now)s)
FROM better
WHERE lead.workspace_id = %(workspace)s AND lead.id = better.id
  AND ROW({{current}}) IS DISTINCT FROM ROW({{better}})
RETURNING lead.id
"""  # noqa: S608  # nothing but our own constant goes in

COLUMNS = (
    *TEXTS,
    *FIRST_TOUCH,
    "company_id",
    "attributes",
    "do_not_email",
    "do_not_call",
    "first_seen_at",
)
TEXT = """CASE WHEN row.{0} <> '' AND (%(overwrite)s OR old.{0} = '')
             THEN row.{0} ELSE old.{0} END AS {0}"""
IMPROVE = IMPROVE.format(
    texts=",\n        ".join(TEXT.format(name) for name in TEXTS),
    columns=", ".join(COLUMNS),
    better=", ".join(f"better.{name}" for name in COLUMNS),
    current=", ".join(f"lead.{name}" for name in COLUMNS),
)


class Profile:
    """What the rows of one batch say about one lead, folded into one."""

    def __init__(self, lead_id: UUID) -> None:
        self.said: dict[str, Any] = dict.fromkeys((*TEXTS, "source", "medium"), "")
        self.said |= {"id": lead_id, "campaign_id": None, "company_id": None, "attributes": {}}
        self.said |= {"do_not_email": False, "do_not_call": False, "first_seen_at": None}

    def take(self, row: NewLead, *, company_id: UUID | None, overwrite: bool) -> None:
        """Fill blanks with what `row` says; with `overwrite` its values win."""
        said = self.said
        for name in TEXTS:
            said[name] = _chosen(said[name], getattr(row, name), overwrite)
        said["company_id"] = _chosen(said["company_id"], company_id, overwrite)
        if not any(said[name] for name in FIRST_TOUCH):
            said |= {name: getattr(row, name) for name in FIRST_TOUCH}
        first, second = (said["attributes"], row.attributes)
        said["attributes"] = {**first, **second} if overwrite else {**second, **first}
        said["do_not_email"] |= row.do_not_email
        said["do_not_call"] |= row.do_not_call
        moments = [at for at in (said["first_seen_at"], row.first_seen_at) if at]
        said["first_seen_at"] = min(moments, default=None)


def create_profiles(profiles: Sequence[Profile], now: datetime) -> None:
    """Insert new leads; their identities are claimed already, their first activity is told now."""
    if profiles:
        execute(CREATE, rows=_rows(profiles), now=now)


def improve_profiles(
    profiles: Sequence[Profile], *, overwrite: bool, now: datetime
) -> tuple[UUID, ...]:
    """Fill the blanks of known leads, or overwrite what they hold; those that changed."""
    if not profiles:
        return ()
    ids = [profile.said["id"] for profile in profiles]
    changed = fetch(IMPROVE, rows=_rows(profiles), ids=ids, overwrite=overwrite, now=now)
    return tuple(row[0] for row in changed)


def _rows(profiles: Sequence[Profile]) -> str:
    return as_jsonb([profile.said for profile in profiles])


def _chosen(old: Any, new: Any, overwrite: bool) -> Any:
    return (new or old) if overwrite else (old or new)
