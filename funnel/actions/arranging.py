"""Keeping the queue in its order, so that nobody has to sort it.

Whatever a place in it is made of may change together, and is worked out anew. Where only the
score or the owner of leads changed, their entries follow them, which costs a fraction.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from funnel.deadlines import open_deadlines
from funnel.models.queue import NEVER
from leadmgmt.kernel.sql import execute, fetch
from leads.models.people import UNSCORED

# In a statement of its own, so that the next one sees what whoever held them has committed. Most
# leads are neither in the queue nor will be: they are not touched.
LOCK = """
SELECT lead.id FROM leads_lead AS lead
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
  AND (lead.stage IN ('mql', 'sql') OR EXISTS (
    SELECT FROM funnel_queueentry AS entry
    WHERE entry.workspace_id = %(workspace)s AND entry.lead_id = lead.id))
ORDER BY lead.id FOR NO KEY UPDATE OF lead
"""

URGENCY = """
CASE lead.lead_class WHEN 'hot' THEN 0 WHEN 'warm' THEN 1 WHEN 'cold' THEN 2 ELSE 3 END
"""
SCORE = "coalesce(lead.score, %(unscored)s)"

# Closeness: SQLs, then a next step agreed, then answers that speak for buying.
ARRANGE = """
WITH gone AS (
    DELETE FROM funnel_queueentry AS entry USING leads_lead AS lead
    WHERE entry.workspace_id = %(workspace)s AND entry.lead_id = ANY(%(ids)s::uuid[])
      AND lead.workspace_id = %(workspace)s AND lead.id = entry.lead_id
      AND lead.stage NOT IN ('mql', 'sql')
    RETURNING entry.id
), placed AS (
    INSERT INTO funnel_queueentry AS entry (workspace_id, lead_id, owner_id, due_at, due_hour,
        urgency, value, closeness, score, since)
    SELECT lead.workspace_id, lead.id, lead.owner_id, least(clock.due_at, step.due_at),
        coalesce(
            floor(date_part('epoch', least(clock.due_at, step.due_at)) / 3600)::int, %(never)s),
        {urgency},
        coalesce(deals.amount, told.worth, 0),
        CASE WHEN lead.stage = 'sql' THEN 1000 ELSE 0 END
            + CASE WHEN step.due_at IS NULL THEN 0 ELSE 100 END
            + least(99, coalesce(told.in_favour, 0)),
        {score}, lead.stage_entered_at
    FROM leads_lead AS lead
    LEFT JOIN ({clocks}) AS clock
        ON clock.workspace_id = lead.workspace_id AND clock.lead_id = lead.id
    LEFT JOIN funnel_nextstep AS step
        ON step.workspace_id = lead.workspace_id AND step.lead_id = lead.id AND step.done_at IS NULL
    LEFT JOIN LATERAL (
        SELECT sum(deal.amount)::bigint AS amount FROM funnel_deal AS deal
        WHERE deal.workspace_id = lead.workspace_id AND deal.lead_id = lead.id
          AND deal.status = 'open'
    ) AS deals ON true
    LEFT JOIN LATERAL (
        SELECT qualification.in_favour, qualification.worth
        FROM funnel_qualification AS qualification
        WHERE qualification.workspace_id = lead.workspace_id AND qualification.lead_id = lead.id
          AND qualification.cycle = lead.cycle
        ORDER BY qualification.begun_at DESC LIMIT 1
    ) AS told ON true
    WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
      AND lead.stage IN ('mql', 'sql')
    ORDER BY lead.id
    ON CONFLICT (workspace_id, lead_id) DO UPDATE SET
        owner_id = excluded.owner_id, due_at = excluded.due_at, due_hour = excluded.due_hour,
        urgency = excluded.urgency, value = excluded.value, closeness = excluded.closeness,
        score = excluded.score, since = excluded.since,
        snoozed_until = CASE WHEN entry.owner_id IS NOT DISTINCT FROM excluded.owner_id
            THEN entry.snoozed_until END
    WHERE (entry.owner_id, entry.due_at, entry.urgency, entry.value, entry.closeness, entry.score,
        entry.since)
        IS DISTINCT FROM (excluded.owner_id, excluded.due_at, excluded.urgency, excluded.value,
        excluded.closeness, excluded.score, excluded.since)
    RETURNING entry.id
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM placed)
"""

# Whoever announced the change holds the leads still, so nobody else moves their entries meanwhile.
FOLLOW = """
UPDATE funnel_queueentry AS entry SET {news} FROM leads_lead AS lead
WHERE entry.workspace_id = %(workspace)s AND entry.lead_id = ANY(%(ids)s::uuid[])
  AND lead.workspace_id = %(workspace)s AND lead.id = entry.lead_id
  AND lead.id = ANY(%(ids)s::uuid[]) AND {is_news}
"""
FOLLOW_SCORES = FOLLOW.format(
    news=f"urgency = {URGENCY}, score = {SCORE}",
    is_news=f"(entry.urgency, entry.score) IS DISTINCT FROM ({URGENCY}, {SCORE})",
)
FOLLOW_OWNERS = FOLLOW.format(
    news="owner_id = lead.owner_id, snoozed_until = NULL",
    is_news="entry.owner_id IS DISTINCT FROM lead.owner_id",
)

AT_ONCE = 1_000

# Who is in the queue, and who should be.
NEXT = """
SELECT id FROM leads_lead AS lead
WHERE lead.workspace_id = %(workspace)s AND lead.id > %(after)s
  AND (lead.stage IN ('mql', 'sql') OR EXISTS (
    SELECT FROM funnel_queueentry AS entry
    WHERE entry.workspace_id = %(workspace)s AND entry.lead_id = lead.id))
ORDER BY lead.id LIMIT %(most)s
"""


def rearrange_queue() -> int:
    """Hold the whole queue against what it is made of, some leads at a time; how many moved.

    Nothing should: what changes a lead's place arranges it. After an upgrade, or when an app above
    us forgot to say so, the order is put right here.
    """
    moved, after = 0, UUID(int=0)
    while ids := [row[0] for row in fetch(NEXT, after=after, most=AT_ONCE)]:
        moved += arrange_queue(ids)
        after = ids[-1]
    return moved


def arrange_queue(lead_ids: Iterable[UUID]) -> int:
    """Put these leads where they belong in the queue, or take them out; how many moved.

    Set-wise. Who gets another owner is not snoozed any more.
    """
    ids = list(lead_ids)
    if not ids:
        return 0
    with transaction.atomic(savepoint=False):
        if not execute(LOCK, ids=ids):
            return 0
        statement = ARRANGE.format(clocks=open_deadlines(), urgency=URGENCY, score=SCORE)
        (moved,) = fetch(statement, ids=ids, never=NEVER, unscored=UNSCORED)[0]
    return int(moved)


def follow_scores(lead_ids: Iterable[UUID]) -> None:
    """Let leads in the queue stand where their new score or class puts them.

    In the transaction that changed them.
    """
    execute(FOLLOW_SCORES, ids=list(lead_ids), unscored=UNSCORED)


def follow_owners(lead_ids: Iterable[UUID]) -> None:
    """Hand leads in the queue to their new owners, awake; in the transaction that gave them."""
    execute(FOLLOW_OWNERS, ids=list(lead_ids))
