"""The outbox: later reactions waiting in the database."""

from django.db import models
from django.db.models.functions import Now

from leadmgmt.kernel.context import current_workspace_id


class OutboxRow(models.Model):
    """One reaction still to be done for one batch.

    The worker deletes it in the reaction's own transaction. A row that keeps failing is set aside,
    where an operator sees it.
    """

    workspace_id = models.UUIDField(default=current_workspace_id)
    reaction = models.TextField()
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="", blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "kernel_outbox"
        indexes = [
            models.Index(
                fields=["workspace_id", "id"],
                condition=models.Q(set_aside_at=None),
                name="outbox_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} #{self.pk}"
