"""Taking companies out with all that hangs on them, and putting them back as they were.

Their people stay: they forget the company, and remember it when it comes back, unless they work
elsewhere by then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member
from leads.actions.leavers import companies_from_leavers
from leads.actions.profiles import Door
from leads.actions.removing import KEPT_DAYS
from leads.actions.standing import lift_companies
from leads.events import CompaniesChanged, LeadsChanged
from leads.models import RemovedCause, RemovedCompany, Via
from leads.parcels import COMPANIES, contents, packing, unpacking

CHUNK = 200  # companies in one statement; each may have many people

# People first, then companies, as everybody who moves people does. Who joins in this moment is
# seen by the next statement, or refused when they commit.
PEOPLE = """
SELECT id FROM leads_lead
WHERE workspace_id = %(workspace)s AND company_id = ANY(%(ids)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""
LOCK = """
SELECT id FROM leads_company
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR UPDATE
"""
REMOVED = """
SELECT parcel.company_id, other.name FROM leads_removedcompany AS parcel
LEFT JOIN leads_company AS other ON other.workspace_id = %(workspace)s
    AND other.domain = parcel.rows #>> '{leads_company,0,domain}'
WHERE parcel.workspace_id = %(workspace)s AND parcel.company_id = ANY(%(ids)s::uuid[])
  AND (%(is_merge)s OR parcel.cause <> 'merge')
ORDER BY parcel.company_id FOR UPDATE OF parcel
"""
# A domain that is another company's by now stays with that one.
GIVE_UP_DOMAIN = """
UPDATE leads_removedcompany
SET rows = jsonb_set(rows, '{leads_company,0,domain}', 'null')
WHERE workspace_id = %(workspace)s AND company_id = ANY(%(ids)s::uuid[])
"""
# The parcels say who worked there; those who are back are told by their row.
LEFT = """
INSERT INTO leads_profilechange (
    workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
SELECT %(workspace)s, left_.id, 'company_id', to_jsonb(left_.was), NULL,
    %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
FROM leads_removedcompany AS parcel,
    jsonb_to_recordset(parcel.rows -> 'leads_lead.company_id') AS left_(id uuid, was uuid)
WHERE parcel.workspace_id = %(workspace)s AND parcel.company_id = ANY(%(ids)s::uuid[])
ORDER BY left_.id
RETURNING lead_id
"""
BACK = """
INSERT INTO leads_profilechange (
    workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
SELECT %(workspace)s, id, 'company_id', NULL, to_jsonb(company_id),
    %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
FROM leads_lead
WHERE workspace_id = %(workspace)s AND company_id = ANY(%(ids)s::uuid[])
ORDER BY id
RETURNING lead_id
"""


class CannotPutBackCompany(Conflict):
    """Not among the removed ones."""


@dataclass(frozen=True)
class CompaniesBack:
    """Which are back, and which of them without their domain: company → who has it now."""

    restored: tuple[UUID, ...]
    without: dict[UUID, str] = field(default_factory=dict)


def take_out_companies(
    company_ids: Iterable[UUID],
    *,
    cause: RemovedCause,
    cause_id: UUID | None = None,
    by: Member | None,
    now: datetime,
) -> tuple[UUID, ...]:
    """Take companies out with every row that hangs on them, for 30 days; those that were there.

    Their people and deals stay without a company; the history of each person says so. A customer
    goes along with what hangs on it. Publishes LeadsChanged for the people.
    """
    told: dict[str, Any] = {"cause": cause.value, "cause_id": cause_id, "by": by.pk if by else None}
    told |= {"now": now, "until": now + timedelta(days=KEPT_DAYS)}
    door = _door(cause_id, by)
    taken: list[UUID] = []
    people: list[UUID] = []
    with transaction.atomic():
        for chunk in _chunks(company_ids):
            fetch(PEOPLE, ids=chunk)
            fetch(LOCK, ids=chunk)
            gone = [row[0] for row in fetch(packing(COMPANIES), ids=chunk, **told)]
            people += [row[0] for row in fetch(LEFT, ids=gone, now=now, **asdict(door))]
            taken += gone
        publish(LeadsChanged(tuple(people)))
    return tuple(taken)


def put_back_companies(
    company_ids: Iterable[UUID], *, by: Member | None, now: datetime
) -> CompaniesBack:
    """Put companies back as they were, with their people who have no other company by now.

    A domain that is another company's meanwhile stays there, and `without` says so. Those that
    are not among the removed ones are left out. Publishes CompaniesChanged and LeadsChanged,
    quietly.
    """
    back: list[UUID] = []
    without: dict[UUID, str] = {}
    people: list[UUID] = []
    with transaction.atomic():
        for chunk in _chunks(company_ids):
            found = unpack_companies(chunk, is_merge=False)
            without |= {id: name for id, name in found.items() if name}
            people += _settle(list(found), by=by, now=now)
            companies_from_leavers(found, door=_door(None, by), now=now)
            back += found
        publish(CompaniesChanged(tuple(back), is_quiet=True))
        publish(LeadsChanged(tuple(people), is_quiet=True))
    return CompaniesBack(tuple(back), without)


def put_back_company(company_id: UUID, *, by: Member | None, now: datetime) -> CompaniesBack:
    """The same for one; refuses when it is not there to be put back."""
    done = put_back_companies([company_id], by=by, now=now)
    if not done.restored:
        sentence = _("This company is not among the removed ones; after 30 days they are gone.")
        raise CannotPutBackCompany(sentence)
    return done


def discard_expired_companies(*, now: datetime, most: int = 1_000) -> int:
    """Throw away parcels whose time is over, for good; how many."""
    expired = RemovedCompany.objects.filter(expires_at__lte=now).order_by("expires_at")
    ids = list(expired.values_list("pk", flat=True)[:most])
    if ids:
        RemovedCompany.objects.filter(pk__in=ids).delete()
    return len(ids)


def unpack_companies(company_ids: Sequence[UUID], *, is_merge: bool = True) -> dict[UUID, str]:
    """Write what these parcels hold where it came from, and throw them away.

    Each company that is back, with the name of the one that has its domain by now. Those that a
    merge took out only for who undoes it.
    """
    found = dict(fetch(REMOVED, ids=list(company_ids), is_merge=is_merge))
    if given_up := [id for id, name in found.items() if name]:
        execute(GIVE_UP_DOMAIN, ids=given_up)
    ids = list(found)
    for statement in unpacking(dict(fetch(contents(COMPANIES), ids=ids)), COMPANIES):
        execute(statement, ids=ids)
    RemovedCompany.objects.filter(company_id__in=ids).delete()
    return found


def _settle(ids: Sequence[UUID], *, by: Member | None, now: datetime) -> list[UUID]:
    lift_companies(ids, now=now)
    return [row[0] for row in fetch(BACK, ids=ids, now=now, **asdict(_door(None, by)))]


def _door(bulk_id: UUID | None, by: Member | None) -> Door:
    by_id = by.pk if by else None
    if bulk_id is not None:
        return Door(Via.BULK, bulk_id, by_id)
    return Door(Via.PERSON if by else Via.API, by=by_id)


def _chunks(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    every = sorted(set(ids))
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))
