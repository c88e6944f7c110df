"""Who has bought, who looks after them, and how they fare."""

from datetime import datetime

from funnel.customers.keeping import keep_everybody
from funnel.health.drafting import HealthWords, replace_rules, start_draft, usual_rules
from funnel.health.judging import judge_customers
from funnel.health.publishing import publish_health
from funnel.models import Health, Whose
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member

CALLED = {"activity": "call", "at_least": 1, "within_days": 120}

# The history begins on the day they bought.
SINCE = """
UPDATE funnel_customerchange AS change SET changed_at = customer.since
FROM funnel_customer AS customer
WHERE change.workspace_id = %(workspace)s AND change.field = 'state'
  AND customer.workspace_id = %(workspace)s AND customer.id = change.customer_id
"""
# Whoever sold last looks after a customer nobody has.
OWNED = """
UPDATE funnel_customer AS customer SET owner_id = sold.owner_id
FROM (
    SELECT DISTINCT ON (company_id) company_id, owner_id FROM funnel_deal
    WHERE workspace_id = %(workspace)s AND status = 'won' AND owner_id IS NOT NULL
    ORDER BY company_id, closed_at DESC
) AS sold
WHERE customer.workspace_id = %(workspace)s AND customer.company_id = sold.company_id
  AND customer.owner_id IS NULL
"""


def look_after_customers(*, by: Member, now: datetime) -> None:
    """List everybody who bought, and judge them by rules a manager has published."""
    keep_everybody(now=now)
    execute(SINCE)
    execute(OWNED)
    draft = start_draft(by=by, now=now)
    uncalled = HealthWords(
        "Nobody there was called for four months", CALLED, Whose.NONE, Health.WATCH
    )
    replace_rules(draft, [*usual_rules(), uncalled])
    publish_health(draft, by=by, reason="What our customers’ silence has meant so far", now=now)
    judge_customers(None, now=now, is_quiet=True)
