"""Making one company of two that are one firm, and taking that back within thirty days."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads.actions.firm_history import keep_company_changes
from leads.actions.leavers import companies_from_leavers, owner_still_here
from leads.actions.profiles import Door
from leads.actions.removing_companies import take_out_companies, unpack_companies
from leads.actions.standing import lift_companies
from leads.events import CompaniesChanged, LeadsChanged
from leads.handing import hand_back, hand_over
from leads.joining import CUSTOM, OF_COMPANIES, Choices, differences, joined_companies, reversed_in
from leads.models import Company, CompanyMerge, Lead, RemovedCause, RemovedCompany, Via

LOCK = """
SELECT to_jsonb(company) - 'workspace_id' FROM leads_company AS company
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR UPDATE
"""
PEOPLE = """
SELECT id FROM leads_lead
WHERE workspace_id = %(workspace)s AND company_id = ANY(%(ids)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""
WRITE = """
UPDATE leads_company AS company SET ({columns}, changed_at) = (
    SELECT {columns}, %(now)s::timestamptz
    FROM jsonb_populate_record(NULL::leads_company, %(values)s::jsonb))
WHERE workspace_id = %(workspace)s AND id = %(id)s
RETURNING to_jsonb(company) - 'workspace_id'
"""
WENT = """
INSERT INTO leads_profilechange (
    workspace_id, lead_id, field, old, new, via, via_id, by_id, changed_at)
SELECT %(workspace)s, lead.id, 'company_id', to_jsonb(%(was)s::uuid), to_jsonb(lead.company_id),
    %(via)s, %(via_id)s::uuid, %(by)s::uuid, %(now)s
FROM leads_lead AS lead
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(leads)s::uuid[])
  AND lead.company_id = %(now_at)s::uuid
ORDER BY lead.id
RETURNING lead_id
"""
FIELDS = {column: field for field, column in OF_COMPANIES.items()}

Row = dict[str, Any]


class CannotMergeCompanies(Refusal):
    """A company with itself."""


class CompanyMergedAlready(Conflict):
    """One of the two is not there: merged or removed by somebody who was quicker."""


class CannotUndoCompanyMerge(Conflict):
    """It is undone already, too old, or another merge came after it."""


@dataclass(frozen=True)
class UndoneCompany:
    """Which is back, and the columns of the kept company that were changed since and stay."""

    company_id: UUID
    changed_since: tuple[str, ...]


def merge_companies(
    kept_id: UUID, gone_id: UUID, *, choices: Choices, by: Member | None, now: datetime
) -> CompanyMerge:
    """Make one company of two: `kept_id` gets all that hangs on `gone_id`, whose id leads to it.

    `choices` says field by field whose value is kept; blanks are filled. What would be there
    twice stays with the one that goes; what hung on its customer goes to the other's. Who writes
    from the domain that is not shown works at the kept one. Refuses a company and itself, and
    companies that are not there.
    """
    if kept_id == gone_id:
        raise CannotMergeCompanies(_("Choose another one: this is the same company."), field="gone")
    with transaction.atomic():
        before, gone = _locked(kept_id, gone_id)
        merge = CompanyMerge(pk=new_id(), company_id=kept_id, gone_id=gone_id, by=by, merged_at=now)
        merge.gone_label = gone["name"]
        merge.moved = hand_over(kept_id=kept_id, gone_id=gone_id, root=Company)
        take_out_companies([gone_id], cause=RemovedCause.MERGE, cause_id=merge.pk, by=by, now=now)
        after = _write(kept_id, joined_companies(before, gone, choices), now=now)
        domains = {before["domain"], gone["domain"]} - {after["domain"], None}
        merge.domain, merge.before = min(domains, default=""), differences(before, after)
        merge.save(force_insert=True)
        people = merge.moved.get(Lead._meta.label, [])
        _settle(merge, before, after, people, was=gone_id, at=kept_id, by=by, now=now)
        publish(CompaniesChanged((kept_id,)))
    return merge


def undo_company_merge(merge_id: UUID, *, by: Member | None, now: datetime) -> UndoneCompany:
    """Make two companies again: rows and values go back to where they were.

    What came since stays with the kept company, and so do its values that were changed since. An
    owner who has left gets nothing back.
    Refuses a merge that is undone, older than its parcel, or not the last of its company.
    """
    with transaction.atomic():
        kept, merge = _locked_merge(merge_id)
        patch, moved_on = reversed_in(kept, merge.before)
        patch |= owner_still_here(patch)
        after = _write_back(merge.company_id, patch, moved_on, now=now)
        unpack_companies([merge.gone_id])
        hand_back(merge.moved, kept_id=merge.company_id, gone_id=merge.gone_id, root=Company)
        merge.undone_at = now
        merge.save(update_fields=["undone_at"])
        people = merge.moved.get(Lead._meta.label, [])
        both = {"was": merge.company_id, "at": merge.gone_id}
        _settle(merge, kept, after, people, by=by, now=now, **both)
        door = Door(Via.MERGE, merge.pk, by.pk if by else None)
        companies_from_leavers([merge.gone_id], door=door, now=now)
        publish(CompaniesChanged((merge.company_id, merge.gone_id), is_quiet=True))
    return UndoneCompany(merge.gone_id, tuple(moved_on))


def _settle(
    merge: CompanyMerge,
    before: Row,
    after: Row,
    people: Sequence[str],
    *,
    was: UUID,
    at: UUID,
    by: Member | None,
    now: datetime,
) -> None:
    """Stages of both, and the histories of the company and of the people who moved."""
    door = Door(Via.MERGE, merge.pk, by.pk if by else None)
    keep_company_changes([(merge.company_id, _said(before), _said(after))], door=door, now=now)
    told = {"leads": list(people), "was": was, "now_at": at, "now": now, **asdict(door)}
    went = [row[0] for row in fetch(WENT, **told)] if people else []
    lift_companies(sorted({merge.company_id, at}), now=now)
    publish(LeadsChanged(tuple(went), is_quiet=merge.undone_at is not None))


def _said(row: Row) -> Row:
    """What the history of a company tells of."""
    own = {f"{CUSTOM}{key}": value for key, value in row["attributes"].items()}
    return {field: row[column] for column, field in FIELDS.items()} | own


def _locked(kept_id: UUID, gone_id: UUID) -> tuple[Row, Row]:
    execute(PEOPLE, ids=[kept_id, gone_id])
    found = {UUID(row["id"]): row for row in _rows(kept_id, gone_id)}
    for company_id in (kept_id, gone_id):
        if company_id not in found:
            raise CompanyMergedAlready(_why_missing(company_id), field="gone")
    return found[kept_id], found[gone_id]


def _locked_merge(merge_id: UUID) -> tuple[Row, CompanyMerge]:
    """The kept company first, as everybody who merges does, then the merge."""
    kept_id = CompanyMerge.objects.values_list("company_id", flat=True).get(pk=merge_id)
    execute(PEOPLE, ids=[kept_id])
    found = _rows(kept_id)
    merge = CompanyMerge.objects.select_for_update().get(pk=merge_id)
    if [str(merge.company_id)] != [row["id"] for row in found]:
        sentence = _("This company was merged on in this very moment; look again.")
        raise CannotUndoCompanyMerge(sentence)
    _refuse_late(merge)
    return found[0], merge


def _rows(*ids: UUID) -> list[Row]:
    return [msgspec.json.decode(row[0]) for row in fetch(LOCK, ids=list(ids))]


def _why_missing(company_id: UUID) -> str:
    merges = CompanyMerge.objects.filter(gone_id=company_id, undone_at=None)
    merge = merges.select_related("company").first()
    if merge is None:
        return _("There is no such company any more; look whether somebody removed it.")
    told = {"gone": merge.gone_label, "kept": merge.company}
    return _("“%(gone)s” was merged into “%(kept)s” already.") % told


def _refuse_late(merge: CompanyMerge) -> None:
    if merge.undone_at is not None:
        raise CannotUndoCompanyMerge(_("This merge is undone already."))
    if not RemovedCompany.objects.filter(company_id=merge.gone_id, cause_id=merge.pk).exists():
        sentence = _("A merge can be undone for 30 days; this one is older.")
        raise CannotUndoCompanyMerge(sentence)
    merges = CompanyMerge.objects.filter(company=merge.company_id, undone_at=None)
    last = merges.latest("merged_at", "pk")
    if last != merge:
        sentence = _("“%s” was merged with this company later; undo that merge first.")
        raise CannotUndoCompanyMerge(sentence % last.gone_label)


def _write_back(company_id: UUID, patch: Row, moved_on: list[str], *, now: datetime) -> Row:
    """A domain that is another company's by now stays there; ours goes to the one it came with."""
    try:
        with transaction.atomic():
            return _write(company_id, patch, now=now)
    except IntegrityError:
        moved_on.append("domain")
        return _write(company_id, {**patch, "domain": None}, now=now)


def _write(company_id: UUID, values: Row, *, now: datetime) -> Row:
    statement = WRITE.format(columns=", ".join(values))
    ((row,),) = fetch(statement, values=as_jsonb(values), id=company_id, now=now)
    after: Row = msgspec.json.decode(row)
    return after
