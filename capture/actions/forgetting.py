"""What forms and imports kept of people who were erased."""

from leadmgmt.kernel.sql import execute
from leads.erasing import Counts, Gone

# What came in as spam, or of somebody who was removed by hand, names nobody: the email tells.
ANSWERS = """
UPDATE capture_submission AS answer
SET values = '{}', page = '', visitor_id = NULL, reason = ''
WHERE workspace_id = %(workspace)s
  AND (id = ANY(%(ids)s::uuid[]) OR lower(values ->> 'email') = ANY(%(addresses)s))
"""
IMPORT_ROWS = """
UPDATE capture_importproblem AS problem SET cells = '[]', reason = %(reason)s
WHERE workspace_id = %(workspace)s AND EXISTS (
    SELECT FROM jsonb_array_elements_text(cells) AS cell
    WHERE lower(trim(cell)) = ANY(%(addresses)s))
"""
ERASED = "This row was erased."


def forget_answers(gone: Gone) -> Counts:
    """Empty what they wrote into forms; that there was an answer stays, for the figures."""
    ids = list(gone.loose.get("capture_submission.lead_id", ()))
    count = execute(ANSWERS, ids=ids, addresses=list(gone.addresses))
    return {"capture_submission": count}


def forget_import_rows(gone: Gone) -> Counts:
    """Empty rows of files that were left out and name them."""
    addresses = list(gone.addresses)
    count = execute(IMPORT_ROWS, addresses=addresses, reason=ERASED) if addresses else 0
    return {"capture_importproblem": count}
