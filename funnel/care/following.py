"""What becomes of renewals when their deals are won, or opened again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from funnel.care.days import today_of
from funnel.care.remind_days import usual_days
from leadmgmt.kernel.sql import execute, fetch

# Most sales renew nothing.
CONCERNED = """
SELECT FROM funnel_deal AS deal JOIN funnel_renewal AS renewal
    ON renewal.workspace_id = %(workspace)s AND renewal.deal_id = deal.id
WHERE deal.workspace_id = %(workspace)s AND deal.lead_id = ANY(%(leads)s::uuid[])
  AND deal.status = 'won' AND renewal.state = 'planned' LIMIT 1
"""

# What it was renewed for stays with it, and the next one expects the same. One that is renewed
# late is due again so many months from today, not in the past. What is due on the 31st is so again
# after a month that has none: `chain` goes back over the last days of months to the day meant.
RENEWED = """
WITH RECURSIVE won AS MATERIALIZED (
    SELECT renewal.id, renewal.after_id, renewal.due_on, deal.amount, deal.margin,
        renewal.amount AS expected, renewal.margin AS expected_margin
    FROM funnel_deal AS deal JOIN funnel_renewal AS renewal
        ON renewal.workspace_id = %(workspace)s AND renewal.deal_id = deal.id
    WHERE deal.workspace_id = %(workspace)s AND deal.lead_id = ANY(%(leads)s::uuid[])
      AND deal.status = 'won' AND renewal.state = 'planned'
    ORDER BY renewal.id FOR NO KEY UPDATE OF renewal
), chain AS (
    SELECT id, after_id, due_on FROM won
    UNION ALL
    SELECT chain.id, before.after_id, before.due_on
    FROM chain JOIN funnel_renewal AS before
        ON before.workspace_id = %(workspace)s AND before.id = chain.after_id
    WHERE date_part('day', chain.due_on + 1) = 1
      AND (before.due_on + make_interval(months => before.months))::date = chain.due_on
), meant AS (
    SELECT id, max(date_part('day', due_on))::int AS day FROM chain GROUP BY id
), renewed AS (
    UPDATE funnel_renewal AS renewal SET state = 'renewed', settled_at = %(now)s,
        settled_by_id = NULL, remind_on = NULL, snoozed_until = NULL,
        amount = won.amount, margin = won.margin
    FROM won WHERE renewal.workspace_id = %(workspace)s AND renewal.id = won.id
    RETURNING renewal.*
), changed AS (
    INSERT INTO funnel_renewalchange (
        workspace_id, renewal_id, field, old, new, changed_at)
    SELECT %(workspace)s, won.id, change.field, to_jsonb(change.old), to_jsonb(change.new), %(now)s
    FROM won CROSS JOIN LATERAL (VALUES
        ('amount', won.expected, won.amount), ('margin', won.expected_margin, won.margin)
    ) AS change(field, old, new) WHERE change.old IS DISTINCT FROM change.new
), next AS (
    SELECT renewed.*, CASE WHEN later.day > %(today)s THEN later.day
        ELSE (%(today)s::date + make_interval(months => renewed.months))::date END AS next_on
    FROM renewed JOIN meant USING (id), LATERAL (
        SELECT date_trunc('month', renewed.due_on::timestamp)
            + make_interval(months => renewed.months) AS month
    ) AS first, LATERAL (
        SELECT least(first.month + make_interval(days => meant.day - 1),
            first.month + interval '1 month - 1 day')::date AS day
    ) AS later WHERE renewed.months IS NOT NULL
)
INSERT INTO funnel_renewal (workspace_id, customer_id, what, due_on, amount, margin, months, days,
    remind_on, state, after_id, reason, planned_at, planned_by_id)
SELECT next.workspace_id, next.customer_id, next.what, next.next_on, next.amount, next.margin,
    next.months, next.days, (
        SELECT min(next.next_on - day) FROM unnest(coalesce(next.days, %(usual)s::int[])) AS day
        WHERE next.next_on - day >= %(today)s
    ), 'planned', next.id, '', %(now)s, next.planned_by_id
FROM next ORDER BY next.id
ON CONFLICT (workspace_id, after_id) DO NOTHING
"""

# The next one goes again unless somebody has begun to work on it.
REOPENED = """
SELECT renewal.id FROM funnel_deal AS deal JOIN funnel_renewal AS renewal
    ON renewal.workspace_id = %(workspace)s AND renewal.deal_id = deal.id
WHERE deal.workspace_id = %(workspace)s AND deal.lead_id = ANY(%(leads)s::uuid[])
  AND deal.status = 'open' AND renewal.state = 'renewed'
ORDER BY renewal.id FOR NO KEY UPDATE OF renewal
"""
UNPLANNED = """
DELETE FROM funnel_renewal WHERE workspace_id = %(workspace)s
  AND after_id = ANY(%(ids)s::uuid[]) AND state = 'planned' AND deal_id IS NULL
"""
PLANNED = """
UPDATE funnel_renewal AS renewal SET state = 'planned', settled_at = NULL, remind_on = (
    SELECT min(renewal.due_on - day) FROM unnest(coalesce(renewal.days, %(usual)s::int[])) AS day
    WHERE renewal.due_on - day >= %(today)s)
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""


@transaction.atomic
def settle_renewals(lead_ids: Sequence[UUID], *, now: datetime) -> None:
    """Renewals whose repeat deal with these people is won are renewed, the next ones planned.

    Set-wise; asked twice, it changes nothing.
    """
    if fetch(CONCERNED, leads=list(lead_ids)):
        today, usual = today_of(now), usual_days()
        execute(RENEWED, leads=list(lead_ids), now=now, today=today, usual=usual)


@transaction.atomic
def unsettle_renewals(lead_ids: Sequence[UUID], *, now: datetime) -> None:
    """Renewals whose deal was won by mistake are planned again."""
    ids = [row[0] for row in fetch(REOPENED, leads=list(lead_ids))]
    if ids:
        execute(UNPLANNED, ids=ids)
        execute(PLANNED, ids=ids, today=today_of(now), usual=usual_days())
