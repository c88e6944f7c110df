"""What names people who are erased beside the rows that hung on them, in this app and below."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from leadmgmt.kernel.sql import execute
from leads.bulk.exporting import forget_exports

# A merge that was undone is remembered by the other lead, with a name on its timeline.
UNDONE_MERGES = """
WITH gone AS (
    DELETE FROM leads_merge WHERE workspace_id = %(workspace)s
      AND gone_id = ANY(%(ids)s::uuid[]) RETURNING id, lead_id, gone_label
), changes AS (
    DELETE FROM leads_profilechange AS change USING gone
    WHERE change.workspace_id = %(workspace)s AND change.lead_id = gone.lead_id
      AND change.via = 'merge' AND change.via_id = gone.id
)
UPDATE leads_activity AS fact SET properties = fact.properties - 'lead'
FROM gone WHERE fact.workspace_id = %(workspace)s AND fact.lead_id = gone.lead_id
  AND fact.kind = 'merged' AND fact.properties ->> 'lead' = gone.gone_label
"""
# The same where the other lead lies in a parcel, to be put back one day.
UNDONE_IN_PARCELS = """
WITH naming AS MATERIALIZED (
    SELECT parcel.id, array_agg(merge ->> 'id') AS merges,
        array_agg(merge ->> 'gone_label') AS labels
    FROM leads_removedlead AS parcel, jsonb_array_elements(parcel.rows -> 'leads_merge') AS merge
    WHERE parcel.workspace_id = %(workspace)s AND parcel.lead_id <> ALL(%(ids)s::uuid[])
      AND merge ->> 'gone_id' = ANY(%(texts)s::text[])
    GROUP BY parcel.id
)
UPDATE leads_removedlead AS parcel SET rows = (
    SELECT jsonb_object_agg(part.key, (
        SELECT coalesce(jsonb_agg(CASE
            WHEN part.key = 'leads_activity' AND row ->> 'kind' = 'merged'
                AND row #>> '{properties,lead}' = ANY(naming.labels)
            THEN row #- '{properties,lead}' ELSE row END), '[]')
        FROM jsonb_array_elements(part.value) AS row
        WHERE (part.key = 'leads_merge' AND row ->> 'id' = ANY(naming.merges)
            OR part.key = 'leads_profilechange' AND row ->> 'via' = 'merge'
               AND row ->> 'via_id' = ANY(naming.merges)) IS NOT TRUE))
    FROM jsonb_each(parcel.rows) AS part)
FROM naming WHERE parcel.workspace_id = %(workspace)s AND parcel.id = naming.id
"""
# Merges of companies note who moved, parcels of companies who worked there, choices who was meant.
MOVED_ALONG = """
UPDATE leads_companymerge
SET moved = jsonb_set(moved, '{leads.Lead}', (moved -> 'leads.Lead') - %(texts)s::text[])
WHERE workspace_id = %(workspace)s AND moved -> 'leads.Lead' ?| %(texts)s::text[]
"""
WORKED_THERE = """
UPDATE leads_removedcompany AS parcel SET rows = (
    SELECT jsonb_object_agg(part.key, (
        SELECT coalesce(jsonb_agg(CASE
            WHEN part.key = 'leads_companymerge' AND row #> '{moved,leads.Lead}' IS NOT NULL
            THEN jsonb_set(row, '{moved,leads.Lead}',
                (row #> '{moved,leads.Lead}') - %(texts)s::text[])
            ELSE row END), '[]')
        FROM jsonb_array_elements(part.value) AS row
        WHERE (part.key = 'leads_lead.company_id'
            AND row ->> 'id' = ANY(%(texts)s::text[])) IS NOT TRUE))
    FROM jsonb_each(parcel.rows) AS part)
WHERE workspace_id = %(workspace)s AND (
    jsonb_path_query_array(rows, '$."leads_lead.company_id"[*].id') ?| %(texts)s::text[]
    OR jsonb_path_query_array(rows, '$.leads_companymerge[*].moved."leads.Lead"[*]')
        ?| %(texts)s::text[])
"""
CHOSEN = """
UPDATE leads_bulkaction
SET selection = jsonb_set(selection, '{ids}', (selection -> 'ids') - %(texts)s::text[])
WHERE workspace_id = %(workspace)s AND selection -> 'ids' ?| %(texts)s::text[]
"""
TO_COME = """
UPDATE leads_bulkchoice
SET ids = ARRAY(SELECT id FROM unnest(ids) AS id WHERE id <> ALL(%(ids)s::uuid[]) ORDER BY id)
WHERE workspace_id = %(workspace)s AND ids && %(ids)s::uuid[]
"""
# Their browsers stay for the figures of the site, and are strangers when they come back.
BROWSERS = """
UPDATE leads_visitor SET token = 'erased-' || id, source = '', medium = '', campaign_id = NULL
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""
KEYS = """
DELETE FROM leads_activitykey WHERE workspace_id = %(workspace)s AND key = ANY(%(keys)s::text[])
"""
NOTICES = """
DELETE FROM workspaces_notice WHERE workspace_id = %(workspace)s
  AND substring(path FROM '(?:leads/|[?&]lead=)([0-9a-f-]{36})') = ANY(%(texts)s::text[])
"""


def scrub(ids: Sequence[UUID], *, keys: Sequence[str], loose: Mapping[str, Sequence[UUID]]) -> None:
    """Take these leads out of all that names them; their own rows lie in parcels by now.

    `keys`: of facts on their timelines. `loose`: `table.column` → rows that named them until now.
    """
    texts = [str(each) for each in ids]
    for statement in (UNDONE_MERGES, TO_COME):
        execute(statement, ids=ids)
    execute(UNDONE_IN_PARCELS, ids=ids, texts=texts)
    for statement in (MOVED_ALONG, WORKED_THERE, CHOSEN, NOTICES):
        execute(statement, texts=texts)
    if keys:
        execute(KEYS, keys=keys)
    forget_exports()
    if browsers := loose.get("leads_visitor.lead_id"):
        execute(BROWSERS, ids=browsers)
