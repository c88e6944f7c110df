"""Renewals: what a customer buys again and again, and when we are reminded of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel

USUAL_DAYS = (30, 7, 0)


class ReminderDays(WorkspaceModel):
    """How many days before a renewal is due we are reminded, unless it says so itself.

    A workspace without a row keeps to USUAL_DAYS.
    """

    days = ArrayField(models.PositiveSmallIntegerField(), default=list)
    changed_at = models.DateTimeField()
    changed_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="reminder_days_once"),
        ]

    def __str__(self) -> str:
        return ", ".join(map(str, self.days))
