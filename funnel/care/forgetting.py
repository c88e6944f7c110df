"""What is forgotten of a customer who was one person, when that person is erased."""

from leadmgmt.kernel.sql import execute
from leads.erasing import Counts, Gone

# The parcels are there still, and the rows of the customer in them. Whoever has a company since is
# named in what was told of its customer before.
NOTICES = """
WITH gone AS MATERIALIZED (
    SELECT rows FROM leads_removedlead
    WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
), theirs AS MATERIALIZED (
    SELECT row ->> 'id' AS customer, NULL::text AS word
    FROM gone, jsonb_path_query(rows, '$.funnel_customer[*]') AS row
    UNION
    SELECT customer.id::text, word
    FROM gone, jsonb_extract_path(rows, 'leads_lead', '0') AS it, funnel_customer AS customer,
        unnest(ARRAY[it ->> 'name', it ->> 'email', it ->> 'phone']) AS word
    WHERE customer.workspace_id = %(workspace)s AND word <> ''
      AND customer.company_id = (it ->> 'company_id')::uuid
)
DELETE FROM workspaces_notice AS notice USING theirs
WHERE notice.workspace_id = %(workspace)s
  AND substring(notice.path FROM 'customers/([0-9a-f-]{36})') = theirs.customer
  AND (theirs.word IS NULL OR strpos(notice.text, theirs.word) > 0)
"""


def forget_notices(gone: Gone) -> Counts:
    """Delete what members were told of these customers: it names them."""
    deleted = execute(NOTICES, ids=list(gone.lead_ids))
    return {"workspaces_notice": deleted}
