"""Files people put on a lead or a company."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Company, Lead


class Attachment(WorkspaceModel):
    """A file on a lead or a company; `path` is where the storage keeps its bytes."""

    lead = WorkspaceForeignKey(
        Lead, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    company = WorkspaceForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100, blank=True, default="")
    size = models.PositiveBigIntegerField()  # bytes
    path = models.CharField(max_length=300, editable=False)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "-created_at"], name="attachment_lead"),
            models.Index(fields=["workspace", "company", "-created_at"], name="attachment_company"),
            models.Index(
                fields=["workspace", "removed_at"],
                condition=models.Q(removed_at__isnull=False),
                name="attachment_removed",
            ),
        ]

    def __str__(self) -> str:
        return self.name
