"""A licence ends: the leads a bought or rented file made are no longer approached."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from capture.actions.chunks import BLOCKS
from capture.models import Import, ImportTrace, TraceKind
from leads.actions.blocking import block_leads
from leads.actions.profiles import Door
from leads.models import Via


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
