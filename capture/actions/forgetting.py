"""What forms and imports kept of people who were erased."""

from collections.abc import Callable, Sequence
from uuid import UUID

from capture.importing import store
from capture.models import Import
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
# What a page shows of a file: first cells of each column, examples of a dry run.
SHOWN = """
UPDATE capture_import SET trial = '{}', columns = coalesce((
    SELECT jsonb_agg(part.value || '{"samples": []}' ORDER BY part.place)
    FROM jsonb_array_elements(columns) WITH ORDINALITY AS part(value, place)), '[]')
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""
ERASED = "This row was erased."
LEAST_DIGITS = 7  # shorter numbers are anybody's


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


def forget_import_files(gone: Gone) -> Counts:
    """Blank the rows of kept files that name them, and let go of the uploads those came from.

    Before the commit: should it fail, a file lacks a row; the other way round it would keep one.
    A row is blanked in its place, so an import that is under way goes on at the same byte.
    """
    if not gone.addresses:
        return {}
    names_one, count = naming(gone.addresses), 0
    touched: list[UUID] = []
    for import_id in Import.objects.values_list("pk", flat=True):
        if blanked := store.blank_rows(import_id, names_one):
            store.forget_upload(import_id)
            touched.append(import_id)
            count += blanked
    if touched:
        execute(SHOWN, ids=touched)
    return {"capture_import": count}


def naming(addresses: Sequence[str]) -> Callable[[Sequence[str]], bool]:
    """Does one of these cells hold one of the addresses? Telephones are told by their digits."""
    known = frozenset(addresses)
    phones = tuple(each.lstrip("+") for each in addresses if each.startswith("+"))

    def names_one(cells: Sequence[str]) -> bool:
        return any(
            cell.strip().lower() in known or (phones and _dials(cell, phones)) for cell in cells
        )

    return names_one


def _dials(cell: str, phones: Sequence[str]) -> bool:
    """A number may be written without its country, with a nought or spaces."""
    digits = "".join(each for each in cell if each.isdigit()).lstrip("0")
    return len(digits) >= LEAST_DIGITS and any(phone.endswith(digits) for phone in phones)
