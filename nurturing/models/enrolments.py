"""Enrolments: leads on their way through a sequence."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from nurturing.models.sequences import Sequence, SequenceVersion


class EnrolmentState(models.TextChoices):
    """Where a lead's way through a sequence has come to."""

    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    LEFT = "left", _("Left")


class LeavingReason(models.TextChoices):
    """Why a lead left before the end."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    MOVED_ON = "moved_on", _("Entered another stage")
    BY_HAND = "by_hand", _("Taken out by hand")
    BOUNCED = "bounced", _("Email came back")


class Enrolment(WorkspaceModel):
    """One lead's way through one version of a sequence.

    `position` is the step to do next, at `due_at`. A lead is in a sequence once at a time.
    """

    sequence = WorkspaceForeignKey(Sequence, models.CASCADE, related_name="enrolments")
    version = WorkspaceForeignKey(SequenceVersion, models.PROTECT, related_name="enrolments")
    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="enrolments")
    position = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=EnrolmentState, default=EnrolmentState.RUNNING)
    reason = models.CharField(max_length=12, choices=LeavingReason, blank=True, default="")
    enrolled_at = models.DateTimeField()
    enrolled_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sequence", "lead"],
                condition=models.Q(state="running"),
                name="enrolment_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=models.Q(state="running"),
                name="enrolment_due",
            ),
            models.Index(fields=["workspace", "lead"], name="enrolment_lead"),
            models.Index(
                fields=["workspace", "version", "position"],
                condition=models.Q(state="running"),
                name="enrolment_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead} · {self.sequence}"
