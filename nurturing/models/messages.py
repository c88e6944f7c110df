"""Messages: one email of a sequence to one lead, and what became of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from nurturing.models.enrolments import Enrolment
from nurturing.models.sequences import Sequence, Step


class MessageState(models.TextChoices):
    """The life of a message; `sending` is committed before the mail server hears of it."""

    PLANNED = "planned", _("Planned")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    WITHHELD = "withheld", _("Not sent")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")


class Message(WorkspaceModel):
    """One step's email to one lead: planned → sending → sent, failed or uncertain.

    Uncertain means that we were cut off between handing the mail over and noting it: perhaps it
    was delivered, so it is never sent again by itself. Withheld means that we must not write to
    this person. The step's key and the lead are unique together: nobody gets a step twice.
    """

    enrolment = WorkspaceForeignKey(Enrolment, models.CASCADE, related_name="messages")
    sequence = WorkspaceForeignKey(Sequence, models.CASCADE, related_name="messages")
    step = WorkspaceForeignKey(Step, models.PROTECT, related_name="messages")
    step_key = models.UUIDField()
    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="messages")
    to = models.CharField(_("to"), max_length=254, default="")
    subject = models.CharField(_("subject"), max_length=400, default="")
    state = models.CharField(max_length=9, choices=MessageState, default=MessageState.PLANNED)
    problem = models.CharField(max_length=500, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead", "step_key"], name="message_once_per_step"
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=models.Q(state="planned"),
                name="message_due",
            ),
            models.Index(
                fields=["workspace", "claimed_at"],
                condition=models.Q(state="sending"),
                name="message_in_flight",
            ),
            models.Index(
                fields=["workspace", "sequence", "-planned_at", "-id"], name="message_of_sequence"
            ),
            models.Index(fields=["workspace", "enrolment"], name="message_enrolment"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class Link(WorkspaceModel):
    """A link in a message; its address is stored, so a click can lead nowhere else."""

    message = WorkspaceForeignKey(Message, models.CASCADE, related_name="links")
    number = models.PositiveSmallIntegerField()
    target = models.TextField()
    clicked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "message", "number"], name="link_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.target


class SuppressionReason(models.TextChoices):
    """Why an address must not be written to."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("Email came back")
    BY_HAND = "by_hand", _("Asked us")


class Suppression(WorkspaceModel):
    """An address, in lower case, that gets no more mail from sequences, whoever it belongs to."""

    email = models.CharField(max_length=254)
    reason = models.CharField(max_length=12, choices=SuppressionReason)
    suppressed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "email"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return self.email
