"""What is forgotten of a customer who was one person, when that person is erased."""

from leadmgmt.kernel.sql import execute
from leads.erasing import Counts, Gone

# The parcels are there still, and the rows of the customer in them. Whoever has a company since is
# named in what was told of its customer before.
NOTICES = """
DELETE FROM workspaces_notice WHERE workspace_id = %(workspace)s
  AND (substring(path FROM 'customers/([0-9a-f-]{36})') IN (
    SELECT row ->> 'id' FROM leads_removedlead AS parcel,
        jsonb_path_query(parcel.rows, '$.funnel_customer[*]') AS row
    WHERE parcel.workspace_id = %(workspace)s AND parcel.lead_id = ANY(%(ids)s::uuid[]))
  OR EXISTS (
    SELECT FROM leads_removedlead AS parcel,
        jsonb_extract_path(parcel.rows, 'leads_lead', '0') AS it,
        funnel_customer AS customer
    WHERE customer.workspace_id = %(workspace)s
      AND customer.company_id = (it ->> 'company_id')::uuid
      AND parcel.workspace_id = %(workspace)s AND parcel.lead_id = ANY(%(ids)s::uuid[])
      AND customer.id::text = substring(path FROM 'customers/([0-9a-f-]{36})')
      AND EXISTS (SELECT FROM unnest(ARRAY[it ->> 'name', it ->> 'email', it ->> 'phone']) AS word
          WHERE word <> '' AND strpos(text, word) > 0)))
"""


def forget_notices(gone: Gone) -> Counts:
    """Delete what members were told of these customers: it names them."""
    deleted = execute(NOTICES, ids=list(gone.lead_ids))
    return {"workspaces_notice": deleted}
