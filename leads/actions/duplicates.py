"""Looking for leads that may be one person, and settling what was found."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads.events import SearchesMoved
from leads.likeness import Likeness, Person, likenesses, plain
from leads.models import Duplicate, DuplicateStatus

CHUNK = 500  # leads looked at in one go
BLOCK = 200  # leads one of them is compared with, for each thing they have in common
BEGINNING = UUID(int=0)

# Mailboxes that say nothing about who reads them.
SHARED_MAILBOXES = """
    info office sales contact admin hello support mail team service marketing hr jobs billing
    accounts accounting webmaster post kontakt buero noreply no-reply reception enquiries
    """.split()  # noqa: SIM905  # thirty quotation marks help nobody

# Rows are locked by nobody: a trait that is late is derived again with the next change.
FORGET = """
DELETE FROM leads_trait WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
"""
# Whose identities they are is asked for once: without statistics the planner would walk through
# everybody's for each lead.
DERIVE = r"""
WITH lead AS MATERIALIZED (
    SELECT id, lower(name) AS name, phone, company_id FROM leads_lead
    WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
), known AS MATERIALIZED (
    SELECT lead_id, kind, value, split_part(value, '@', 1) AS mailbox FROM leads_identity
    WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
), initials AS MATERIALIZED (
    SELECT lead.id AS lead_id, string_agg(left(word, 1), '' ORDER BY left(word, 1)) AS letters
    FROM lead, regexp_split_to_table(lead.name, '[^[:alnum:]]+') AS word GROUP BY lead.id
), trait AS (
    SELECT id AS lead_id, 'phone' AS kind, phone AS value FROM lead
    UNION ALL
    SELECT lead_id, 'phone', value FROM known WHERE kind = 'phone'
    UNION ALL
    SELECT lead_id, 'mailbox',
        replace(split_part(mailbox, '+', 1), '.', '') || ' ' || initials.letters
    FROM known JOIN initials USING (lead_id)
    WHERE kind = 'email' AND mailbox <> ALL(%(shared)s)
    UNION ALL
    SELECT lead_id, 'external', regexp_replace(lower(value), '[^[:alnum:]]', '', 'g')
    FROM known WHERE kind = 'external'
    UNION ALL
    SELECT id, 'word', company_id || ' ' || left(word, 60)
    FROM lead, regexp_split_to_table(
        regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g'),
        '[^[:alnum:]]+') AS word
    WHERE company_id IS NOT NULL AND length(word) > 1
), written AS (
    SELECT lead_id, kind, CASE WHEN kind = 'phone'
        THEN right(regexp_replace(value, '[^0-9]', '', 'g'), 9) ELSE value END AS value
    FROM trait
)
INSERT INTO leads_trait (workspace_id, lead_id, kind, value)
SELECT %(workspace)s, lead_id, kind, value FROM written
WHERE length(value) >= CASE kind WHEN 'phone' THEN 8 WHEN 'mailbox' THEN 7 ELSE 3 END
ORDER BY lead_id
ON CONFLICT DO NOTHING
"""

# Who is compared with whom: each of these leads with those that share a trait. Somebody as common
# as a central telephone number is compared with some of them only.
PAIRS = """
SELECT DISTINCT least(own.lead_id, twin.lead_id), greatest(own.lead_id, twin.lead_id)
FROM leads_trait AS own, LATERAL (
    SELECT lead_id FROM leads_trait
    WHERE workspace_id = %(workspace)s AND kind = own.kind AND value = own.value
      AND lead_id <> own.lead_id LIMIT %(most)s
) AS twin
WHERE own.workspace_id = %(workspace)s AND own.lead_id = ANY(%(ids)s::uuid[])
"""

PEOPLE = """
SELECT lead.id, lead.name, lead.company_id, ARRAY(
    SELECT ARRAY[kind::text, value::text] FROM leads_trait
    WHERE workspace_id = %(workspace)s AND lead_id = lead.id AND kind <> 'word')
