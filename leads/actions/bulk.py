"""Bulk actions: started, moved on chunk by chunk, stopped, undone.

The outbox carries the loop, as for imports: a chunk announces BulkActionsMoved in its own
transaction, whose later reaction is the next chunk. A worker may die at any moment; nobody is
handled twice, and nobody is forgotten.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads.actions.setting import KEPT_IN
from leads.bulk.choosing import choose, forget_chosen, take_chosen
from leads.bulk.verb import Change, Verb, Work, verb_called
from leads.events import BulkActionsMoved
from leads.models import BulkAction, BulkStatus, Subject

CHUNK = 5_000
MOVED = ("status", "cursor", "handled", "changed", "skipped", "problem", "moved_at", "finished_at")
"""What moves with a chunk; `file` is its verb's."""
KEPT = timedelta(days=30)  # as long as removed leads are

KEEP = """
INSERT INTO leads_bulkchange (workspace_id, bulk_id, lead_id, before)
SELECT %(workspace)s, %(bulk)s, row.id, COALESCE(row.before, 'null')
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, before jsonb)
"""
# A lead that is gone since has nothing to be undone; taking it out took its change as well.
CHANGES = """
SELECT lead_id, before FROM leads_bulkchange
WHERE workspace_id = %(workspace)s AND bulk_id = %(bulk)s
  AND (%(after)s::uuid IS NULL OR lead_id > %(after)s::uuid)
ORDER BY lead_id LIMIT %(most)s
"""
# Where the history of the profile says what it was, no copy is needed.
HISTORY = """
SELECT {whose}, COALESCE(old, 'null') FROM {history}
WHERE workspace_id = %(workspace)s AND via_id = %(bulk)s
  AND (%(after)s::uuid IS NULL OR {whose} > %(after)s::uuid)
ORDER BY {whose} LIMIT %(most)s
"""


class CannotActInBulk(Refusal):
    """The verb is unknown, or its questions are not answered."""


class CannotChangeBulk(Conflict):
    """The bulk action is not where it would have to be."""


def start_bulk(
    verb: Verb,
    *,
    parameters: Mapping[str, Any],
    selection: Mapping[str, Any],
    by: Member | None,
    now: datetime,
) -> BulkAction:
    """Begin to do one verb to everybody of a kept `selection`.

    Whoever fits now is meant, whatever changes until their turn. Refuses a choice of nobody.
    `parameters` are what the verb's form gave. The same by the same member, while it runs, is one
    action: a second click begins nothing.
    """
    with transaction.atomic():
        bulk = BulkAction(kind=verb.name, parameters=parameters, selection=selection, by=by)
        bulk.subject, bulk.created_at, bulk.moved_at = verb.subject, now, now
        if by is not None and (same := _running_like(bulk, by)):
            return same
        bulk.save()
        bulk.total = choose(bulk, size=CHUNK)
        if not bulk.total:
            raise CannotActInBulk(_nobody_fits(verb.subject), field="selection")
        bulk.save(update_fields=["total"])
        publish(BulkActionsMoved((bulk.pk,)))
    return bulk


def _running_like(bulk: BulkAction, by: Member) -> BulkAction | None:
    # One click of a person after the other.
    list(Member.objects.select_for_update(no_key=True).filter(pk=by.pk).values("pk"))
    alike = BulkAction.objects.filter(by=by, status=BulkStatus.RUNNING, kind=bulk.kind)
    alike = alike.filter(subject=bulk.subject, parameters=bulk.parameters)
    found: BulkAction | None = alike.filter(selection=bulk.selection).first()
    return found


def _nobody_fits(subject: str) -> str:
    if subject == Subject.COMPANY:
        return _("No company fits this choice, so there is nothing to do.")
    return _("No lead fits this choice, so there is nothing to do.")


def cancel_bulk(bulk_id: UUID, *, now: datetime) -> BulkAction:
    """Stop after the chunk at work; what is done stays, and can be undone."""
    with transaction.atomic():
        bulk = _locked(bulk_id, BulkStatus.RUNNING)
        _rest(bulk, BulkStatus.CANCELLED, now=now)
    return bulk


def undo_bulk(bulk_id: UUID, *, now: datetime) -> BulkAction:
    """Begin to take back what was done; leads that somebody changed since stay as they are.

    Refuses what cannot be undone, and what is longer ago than 30 days.
    """
    with transaction.atomic():
        bulk = _locked(bulk_id, BulkStatus.DONE, BulkStatus.CANCELLED, BulkStatus.FAILED)
        if not may_be_undone(bulk, now):
            raise CannotChangeBulk(_("This can no longer be undone."))
        bulk.status, bulk.cursor, bulk.finished_at = BulkStatus.UNDOING, None, None
        bulk.handled, bulk.skipped, bulk.moved_at = 0, 0, now
        bulk.save()
        publish(BulkActionsMoved((bulk.pk,)))
    return bulk


