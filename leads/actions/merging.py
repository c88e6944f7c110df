"""Making one lead of two that are one person, and taking that back within thirty days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.leavers import leads_from_leavers, owner_still_here
from leads.actions.removing import settle, take_out, unpack
from leads.actions.standing import lift_companies
from leads.events import ActivitiesRecorded, LeadsChanged, LeadsCreated, LeadsPutBack
from leads.handing import Moved, hand_back, hand_over
from leads.joining import CHOSEN, CUSTOM, Choices, differences, joined, reversed_in
from leads.kinds import Kind
from leads.models import Company, Duplicate, Merge, ProfileChange, RemovedCause, RemovedLead, Via
from leads.queries.merging import current_company_id

LOCK = """
SELECT id, to_jsonb(lead) - 'workspace_id' FROM leads_lead AS lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR UPDATE
"""

WRITE = """
UPDATE leads_lead AS lead SET ({columns}, changed_at) = (
    SELECT {columns}, %(now)s::timestamptz
    FROM jsonb_populate_record(NULL::leads_lead, %(values)s::jsonb))
WHERE workspace_id = %(workspace)s AND id = %(id)s
RETURNING to_jsonb(lead) - 'workspace_id'
"""

# Two people remain two people, whatever one of them is merged with.
CARRY = """
INSERT INTO leads_duplicate (
    workspace_id, first_id, second_id, certainty, reasons, status, settled_at, by_id)
SELECT %(workspace)s, least(other.id, %(kept)s::uuid), greatest(other.id, %(kept)s::uuid),
    pair.certainty, pair.reasons, pair.status, pair.settled_at, pair.by_id
FROM leads_duplicate AS pair, LATERAL (
    SELECT CASE WHEN pair.first_id = %(gone)s THEN pair.second_id ELSE pair.first_id END AS id
) AS other
WHERE pair.workspace_id = %(workspace)s AND %(gone)s::uuid IN (pair.first_id, pair.second_id)
  AND pair.status = 'dismissed' AND other.id <> %(kept)s