FROM leads_lead AS lead WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
"""

# What was settled stays settled; what is not alike any more is no longer suggested.
SUGGEST = """
INSERT INTO leads_duplicate (
    workspace_id, first_id, second_id, certainty, reasons, status, found_at)
SELECT %(workspace)s, first, second, certainty, reasons, 'open', %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS row(first uuid, second uuid, certainty int, reasons jsonb)
ORDER BY first, second
ON CONFLICT (workspace_id, first_id, second_id) DO UPDATE SET
    certainty = excluded.certainty, reasons = excluded.reasons
WHERE leads_duplicate.status = 'open'
  AND (leads_duplicate.certainty, leads_duplicate.reasons)
      IS DISTINCT FROM (excluded.certainty, excluded.reasons)
"""
WITHDRAW = """
DELETE FROM leads_duplicate AS pair
WHERE pair.workspace_id = %(workspace)s AND pair.status = 'open'
  AND (pair.first_id = ANY(%(ids)s::uuid[]) OR pair.second_id = ANY(%(ids)s::uuid[]))
  AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(first uuid, second uuid)
    WHERE row.first = pair.first_id AND row.second = pair.second_id)
"""

NEXT = """
SELECT id FROM leads_lead WHERE workspace_id = %(workspace)s AND id > %(cursor)s
ORDER BY id LIMIT %(most)s
"""


class AlreadySettled(Conflict):
    """Somebody else has decided about this pair."""


def find_duplicates(lead_ids: Sequence[UUID], *, now: datetime) -> int:
    """Suggest whom these leads look like; how many pairs are alike, settled ones among them.

    Each lead is compared with at most BLOCK others for each thing they have in common.
    """
    ids, found = sorted(set(lead_ids)), 0
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            found += _find(ids[start : start + CHUNK], now=now)
    return found


def search_all() -> None:
    """Look through all leads, in the background."""
    with transaction.atomic():
        publish(SearchesMoved((BEGINNING,)))


def search_on(cursor: UUID, *, now: datetime) -> None:
    """Look through the leads after `cursor`, as many as fit, and go on later."""
    with transaction.atomic():
        ids = [row[0] for row in fetch(NEXT, cursor=cursor, most=CHUNK)]
        if ids:
            find_duplicates(ids, now=now)
            publish(SearchesMoved((ids[-1],)))


def dismiss_pair(pair: Duplicate, *, by: Member | None, now: datetime) -> None:
    """They are two people; this pair is never suggested again."""
    _settle(pair, DuplicateStatus.OPEN, DuplicateStatus.DISMISSED, by=by, at=now)


def reopen_pair(pair: Duplicate, *, by: Member | None) -> None:
    """Put a dismissed pair back to be looked at."""
    _settle(pair, DuplicateStatus.DISMISSED, DuplicateStatus.OPEN, by=by, at=None)


def _settle(
    pair: Duplicate, was: str, becomes: str, *, by: Member | None, at: datetime | None
) -> None:
    rows = Duplicate.objects.filter(pk=pair.pk, status=was)
    if not rows.update(status=becomes, settled_at=at, by=by):
        raise AlreadySettled(_("Somebody has decided about these two already."))


def _find(ids: Sequence[UUID], *, now: datetime) -> int:
    execute(FORGET, ids=ids)
    execute(DERIVE, ids=ids, shared=SHARED_MAILBOXES)
    pairs = [(row[0], row[1]) for row in fetch(PAIRS, ids=ids, most=BLOCK)]
    alike = likenesses(pairs, _people({each for pair in pairs for each in pair}))
    _suggest(alike, ids, now=now)
    return len(alike)


def _people(ids: set[UUID]) -> dict[UUID, Person]:
    return {
        id: Person(id, plain(name), company, frozenset((kind, value) for kind, value in traits))
        for id, name, company, traits in fetch(PEOPLE, ids=sorted(ids))
    }


def _suggest(alike: Sequence[Likeness], ids: Sequence[UUID], *, now: datetime) -> None:
    rows = as_jsonb(alike)
    execute(WITHDRAW, rows=rows, ids=ids)
    if alike:
        execute(SUGGEST, rows=rows, now=now)
