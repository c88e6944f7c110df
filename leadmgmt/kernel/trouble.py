"""Stuck work: outbox rows that failed too often and were set aside, for a person to look at."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from leadmgmt.kernel import doorbell
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.models import OutboxRow


def set_aside() -> "QuerySet[OutboxRow]":
    """Rows of the current workspace that nobody works on any more, oldest first."""
    rows = OutboxRow.objects.filter(workspace_id=current_workspace_id())
    return rows.exclude(set_aside_at=None).order_by("id")


def trouble_with(id: UUID) -> OutboxRow | None:
    """What failed last time it was tried to go on with this; it waits, or was set aside."""
    rows = OutboxRow.objects.filter(workspace_id=current_workspace_id(), attempts__gt=0)
    found: OutboxRow | None = rows.filter(payload__ids__contains=[str(id)]).order_by("-id").first()
    return found


@transaction.atomic
def retry(row_ids: Iterable[int] | None = None) -> int:
    """Put these rows (or all) back to work with all their tries; the number of rows."""
    rows = set_aside()
    if row_ids is not None:
        rows = rows.filter(pk__in=row_ids)
    count = rows.order_by().update(set_aside_at=None, attempts=0, due_at=Now())
    doorbell.ring_on_commit()
    return count
