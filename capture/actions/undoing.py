"""Undoing an import: what it made is taken out, what it changed is as it was; the rest stays.

Chunk by chunk like the import itself. Leads somebody else has touched since stay, and so do
fields somebody has changed since; both are listed as traces that stayed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from capture.actions.standing import locked
from capture.actions.tracing import Trace, trace
from capture.events import ImportsMoved
from capture.importing.undo import STEPS, Undo
from capture.models import Import, ImportStatus, TraceKind
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member
from leads.actions.fields import retire_field
from leads.actions.firms import CompanyChange, take_back_companies
from leads.actions.profiles import Door
from leads.actions.removing import take_out
from leads.actions.restoring import changed_via, take_back_changes
from leads.models import CustomField, RemovedCause, Via

CHUNK = 500  # leads, or traces
KEPT_DAYS = 30

# What happens to a lead by itself is nobody's touch; what the lead or a member did is.
TOUCHED = """
SELECT lead.id FROM leads_lead AS lead
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[]) AND (
    EXISTS (SELECT FROM leads_activity AS fact
        WHERE fact.workspace_id = %(workspace)s AND fact.lead_id = lead.id
          AND fact.kind <> 'imported'
          AND fact.properties ->> 'import_id' IS DISTINCT FROM %(of)s::text
          AND NOT (fact.by_id IS NULL AND fact.kind IN (
              'lead_created', 'stage_entered', 'assigned', 'enrolled', 'breached')))
    OR EXISTS (SELECT FROM leads_profilechange AS change
        WHERE change.workspace_id = %(workspace)s AND change.lead_id = lead.id
          AND change.via_id IS DISTINCT FROM %(of)s)
    OR EXISTS (SELECT FROM leads_leadtag AS worn
        WHERE worn.workspace_id = %(workspace)s AND worn.lead_id = lead.id
          AND NOT EXISTS (SELECT FROM capture_importtrace AS own
              WHERE own.workspace_id = %(workspace)s AND own.of_id = %(of)s
                AND own.kind = 'tag' AND own.object_id = worn.id))
    OR lead.changed_at > coalesce(
        (SELECT max(change.changed_at) FROM leads_profilechange AS change
         WHERE change.workspace_id = %(workspace)s AND change.lead_id = lead.id), lead.created_at)
)
"""
# A lead and the fact that it came by an import are of one moment.
MADE = """
SELECT lead.id FROM leads_lead AS lead JOIN leads_activity AS fact
    ON fact.workspace_id = %(workspace)s AND fact.lead_id = lead.id
    AND fact.received_at = lead.created_at AND fact.kind = 'imported'
    AND fact.properties ->> 'import_id' = %(of)s
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
"""
TRACES = """
SELECT object_id, before::text, after::text FROM capture_importtrace
WHERE workspace_id = %(workspace)s AND of_id = %(of)s AND kind = %(kind)s
  AND (%(after)s::uuid IS NULL OR object_id > %(after)s::uuid)
ORDER BY object_id LIMIT %(most)s
"""
# What the import itself told of a company it made does not keep it; what others told does.
FORGET_CHANGES = """
DELETE FROM leads_companychange
WHERE workspace_id = %(workspace)s AND company_id = ANY(%(ids)s::uuid[]) AND via_id = %(of)s
"""
# Leads it made that stay keep what came with them.
DELETE = """
DELETE FROM {} AS row WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
  AND NOT EXISTS (SELECT FROM leads_lead AS lead JOIN leads_activity AS fact
      ON fact.workspace_id = %(workspace)s AND fact.lead_id = lead.id
      AND fact.received_at = lead.created_at AND fact.kind = 'imported'
      AND fact.properties ->> 'import_id' = %(of)s
      WHERE lead.workspace_id = %(workspace)s AND lead.id = row.lead_id)
"""
DELETE_COMPANIES = """
DELETE FROM leads_company AS company
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[]) AND owner_id IS NULL
  AND NOT EXISTS (SELECT FROM leads_lead AS lead
      WHERE lead.workspace_id = %(workspace)s AND lead.company_id = company.id)
