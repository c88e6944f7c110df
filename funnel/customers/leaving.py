"""Customers whose figures change because people go: to another company, or out of the database.

Deals with a company stay with it. Those with nobody's (the person had none when they were opened)
count for the company the person works at, and go where the person goes.
"""

from collections.abc import Sequence
from uuid import UUID

from leadmgmt.kernel.sql import fetch

# A merge calls the field otherwise than who corrects a profile.
LEFT = """
SELECT DISTINCT (change.old #>> '{}')::uuid
FROM funnel_deal AS deal JOIN leads_profilechange AS change
    ON change.workspace_id = %(workspace)s AND change.lead_id = deal.lead_id
WHERE deal.workspace_id = %(workspace)s AND deal.lead_id = ANY(%(leads)s::uuid[])
  AND deal.company_id IS NULL AND deal.status = 'won'
  AND change.field IN ('company_id', 'company') AND jsonb_typeof(change.old) = 'string'
"""
# The parcels say where they worked, and which deals are gone with them.
WITHOUT = """
WITH lost AS MATERIALIZED (
    SELECT customer.id, bool_or(
        parcel.rows @? '$.funnel_deal[*] ? (@.company_id == null && @.status == "won")') AS sums
    FROM leads_removedlead AS parcel JOIN funnel_customer AS customer
        ON customer.workspace_id = %(workspace)s
        AND customer.company_id = (parcel.rows #>> '{leads_lead,0,company_id}')::uuid
    WHERE parcel.workspace_id = %(workspace)s AND parcel.lead_id = ANY(%(leads)s::uuid[])
    GROUP BY customer.id
), summed AS MATERIALIZED (
    SELECT funnel_sum_customers(ARRAY(SELECT id FROM lost WHERE sums))
)
SELECT lost.id FROM summed CROSS JOIN lost ORDER BY lost.id
"""


def companies_left(lead_ids: Sequence[UUID]) -> list[UUID]:
    """Where these people worked before, of those whose deals went with them."""
    return [row[0] for row in fetch(LEFT, leads=list(lead_ids))]


def sum_without(lead_ids: Sequence[UUID]) -> list[UUID]:
    """Sum up the customers at which these people worked, who are removed; which ones."""
    return [row[0] for row in fetch(WITHOUT, leads=list(lead_ids))]