ON CONFLICT (workspace_id, first_id, second_id) DO NOTHING
RETURNING id::text
"""

PAIRS = Duplicate._meta.label

# Columns of the profile, as conditions and histories name them.
PROFILE = {column: field for field, column in CHOSEN.items() if field != "owner"} | {
    "do_not_email": "do_not_email",
    "do_not_call": "do_not_call",
}

Row = dict[str, Any]


class CannotMerge(Refusal):
    """A lead with itself."""


class MergedAlready(Conflict):
    """One of the two is not there: merged or removed by somebody who was quicker."""


class CannotUndoMerge(Conflict):
    """It is undone already, too old, or another merge came after it."""


@dataclass(frozen=True)
class Undone:
    """Who is back, and the columns of the kept lead that were changed since and stay."""

    lead_id: UUID
    changed_since: tuple[str, ...]


def merge_leads(
    kept_id: UUID, gone_id: UUID, *, choices: Choices, by: Member | None, now: datetime
) -> Merge:
    """Make one lead of two: `kept_id` gets all that hangs on `gone_id`, whose id leads to it.

    `choices` says field by field whose value is kept (see `joining`); the rest follows rules.
    What would be there twice stays with the lead that goes, for the case that this is undone.
    Refuses a lead and itself, and leads that are not there.
    """
    if kept_id == gone_id:
        raise CannotMerge(_("Choose somebody else: this is the same lead."), field="gone")
    with transaction.atomic():
        before, gone = _locked(kept_id, gone_id)
        merge = Merge(pk=new_id(), lead_id=kept_id, gone_id=gone_id, by=by, merged_at=now)
        merge.gone_label = gone["name"] or gone["email"] or gone["phone"]
        merge.moved = _carried(kept_id, gone_id) | hand_over(kept_id=kept_id, gone_id=gone_id)
        take_out([gone_id], cause=RemovedCause.MERGE, cause_id=merge.pk, by=by, now=now)
        _tell_timeline(merge, by=by, now=now)
        after = _write(kept_id, joined(before, gone, choices), now=now)
        merge.before = differences(before, after)
        merge.save(force_insert=True)
        _note_origins(merge, merge.before, now=now)
        _lift_employers(before, after, now=now)
        publish(LeadsChanged((kept_id,)))
        publish(ActivitiesRecorded((kept_id,)))
    return merge


def undo_merge(merge_id: UUID, *, by: Member | None, now: datetime) -> Undone:
    """Make two leads again: rows, identities and values go back to where they were.

    What came in since stays with the kept lead, and so do its values that were changed since. An
    owner who has left gets nothing back.
    Refuses a merge that is undone, older than its parcel, or not the last of its lead.
    """
    with transaction.atomic():
        kept, merge = _locked_merge(merge_id)
        unpack([merge.gone_id])
        hand_back(_without_pairs(merge.moved), kept_id=merge.lead_id, gone_id=merge.gone_id)
        Duplicate.objects.filter(pk__in=merge.moved.get(PAIRS, [])).delete()
        _tell_timeline(merge, by=by, now=now, is_undone=True)
        patch, moved_on = reversed_in(kept, merge.before)
        patch |= _employer(patch) | owner_still_here(patch)
        patch = {"last_activity_at": kept["last_activity_at"], **patch}
        after = _write(merge.lead_id, patch, now=now)
        _note_origins(merge, differences(kept, after), now=now, by=by)
        _lift_employers(kept, after, now=now)
        settle([merge.gone_id], now=now)
        leads_from_leavers([merge.gone_id], by=by, now=now)
        merge.undone_at = now
        merge.save(update_fields=["undone_at"])
        publish(LeadsPutBack((merge.gone_id,)))
        publish(LeadsCreated((merge.gone_id,), is_quiet=True))
        publish(LeadsChanged((merge.lead_id,), is_quiet=True))
        publish(ActivitiesRecorded((merge.lead_id, merge.gone_id), is_quiet=True))
    return Undone(merge.gone_id, tuple(moved_on))


def _locked(kept_id: UUID, gone_id: UUID) -> tuple[Row, Row]:
    found = {UUID(row["id"]): row for row in _rows(kept_id, gone_id)}
    for lead_id in (kept_id, gone_id):
        if lead_id not in found:
            raise MergedAlready(_why_missing(lead_id), field="gone")
    return found[kept_id], found[gone_id]


def _locked_merge(merge_id: UUID) -> tuple[Row, Merge]:
    """The kept lead first, as everybody who merges does, then the merge."""
    found = _rows(Merge.objects.values_list("lead_id", flat=True).get(pk=merge_id))
    merge = Merge.objects.select_for_update().get(pk=merge_id)
    if [str(merge.lead_id)] != [row["id"] for row in found]:
        raise CannotUndoMerge(_("This lead was merged on in this very moment; look again."))
    _refuse_late(merge)
    return found[0], merge


def _rows(*lead_ids: UUID) -> list[Row]:
    return [msgspec.json.decode(row) for _id, row in fetch(LOCK, ids=list(lead_ids))]


def _why_missing(lead_id: UUID) -> str:
    merge = Merge.objects.filter(gone_id=lead_id, undone_at=None).select_related("lead").first()
    if merge is None:
        return _("There is no such lead any more; look whether somebody removed it.")
    told = {"gone": merge.gone_label, "kept": merge.lead}
    return _("“%(gone)s” was merged into “%(kept)s” already.") % told


def _refuse_late(merge: Merge) -> None:
    if merge.undone_at is not None:
        raise CannotUndoMerge(_("This merge is undone already."))
    if not RemovedLead.objects.filter(lead_id=merge.gone_id, cause_id=merge.pk).exists():
        raise CannotUndoMerge(_("A merge can be undone for 30 days; this one is older."))
    last = Merge.objects.filter(lead=merge.lead_id, undone_at=None).latest("merged_at", "pk")
    if last != merge:
        sentence = _("“%s” was merged with this lead later; undo that merge first.")
        raise CannotUndoMerge(sentence % last.gone_label)


def _carried(kept_id: UUID, gone_id: UUID) -> Moved:
    made = [row[0] for row in fetch(CARRY, kept=kept_id, gone=gone_id)]
    return {PAIRS: made} if made else {}


def _without_pairs(moved: Mapping[str, list[str]]) -> Moved:
    return {label: ids for label, ids in moved.items() if label != PAIRS}


def _write(lead_id: UUID, values: Mapping[str, Any], *, now: datetime) -> Row:
    statement = WRITE.format(columns=", ".join(values))
    ((row,),) = fetch(statement, values=as_jsonb(values), id=lead_id, now=now)
    after: Row = msgspec.json.decode(row)
    return after


def _employer(patch: Mapping[str, Any]) -> dict[str, Any]:
    """Where the lead worked may be merged into another company by now, or gone."""
    if patch.get("company_id") is None:
        return {}
    company_id = UUID(patch["company_id"])
    is_there = Company.objects.filter(pk=company_id).exists()
    return {"company_id": str(company_id) if is_there else current_company_id(company_id)}


def _lift_employers(before: Row, after: Row, *, now: datetime) -> None:
    employers = {before["company_id"], after["company_id"]} - {None}
    lift_companies(sorted(UUID(each) for each in employers), now=now)


def _tell_timeline(
    merge: Merge, *, by: Member | None, now: datetime, is_undone: bool = False
) -> None:
    """On the timeline, but no sign of life: the last activity is written anew afterwards."""
    told = {"lead": merge.gone_label, "is_undone": is_undone}
    by_id = by.pk if by else None
    fact = NewActivity(Kind.MERGED, now, lead_id=merge.lead_id, properties=told, by_id=by_id)
    record_activities([fact], now=now)


def _note_origins(
    merge: Merge, changes: Mapping[str, list[Any]], *, now: datetime, by: Member | None = None
) -> None:
    """Where values of the profile came from; standing has histories of its own."""
    ProfileChange.objects.bulk_create(
        ProfileChange(
            lead_id=merge.lead_id,
            field=PROFILE.get(column, column),
            old=old,
            new=new,
            via=Via.MERGE,
            via_id=merge.pk,
            by=by or merge.by,
            changed_at=now,
        )
        for column, (old, new) in changes.items()
        if column in PROFILE or column.startswith(CUSTOM)
    )
