"""Emails with which people of customers were sent what they were given to learn."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from funnel.models.training import Training
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class LetterState(models.TextChoices):
    """The life of a letter; `sending` is committed before the mail server hears of it."""

    PLANNED = "planned", _("Planned")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    WITHHELD = "withheld", _("Not sent")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")


class TrainingLetter(WorkspaceModel):
    """One email to whom a training was given, asked for by hand.

    Planned → sending → sent, failed or uncertain: we were cut off between handing it over and
    noting it, so perhaps it was delivered, and it is never sent again by itself. Withheld: by then
    we must not write to this person. `number`: the first one of its training is 1, and whoever
    sends it again makes the next.
    """

    training = WorkspaceForeignKey(Training, models.CASCADE, related_name="letters")
    number = models.PositiveSmallIntegerField()
    note = models.CharField(_("a word of yours"), max_length=1_000, blank=True, default="")
    is_with_file = models.BooleanField(default=False)
    to = models.CharField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=300, default="")
    state = models.CharField(max_length=9, choices=LetterState, default=LetterState.PLANNED)
    problem = models.CharField(max_length=500, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "training", "number"], name="training_letter_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=models.Q(state="planned"),
                name="training_letter_due",
            ),
            models.Index(
                fields=["workspace", "claimed_at"],
                condition=models.Q(state="sending"),
                name="training_letter_in_flight",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    @property
    def is_under_way(self) -> bool:
        """It has not come to anything yet."""
        return self.state in (LetterState.PLANNED, LetterState.SENDING)
