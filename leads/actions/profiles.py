"""Writing what we know about people: new profiles, filled blanks, corrected values, set-wise."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
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
), changed AS (
    UPDATE leads_lead AS lead SET ({{columns}}, changed_at) = ROW({{better}}, %(now)s)
    FROM better
    WHERE lead.workspace_id = %(workspace)s AND lead.id = better.id
      AND ROW({{current}}) IS DISTINCT FROM ROW({{better}})
    RETURNING lead.id
), kept AS (
    INSERT INTO leads_profilechange (
        workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
    SELECT %(workspace)s, better.id, said.field, said.old, said.new, %(via)s, %(via_id)s::uuid,
        %(by)s::uuid, %(now)s
    FROM changed JOIN old USING (id) JOIN better USING (id)
    CROSS JOIN LATERAL (
        VALUES {{pairs}}
        UNION ALL
        SELECT 'attributes.' || key, old.attributes -> key, better.attributes -> key
        FROM jsonb_object_keys(better.attributes) AS key
    ) AS said (field, old, new)
    WHERE said.old IS DISTINCT FROM said.new
)
SELECT id FROM changed
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
    pairs=", ".join(
        f"('{name}', to_jsonb(old.{name}), to_jsonb(better.{name}))"
        for name in COLUMNS
        if name != "attributes"
    ),
)


KEEP_CLAIMS = """
INSERT INTO leads_profilechange (
    workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
SELECT %(workspace)s, lead_id, 'identities.' || kind, NULL, to_jsonb(value), %(via)s,
    %(via_id)s::uuid, %(by)s::uuid, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS claim(lead_id uuid, kind text, value text)
"""


@dataclass(frozen=True)
class Door:
    """Through which door values come (leads.models.Via), which one of them, and by whom."""

    via: str
    via_id: UUID | None = None
    by: UUID | None = None


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


def create_profiles(
    profiles: Sequence[Profile], now: datetime, *, blocks: Collection[str] = ()
) -> None:
    """Insert new leads; their identities are claimed already, their first activity is told now.

    `blocks` names what must not be done with them: do_not_email, do_not_call.
    """
    for name in blocks:
        for profile in profiles:
            profile.said[name] = True
    if profiles:
        execute(CREATE, rows=_rows(profiles), now=now)


def improve_profiles(
    profiles: Sequence[Profile], *, overwrite: bool, door: Door, now: datetime
) -> tuple[UUID, ...]:
    """Fill the blanks of known leads, or overwrite what they hold; those that changed.

    Each field that changes is kept as a ProfileChange in the same statement.
    """
    if not profiles:
        return ()
    ids = [profile.said["id"] for profile in profiles]
    values = {"rows": _rows(profiles), "ids": ids, "overwrite": overwrite, "now": now}
    return tuple(row[0] for row in fetch(IMPROVE, **values, **asdict(door)))


def keep_claims(claims: Iterable[tuple[UUID, str, str]], *, door: Door, now: datetime) -> None:
    """Known leads were given identities (lead, kind, value): kept as changes of `identities.…`."""
    rows = [{"lead_id": lead, "kind": kind, "value": value} for lead, kind, value in claims]
    if rows:
        execute(KEEP_CLAIMS, rows=as_jsonb(rows), now=now, **asdict(door))


def _rows(profiles: Sequence[Profile]) -> str:
    return as_jsonb([profile.said for profile in profiles])


def _chosen(old: Any, new: Any, overwrite: bool) -> Any:
    return (new or old) if overwrite else (old or new)
