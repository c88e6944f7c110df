"""Who a bulk action is about, written down when it begins: later chunks do not ask again.

What the action does, or anybody else meanwhile, may change who meets the condition; whoever met it
at the beginning is meant. One row holds the ids of one chunk, and goes in its transaction.
"""

from collections.abc import Sequence
from uuid import UUID

from leadmgmt.kernel.sql import execute, fetch
from leads.bulk.selecting import meant_by, rows_of
from leads.models import BulkAction

CHOOSE = """
INSERT INTO leads_bulkchoice (workspace_id, bulk_id, number, ids)
SELECT %(workspace)s, %(bulk)s, number, array_agg(id ORDER BY id)
FROM (
    SELECT {row}.id, (row_number() OVER (ORDER BY {row}.id) - 1) / %(size)s AS number
    FROM {rows} WHERE {meant} AND (%(after)s::uuid IS NULL OR {row}.id > %(after)s::uuid)
) AS chosen
GROUP BY number
RETURNING cardinality(ids)
"""
NEXT = """
DELETE FROM leads_bulkchoice AS choice USING (
    SELECT min(number) AS number, max(number) AS last FROM leads_bulkchoice
    WHERE workspace_id = %(workspace)s AND bulk_id = %(bulk)s) AS left_over
WHERE choice.workspace_id = %(workspace)s AND choice.bulk_id = %(bulk)s
  AND choice.number = left_over.number
RETURNING choice.ids, choice.number = left_over.last
"""
# Who was erased or merged away meanwhile is not there to be changed.
STILL_THERE = """
SELECT {row}.id FROM {rows}
WHERE {row}.workspace_id = %(workspace)s AND {row}.id = ANY(%(ids)s::uuid[]) ORDER BY {row}.id
"""
FORGET = """
DELETE FROM leads_bulkchoice WHERE workspace_id = %(workspace)s AND bulk_id = %(bulk)s
"""


def choose(bulk: BulkAction, *, size: int) -> int:
    """Write down who fits the selection now, `size` to a chunk; how many they are.

    Only those behind the cursor, for an action that was on its way before choices were kept.
    """
    meant = meant_by(bulk.selection, until=bulk.created_at, subject=bulk.subject)
    text, values = meant.named("meant")
    row, rows = rows_of(bulk.subject)
    statement = CHOOSE.format(row=row, rows=rows, meant=text)
    chosen = fetch(statement, bulk=bulk.pk, size=size, after=bulk.cursor, **values)
    return sum(count for (count,) in chosen)


def take_chosen(bulk: BulkAction, *, size: int) -> tuple[Sequence[UUID], bool]:
    """Those of the next chunk who are still there, by their ids, and whether it is the last."""
    chosen = fetch(NEXT, bulk=bulk.pk)
    if not chosen and choose(bulk, size=size):
        chosen = fetch(NEXT, bulk=bulk.pk)
    if not chosen:
        return [], True
    (ids, is_last), (row, rows) = chosen[0], rows_of(bulk.subject)
    there = fetch(STILL_THERE.format(row=row, rows=rows), ids=list(ids))
    return [id for (id,) in there], is_last


def forget_chosen(bulk: BulkAction) -> None:
    """It rests, so nobody is waited for."""
    execute(FORGET, bulk=bulk.pk)
