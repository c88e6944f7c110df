"""Files of one lead or company."""

from django.db.models import QuerySet

from leads.models import Attachment, Company, Lead

MOST_SHOWN = 30


def files_of(about: Lead | Company) -> list[Attachment]:
    """The files on a lead or a company, the newest first."""
    mine = {"lead": about} if isinstance(about, Lead) else {"company": about}
    rows = files().filter(**mine).select_related("by")
    return list(rows.order_by("-created_at", "-id")[:MOST_SHOWN])


def files() -> QuerySet[Attachment]:
    """All that were not removed."""
    rows: QuerySet[Attachment] = Attachment.objects.filter(removed_at=None)
    return rows