def may_be_undone(bulk: BulkAction, now: datetime) -> bool:
    """Whether there is something to undo, the verb can, and it is recent enough."""
    verb = verb_called(bulk.kind, bulk.subject)
    is_at_rest = bulk.status in (BulkStatus.DONE, BulkStatus.CANCELLED, BulkStatus.FAILED)
    is_recent = bool(bulk.created_at > now - KEPT)
    return bool(verb and verb.undo and bulk.changed and is_at_rest and is_recent)


def move_bulk(bulk_id: UUID, *, now: datetime) -> None:
    """Handle the next chunk; nothing for a bulk action that rests."""
    with transaction.atomic():
        bulk = BulkAction.objects.select_for_update(no_key=True).filter(pk=bulk_id).first()
        if bulk is None or bulk.status not in (BulkStatus.RUNNING, BulkStatus.UNDOING):
            return
        try:
            with transaction.atomic():
                _chunk(bulk, now=now)
        except Refusal as refusal:
            bulk.refresh_from_db()
            bulk.problem = refusal.sentence[:500]
            _rest(bulk, BulkStatus.FAILED, now=now)
            return
        bulk.moved_at = now
        bulk.save(update_fields=MOVED)
        if bulk.status in (BulkStatus.RUNNING, BulkStatus.UNDOING):
            publish(BulkActionsMoved((bulk.pk,)))


def _chunk(bulk: BulkAction, *, now: datetime) -> None:
    verb = verb_called(bulk.kind, bulk.subject)
    if verb is None:
        raise CannotActInBulk(_("“%s” is nothing that can be done in bulk.") % bulk.kind)
    step = _do if bulk.status == BulkStatus.RUNNING else _undo
    step(bulk, verb, now)


def _do(bulk: BulkAction, verb: Verb, now: datetime) -> None:
    ids, is_last = take_chosen(bulk, size=CHUNK)
    if ids:
        changes = list(verb.do(_work(bulk, ids, now)))
        _keep(bulk, verb, changes)
        _count(bulk, len(ids), len(changes))
        bulk.cursor = ids[-1]
    if is_last:
        bulk.status, bulk.finished_at = BulkStatus.DONE, now


def _undo(bulk: BulkAction, verb: Verb, now: datetime) -> None:
    if verb.undo is None:
        raise CannotChangeBulk(_("This cannot be undone."))
    if verb.keeps_changes:
        undone = verb.undo(_work(bulk, [], now), [])
        bulk.handled += undone
        _undone(bulk, is_last=not undone, now=now)
        return
    statement = HISTORY.format(**KEPT_IN[bulk.subject]) if verb.in_history else CHANGES
    kept = fetch(statement, bulk=bulk.pk, after=bulk.cursor, most=CHUNK)
    changes = [Change(lead_id, json.loads(before)) for lead_id, before in kept]
    if changes:
        ids = [change.lead_id for change in changes]
        undone = verb.undo(_work(bulk, ids, now), changes)
        bulk.handled += len(changes)
        bulk.skipped += len(changes) - undone
        bulk.cursor = ids[-1]
    _undone(bulk, is_last=len(changes) < CHUNK, now=now)


def _undone(bulk: BulkAction, *, is_last: bool, now: datetime) -> None:
    if is_last:
        bulk.status, bulk.finished_at = BulkStatus.UNDONE, now


def _work(bulk: BulkAction, ids: Sequence[UUID], now: datetime) -> Work:
    return Work(ids, bulk.parameters, bulk.by, now, bulk.pk)


def _keep(bulk: BulkAction, verb: Verb, changes: Iterable[Change]) -> None:
    rows = [{"id": change.lead_id, "before": change.before} for change in changes]
    if rows and verb.undo and not (verb.keeps_changes or verb.in_history):
        execute(KEEP, bulk=bulk.pk, rows=as_jsonb(rows))


def _count(bulk: BulkAction, handled: int, changed: int) -> None:
    bulk.handled += handled
    bulk.changed += changed
    bulk.skipped += handled - changed


def _rest(bulk: BulkAction, status: BulkStatus, *, now: datetime) -> None:
    bulk.status, bulk.finished_at = status, now
    bulk.save(update_fields=MOVED)
    forget_chosen(bulk)


def _locked(bulk_id: UUID, *statuses: BulkStatus) -> BulkAction:
    bulk: BulkAction = BulkAction.objects.select_for_update(no_key=True).get(pk=bulk_id)
    if bulk.status not in statuses:
        said = {"status": bulk.get_status_display()}
        raise CannotChangeBulk(_("This does not go now; it stands at “%(status)s”.") % said)
    return bulk
