"""Taking back what one door changed on known leads, as far as nobody has changed it since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.profiles import COLUMNS
from leads.actions.standing import lift_companies
from leads.events import LeadsChanged
from leads.models import Via

ATTRIBUTE = "attributes."

CHANGED = """
SELECT DISTINCT lead_id FROM leads_profilechange
WHERE workspace_id = %(workspace)s AND via_id = %(via_id)s
  AND (%(after)s::uuid IS NULL OR lead_id > %(after)s::uuid)
ORDER BY lead_id LIMIT %(most)s
"""
LOCK = """
SELECT company_id FROM leads_lead WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""
# What each field said before the first change through this door, what the last one made of it,
# and whether it still says that.
JUDGE = """
WITH change AS (
    SELECT lead_id, field, (array_agg(old ORDER BY changed_at, id))[1] AS old,
        (array_agg(new ORDER BY changed_at DESC, id DESC))[1] AS new
    FROM leads_profilechange
    WHERE workspace_id = %(workspace)s AND via_id = %(via_id)s AND lead_id = ANY(%(ids)s::uuid[])
      AND field NOT LIKE 'identities.%%'
    GROUP BY lead_id, field
)
SELECT lead_id, field, old::text, CASE WHEN field LIKE 'attributes.%%'
    THEN coalesce(lead.attributes -> substr(field, 12), 'null')
    ELSE to_jsonb(lead) -> field END = coalesce(new, 'null')
FROM change JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = lead_id
ORDER BY lead_id, field
"""
RESTORE = f"""
WITH patch AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS patch(id uuid, said jsonb, attributes jsonb, gone text[])
)
UPDATE leads_lead AS lead SET ({", ".join(COLUMNS)}, changed_at) = (
    SELECT {
    ", ".join(
        {
            "attributes": "(lead.attributes - patch.gone) || patch.attributes",
            "company_id": "coalesce((SELECT id FROM leads_company AS firm WHERE firm.workspace_id ="
            " %(workspace)s AND firm.id = was.company_id), (SELECT company_id"
            " FROM leads_companymerge AS merged WHERE merged.workspace_id = %(workspace)s"
            " AND merged.gone_id = was.company_id AND merged.undone_at IS NULL LIMIT 1))",
            "campaign_id": "(SELECT id FROM leads_campaign AS effort WHERE effort.workspace_id ="
            " %(workspace)s AND effort.id = was.campaign_id)",
        }.get(name, f"was.{name}")
        for name in COLUMNS
    )
}, %(now)s
    FROM jsonb_populate_record(lead, patch.said) AS was
)
FROM patch WHERE lead.workspace_id = %(workspace)s AND lead.id = patch.id
"""  # noqa: S608  # nothing but our own constants goes in
GIVE_UP = """
DELETE FROM leads_identity AS identity USING leads_profilechange AS change
WHERE identity.workspace_id = %(workspace)s AND change.workspace_id = %(workspace)s
  AND change.via_id = %(via_id)s AND change.lead_id = ANY(%(ids)s::uuid[])
  AND change.field = 'identities.' || identity.kind AND identity.lead_id = change.lead_id
  AND identity.value = change.new #>> '{}'
  AND NOT EXISTS (SELECT FROM leads_lead AS lead
      WHERE lead.workspace_id = %(workspace)s AND lead.id = change.lead_id
        AND identity.value IN (lead.email, lead.phone))
"""
KEEP = """
INSERT INTO leads_profilechange (
    workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
SELECT %(workspace)s, lead_id, field, NULL, new, %(via)s, NULL, %(by)s::uuid, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS change(lead_id uuid, field text, new jsonb)
"""


@dataclass(frozen=True)
class TakenBack:
    """How many fields are as they were, and those that stay because somebody changed them."""

    restored: int = 0
    stayed: list[tuple[UUID, str]] = field(default_factory=list)


def changed_via(via_id: UUID, *, after: str, most: int) -> list[UUID]:
    """Leads whose profile this import, form … has changed, in order."""
    rows = fetch(CHANGED, via_id=via_id, after=after or None, most=most)
    return [row[0] for row in rows]


def take_back_changes(
    lead_ids: Sequence[UUID], *, via_id: UUID, by: UUID | None, now: datetime
) -> TakenBack:
    """Each field these leads got from `via_id` says again what it said before, if it may.

    Identities that came with it are given up, unless the lead still shows them.
    """
    if not lead_ids:
        return TakenBack()
    ids = list(lead_ids)
    before = {row[0] for row in fetch(LOCK, ids=ids)}
    judged = fetch(JUDGE, ids=ids, via_id=via_id)
    ours = [row for row in judged if row[3]]
    if ours:
        execute(RESTORE, rows=as_jsonb(list(_patches(ours).values())), now=now)
        rows = [{"lead_id": row[0], "field": row[1], "new": _json(row[2])} for row in ours]
        execute(KEEP, rows=as_jsonb(rows), via=Via.PERSON, by=by, now=now)
    execute(GIVE_UP, ids=ids, via_id=via_id)
    after = {row[0] for row in fetch(LOCK, ids=ids)}
    lift_companies(sorted((before | after) - {None}), now=now)
    publish(LeadsChanged(tuple({row[0] for row in ours}), is_quiet=True))
    return TakenBack(len(ours), [(row[0], row[1]) for row in judged if not row[3]])


def _patches(rows: Sequence[tuple[Any, ...]]) -> dict[UUID, dict[str, Any]]:
    """What each lead said before."""
    patches: dict[UUID, dict[str, Any]] = {}
    for lead_id, name, text, _is_ours in rows:
        patch = patches.setdefault(
            lead_id, {"id": lead_id, "said": {}, "attributes": {}, "gone": []}
        )
        old, key = _json(text), name.removeprefix(ATTRIBUTE)
        if not name.startswith(ATTRIBUTE):
            patch["said"][name] = old
        elif old is None:
            patch["gone"].append(key)
        else:
            patch["attributes"][key] = old
    return patches


def _json(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)
