"""What ends with time: the licence of a file, and the keeping of the file itself."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from capture.actions.chunks import BLOCKS
from capture.actions.uploading import remove_import
from capture.importing import store
from capture.models import Import, ImportStatus, ImportTrace, TraceKind
from leads.actions.blocking import block_leads
from leads.actions.profiles import Door
from leads.models import Via

KEPT = timedelta(days=30)  # as long as an import can be undone
AT_REST = (
    ImportStatus.DRAFT,
    ImportStatus.UNREADABLE,
    ImportStatus.DONE,
    ImportStatus.CANCELLED,
    ImportStatus.UNDONE,
)


def discard_files(*, now: datetime) -> int:
    """Let go of the files of imports of this workspace that are at rest for 30 days; how many.

    So are files no import knows any more, and imports that were never started. What became of
    the rows of the others stays.
    """
    kept = store.kept_imports()
    old = Import.objects.filter(moved_at__lt=now - KEPT, status__in=AT_REST)
    for import_id in old.filter(started_at=None).values_list("pk", flat=True):
        remove_import(import_id)
    known = set(Import.objects.filter(pk__in=kept).values_list("pk", flat=True))
    over = set(old.filter(pk__in=kept).values_list("pk", flat=True))
    gone = over | (set(kept) - known)
    for import_id in gone:
        store.forget(import_id)
    return len(gone)


def expire_imports(*, now: datetime) -> int:
    """Close the imports of this workspace whose last day is over (UTC); how many leads changed.

    Chunk by chunk, each done again without harm when a worker dies.
    """
    over = Import.objects.filter(expires_on__lt=now.date(), expired_at=None)
    changed = 0
    for found in over.filter(started_at__isnull=False):
        chunks = ImportTrace.objects.filter(of=found, kind=TraceKind.LEAD).order_by("object_id")
        for chunk in chunks.iterator(chunk_size=10):
            ids = [UUID(each) for each in chunk.after or [str(chunk.object_id)]]
            door = Door(Via.IMPORT, found.pk)
            changed += block_leads(ids, flags=BLOCKS.values(), door=door, now=now)
        with transaction.atomic():
            Import.objects.filter(pk=found.pk).update(expired_at=now)
    return changed
