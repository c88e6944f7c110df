"""Bulk actions: one verb for many leads, in chunks, with what is needed to take it back."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Lead
from leads.models.views import Subject


class BulkStatus(models.TextChoices):
    """Where a bulk action stands."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Stopped by a fault")


class BulkAction(WorkspaceModel):
    """One verb (`kind`, `parameters`) for all leads (or companies) of a `selection`, by chunks.

    `selection` is `{"ids": […]}` or what a list was narrowed to; who fitted it at the beginning is
    kept in its BulkChoices. `cursor` is the last one handled or undone: a chunk is one transaction
    that moves it, so a killed worker loses and repeats nothing.
    `file` is what an export made.
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=7, choices=Subject, default=Subject.LEAD)
    parameters = models.JSONField(default=dict)
    selection = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=BulkStatus, default=BulkStatus.RUNNING)
    cursor = models.UUIDField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, default="")
    file = models.CharField(max_length=300, blank=True, default="")
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="bulk_newest")]

    def __str__(self) -> str:
        return self.kind


class BulkChoice(WorkspaceModel):
    """The leads (or companies) of one chunk that is still to come, as they were chosen."""

    bulk = WorkspaceForeignKey(BulkAction, models.CASCADE, related_name="choices")
    number = models.PositiveIntegerField()
    ids = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "bulk", "number"], name="bulk_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id} {self.number}"


class BulkChange(WorkspaceModel):
    """What one lead was before a bulk action changed it; `before` is for the verb to read.

    What companies were stands in their history.
    """

    moves_in_merge = False  # to be undone for that lead only

    bulk = WorkspaceForeignKey(BulkAction, models.CASCADE, related_name="changes")
    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "bulk", "lead"], name="bulk_change_once"),
        ]
        indexes = [models.Index(fields=["workspace", "lead"], name="bulk_change_lead")]

    def __str__(self) -> str:
        return f"{self.bulk_id} {self.lead_id}"
