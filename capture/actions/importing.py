"""An import is settled, started, stopped and moved on.

The outbox carries the loop. A chunk announces ImportsMoved in its own transaction, whose later
reaction is the next chunk; so a worker may die at any moment, and no row is lost or read twice.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from capture.actions.chunks import import_chunk
from capture.actions.making import make_fields
from capture.actions.mapping import Settings, refuse_doubtful_dates, refuse_wrong, words_of
from capture.actions.standing import locked
from capture.actions.tracing import Trace, trace
from capture.actions.trying import try_chunk
from capture.actions.undoing import undo_chunk
from capture.actions.uploading import read_upload
from capture.events import ImportsMoved
from capture.importing import store
from capture.models import Import, ImportStatus, TraceKind
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.models import Member


def settle_import(import_id: UUID, settings: Settings) -> Import:
    """Write down how the file is to be read; refuses what could not be read that way.

    What a dry run has found is forgotten: it was about other settings.
    """
    with transaction.atomic():
        found = locked(import_id, ImportStatus.DRAFT)
        refuse_wrong(found, settings)
        found.mapping = list(settings.mapping)
        found.identity, found.known = settings.identity, settings.known
        found.unknown_words = words_of(settings.unknown_words)
        found.date_order, found.is_quiet = settings.date_order, settings.is_quiet
        found.campaign_id = settings.campaign_id
        found.origin, found.licence = settings.origin, settings.licence[:300]
        found.expires_on, found.uses = settings.expires_on, sorted(set(settings.uses))
        found.trial = {}
        found.save()
        return found


def start_import(import_id: UUID, *, by: Member | None, now: datetime) -> Import:
    """Make the custom fields the mapping asks for, and let the workers begin.

    Refuses while it is in doubt how days are written. A dry run that still goes on ends here.
    """
    with transaction.atomic():
        found = locked(import_id, ImportStatus.DRAFT, ImportStatus.CHECKING)
        refuse_doubtful_dates(found)
        trace(found, [Trace(TraceKind.FIELD, pk) for pk in make_fields(found)])
        found.status, found.by = ImportStatus.RUNNING, by or found.by
        found.started_at = found.moved_at = now
        found.save()
        publish(ImportsMoved((found.pk,)))
        return found


def cancel_import(import_id: UUID, *, now: datetime) -> Import:
    """Stop after the chunk that is being written; what is imported stays.

    A dry run is stopped too: the import waits for its start again.
    """
    with transaction.atomic():
        found = locked(import_id, ImportStatus.RUNNING, ImportStatus.CHECKING)
        if found.status == ImportStatus.CHECKING:
            found.status, found.trial = ImportStatus.DRAFT, {}
        else:
            found.status, found.finished_at = ImportStatus.CANCELLED, now
        found.save(update_fields=["status", "finished_at", "trial"])
        return found


def resume_import(import_id: UUID, *, now: datetime) -> Import:
    """Go on where it was cancelled; refuses when the file is lost."""
    with transaction.atomic():
        found = locked(import_id, ImportStatus.CANCELLED)
        store.lines_from(found.pk, found.cursor, 1)
        found.status, found.finished_at, found.moved_at = ImportStatus.RUNNING, None, now
        found.save(update_fields=["status", "finished_at", "moved_at"])
        publish(ImportsMoved((found.pk,)))
        return found


def move_import(import_id: UUID, *, now: datetime) -> None:
    """Do the next piece of whatever the import is at; nothing for one that rests."""
    status = Import.objects.filter(pk=import_id).values_list("status", flat=True).first()
    if status == ImportStatus.READING:
        read_upload(import_id, now=now)
    elif status == ImportStatus.CHECKING:
        try_chunk(import_id, now=now)
    elif status == ImportStatus.RUNNING:
        import_chunk(import_id, now=now)
    elif status == ImportStatus.UNDOING:
        undo_chunk(import_id, now=now)
