"""Taking leads out with all that hangs on them, and putting them back as they were."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member
from leads.actions.leavers import leads_from_leavers
from leads.actions.standing import lift_companies
from leads.events import LeadsCreated, LeadsPutBack, LeadsRemoved
from leads.models import RemovedCause, RemovedLead
from leads.parcels import contents, packing, unpacking

log = logging.getLogger(__name__)

CHUNK = 1_000  # leads in one statement
KEPT_DAYS = 30

# Locked in order and before anything is looked at: what somebody else adds to these leads in the
# same moment is either seen by the next statement, or refused when they commit.
LOCK = """
SELECT company_id FROM leads_lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR UPDATE
"""

# Each parcel, and which of its identities belong to somebody else by now.
PARCELS = """
SELECT parcel.lead_id, parcel.cause, own.count > cardinality(own.taken)
    OR lead ->> 'name' <> '' OR lead ->> 'phone' <> '', own.taken
FROM leads_removedlead AS parcel, jsonb_extract_path(rows, 'leads_lead', '0') AS lead, LATERAL (
    SELECT count(*), array_remove(array_agg(known.value::text ORDER BY known.value), NULL) AS taken
    FROM jsonb_to_recordset(rows -> 'leads_identity') AS row(kind text, value text)
    LEFT JOIN leads_identity AS known ON known.workspace_id = %(workspace)s
        AND known.kind = row.kind AND known.value = row.value
) AS own
WHERE parcel.workspace_id = %(workspace)s AND parcel.lead_id = ANY(%(ids)s::uuid[])
ORDER BY parcel.lead_id FOR UPDATE OF parcel
"""

# An address that belongs to somebody else by now is not said of two; a telephone may be shared.
SETTLE = """
UPDATE leads_lead AS lead SET email = ''
FROM leads_identity AS known
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
  AND known.workspace_id = %(workspace)s AND known.kind = 'email'
  AND known.value = lead.email AND known.lead_id <> lead.id
"""

EMPLOYERS = """
SELECT DISTINCT company_id FROM leads_lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[]) AND company_id IS NOT NULL
ORDER BY company_id
"""


class CannotPutBack(Conflict):
    """Not among the removed ones, or nothing is left to know it by; PutBack says which."""


@dataclass(frozen=True)
class PutBack:
    """Who is back; who is not, and the sentence why; what some came back without."""

    restored: tuple[UUID, ...]
    refused: dict[UUID, str] = field(default_factory=dict)
    without: dict[UUID, tuple[str, ...]] = field(default_factory=dict)


def take_out(
    lead_ids: Iterable[UUID],
    *,
    cause: RemovedCause,
    cause_id: UUID | None = None,
    by: Member | None,
    now: datetime,
    days: int = KEPT_DAYS,
) -> tuple[UUID, ...]:
    """Take leads out with every row that hangs on them, for `days`; those that were there.

    Until then `put_back` brings everything back. Publishes LeadsRemoved.
    """
    told: dict[str, Any] = {"cause": cause.value, "cause_id": cause_id, "by": by.pk if by else None}
    told |= {"now": now, "until": now + timedelta(days=days)}
    taken: list[UUID] = []
    with transaction.atomic():
        for chunk in _chunks(lead_ids):
            companies = {row[0] for row in fetch(LOCK, ids=chunk)} - {None}
            taken += [row[0] for row in fetch(packing(), ids=chunk, **told)]
            lift_companies(sorted(companies), now=now)
        publish(LeadsRemoved(tuple(taken)))
    return tuple(taken)


def put_back(
    lead_ids: Iterable[UUID] | None = None,
    *,
    cause_id: UUID | None = None,
    by: Member | None,
    now: datetime,
) -> PutBack:
    """Put leads back as they were, named one by one or by what took them out.

    What somebody else's is by now (an email address, say) stays with them, and `without` says so;
    a lead nothing else is known of is refused. What has been deleted meanwhile, a tag for
    instance, is forgotten. A lead that was merged comes back by undoing the merge only.
    Publishes LeadsPutBack, and LeadsCreated, quietly.
    """
    ids = _named(cause_id) if lead_ids is None else lead_ids
    refused: dict[UUID, str] = {}
    without: dict[UUID, tuple[str, ...]] = {}
    restored: list[UUID] = []
    with transaction.atomic():
        for chunk in _chunks(ids):
            fit = list(_fit(chunk, refused, without))
            unpack(fit)
            settle(fit, now=now)
            leads_from_leavers(fit, by=by, now=now)
            restored += fit
        back = tuple(restored)
        publish(LeadsPutBack(back), LeadsCreated(back, is_quiet=True))
    log.info("%s put %d leads back, %d refused", by, len(restored), len(refused))
    return PutBack(tuple(restored), refused, without)


def unpack(lead_ids: Sequence[UUID]) -> None:
    """Write the rows of these parcels where they came from, and throw the parcels away."""
    if not lead_ids:
        return
    found = dict(fetch(contents(), ids=lead_ids))
    for statement in unpacking(found):
        execute(statement, ids=lead_ids)
    RemovedLead.objects.filter(lead_id__in=lead_ids).delete()


def settle(lead_ids: Sequence[UUID], *, now: datetime) -> None:
    """Leads are back among the others: no address is said of two, their companies know them."""
    if lead_ids:
        execute(SETTLE, ids=lead_ids)
        lift_companies([row[0] for row in fetch(EMPLOYERS, ids=lead_ids)], now=now)


def discard_expired(*, now: datetime, most: int = CHUNK) -> int:
    """Throw away parcels whose time is over, for good; how many."""
    expired = RemovedLead.objects.filter(expires_at__lte=now).order_by("expires_at")
    ids = list(expired.values_list("pk", flat=True)[:most])
    if ids:
        RemovedLead.objects.filter(pk__in=ids).delete()
    return len(ids)


def _chunks(lead_ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    ids = sorted(set(lead_ids))
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _named(cause_id: UUID | None) -> list[UUID]:
    if cause_id is None:
        return []
    return list(RemovedLead.objects.filter(cause_id=cause_id).values_list("lead_id", flat=True))


def _fit(
    chunk: Sequence[UUID], refused: dict[UUID, str], without: dict[UUID, tuple[str, ...]]
) -> Iterator[UUID]:
    """Those that can come back; tells about the others, and what is left behind."""
    found = {row[0]: row[1:] for row in fetch(PARCELS, ids=chunk)}
    for lead_id in chunk:
        cause, is_known, taken = found.get(lead_id, ("", False, []))
        if sentence := _why_not(cause, is_known, taken):
            refused[lead_id] = sentence
            continue
        if taken:
            without[lead_id] = tuple(taken)
        yield lead_id


def _why_not(cause: str, is_known: bool, taken: Sequence[str]) -> str:
    if not cause:
        return _("This lead is not among the removed ones; after 30 days they are gone for good.")
    if cause == RemovedCause.MERGE:
        return _("This lead was merged with another; undo the merge on that lead's page.")
    if not is_known:
        return _("“%s” belongs to another lead by now, and nothing else is known of this one.") % (
            ", ".join(taken)
        )
    return ""