"""


class CannotUndoImport(Conflict):
    """The import is too old to be undone."""


def undo_import(import_id: UUID, *, by: Member | None, now: datetime) -> Import:
    """Take back all an import made and changed, in the background; within 30 days of its start.

    The leads it made lie with the removed ones for 30 days more.
    """
    with transaction.atomic():
        found = locked(import_id, ImportStatus.DONE, ImportStatus.CANCELLED)
        if not may_be_undone(found, now):
            raise CannotUndoImport(
                _("This import was started more than %d days ago; it cannot be undone any more.")
                % KEPT_DAYS
            )
        found.status, found.moved_at = ImportStatus.UNDOING, now
        found.undone = Undo(by=str(by.pk) if by else "").as_json()
        found.save(update_fields=["status", "moved_at", "undone"])
        publish(ImportsMoved((found.pk,)))
        return found


def may_be_undone(found: Import, now: datetime) -> bool:
    """Whether it rests, and is young enough."""
    rests = found.status in (ImportStatus.DONE, ImportStatus.CANCELLED)
    is_young = found.started_at is not None and found.started_at > now - timedelta(days=KEPT_DAYS)
    return rests and is_young


def undo_chunk(import_id: UUID, *, now: datetime) -> None:
    """Take back the next piece; nothing for an import that is not being undone."""
    with transaction.atomic():
        undoing = Import.objects.select_for_update().filter(status=ImportStatus.UNDOING)
        found: Import | None = undoing.filter(pk=import_id).first()
        if found is None:
            return
        undo = Undo(**found.undone)
        last = TAKING_BACK[undo.step](found, undo, now)
        undo.go_on(last)
        found.undone, found.moved_at = undo.as_json(), now
        if undo.step:
            publish(ImportsMoved((found.pk,)))
        else:
            found.status, found.undone_at = ImportStatus.UNDONE, now
        found.save(update_fields=["undone", "moved_at", "status", "undone_at"])


def _leads(found: Import, undo: Undo, now: datetime) -> UUID | None:
    traces = _traces(found, TraceKind.LEAD, undo, most=1)
    ids = [UUID(each) for chunk in traces for each in chunk.after or [str(chunk.object_id)]]
    touched = {row[0] for row in fetch(TOUCHED, ids=ids, of=found.pk)} if ids else set()
    by = Member.objects.filter(pk=undo.by).first() if undo.by else None
    gone = take_out(
        [each for each in ids if each not in touched],
        cause=RemovedCause.IMPORT,
        cause_id=found.pk,
        by=by,
        now=now,
    )
    undo.leads_removed += len(gone)
    undo.leads_kept += len(touched)
    trace(found, [Trace(TraceKind.STAYED, each) for each in sorted(touched)])
    return traces[-1].object_id if traces else None


def _profiles(found: Import, undo: Undo, now: datetime) -> UUID | None:
    """Known leads that were changed; those it made itself are gone or stay as they are."""
    ids = changed_via(found.pk, after=undo.after, most=CHUNK)
    made = {row[0] for row in fetch(MADE, ids=ids, of=str(found.pk))}
    known = [each for each in ids if each not in made]
    done = take_back_changes(known, via_id=found.pk, by=UUID(undo.by) if undo.by else None, now=now)
    undo.fields_restored += done.restored
    undo.fields_kept += len(done.stayed)
    trace(found, [Trace(TraceKind.STAYED, lead, {"field": name}) for lead, name in done.stayed])
    return ids[-1] if len(ids) == CHUNK else None


def _tags(found: Import, undo: Undo, now: datetime) -> UUID | None:
    return _delete(found, undo, TraceKind.TAG, "leads_leadtag")


def _consents(found: Import, undo: Undo, now: datetime) -> UUID | None:
    return _delete(found, undo, TraceKind.CONSENT, "leads_consent")


def _company_changes(found: Import, undo: Undo, now: datetime) -> UUID | None:
    traces = _traces(found, TraceKind.COMPANY_CHANGED, undo)
    changes = [
        CompanyChange(each.object_id, each.before or {}, each.after or {}) for each in traces
    ]
    # of this import, so that it does not keep a company the import made
    door = Door(Via.PERSON, found.pk, UUID(undo.by) if undo.by else None)
    undo.companies_restored += take_back_companies(changes, door=door, now=now)
    return traces[-1].object_id if len(traces) == CHUNK else None


def _companies(found: Import, undo: Undo, now: datetime) -> UUID | None:
    """Those that nobody works for and nothing else hangs on."""
    ids = [each.object_id for each in _traces(found, TraceKind.COMPANY, undo)]
    undo.companies_removed += _delete_companies(ids, of=found.pk) if ids else 0
    return ids[-1] if len(ids) == CHUNK else None


def _fields(found: Import, undo: Undo, now: datetime) -> UUID | None:
    """Custom fields it made are asked for no more; what leads that stay say in them is kept."""
    ids = [each.object_id for each in _traces(found, TraceKind.FIELD, undo)]
    for field in CustomField.objects.filter(pk__in=ids, retired_at=None):
        retire_field(field, now=now)
        undo.fields_retired += 1
    return None


TAKING_BACK: dict[str, Callable[[Import, Undo, datetime], UUID | None]] = dict(
    zip(
        STEPS,
        (_leads, _profiles, _tags, _consents, _company_changes, _companies, _fields),
        strict=True,
    )
)


def _traces(found: Import, kind: str, undo: Undo, most: int = 0) -> list[Trace]:
    values = {"of": found.pk, "kind": kind, "after": undo.after or None, "most": most or CHUNK}
    return [Trace.read(kind, *row) for row in fetch(TRACES, **values)]


def _delete(found: Import, undo: Undo, kind: str, table: str) -> UUID | None:
    ids = [each.object_id for each in _traces(found, kind, undo)]
    if ids:
        execute(DELETE.format(table), ids=ids, of=str(found.pk))
    return ids[-1] if len(ids) == CHUNK else None


def _delete_companies(ids: list[UUID], *, of: UUID) -> int:
    """All of the chunk, or one by one when something else refers to one of them."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            execute(FORGET_CHANGES, ids=ids, of=of)
            gone = execute(DELETE_COMPANIES, ids=ids)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return gone
    except IntegrityError:
        return sum(_delete_companies([each], of=of) for each in ids) if len(ids) > 1 else 0
