"""What a rep finds out about a lead, and what is to happen next."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class Answer(models.TextChoices):
    """How a BANT question was answered."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Unknown")


class Outcome(models.TextChoices):
    """What the qualification says; empty while it is being filled in."""

    POSITIVE = "positive", _("Qualified")
    NOT_NOW = "not_now", _("Not now")
    NEGATIVE = "negative", _("Never")


class BestChannel(models.TextChoices):
    """How the lead likes to be reached."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    MEETING = "meeting", _("Meeting")
    VIDEO = "video", _("Video call")


BANT = ("budget", "authority", "need", "timing")
"""The usual questions without which nobody is qualified."""


class Qualification(WorkspaceModel):
    """What conversations told about budget, authority, need and timing.

    Filled in as the rep types; `outcome` and `concluded_at` close it. Each lead has at most one
    open qualification; closed ones are kept for ever. `answers`: key of a question → answer
    (yes, partly, no, unknown), note, when, by (who said it), on (the day). `in_favour` counts
    those that speak for buying. `playbook` is the version whose questions were asked; empty for
    the usual ones. `worth` is in minor units.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="qualifications")
    playbook = WorkspaceForeignKey("funnel.Playbook", models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    in_favour = models.PositiveSmallIntegerField(default=0)
    spoken_to = models.CharField(_("Person spoken to"), max_length=200, blank=True, default="")
    is_authorised = models.BooleanField(_("This person may decide"), default=False)
    best_channel = models.CharField(
        _("Best channel"), max_length=7, choices=BestChannel, blank=True, default=""
    )
    worth = models.BigIntegerField(_("What it may be worth"), null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="")
    return_on = models.DateField(_("Come back on"), null=True, blank=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead"],
                condition=models.Q(outcome=""),
                name="qualification_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "lead", "-concluded_at"], name="qualification_lead"),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display() or _("In progress"))


class NurturingReturn(WorkspaceModel):
    """The day a lead leaves nurturing, so that no lead is left unattended.

    `is_agreed`: the person named the day; until then no score brings the lead back.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    is_agreed = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead"],
                condition=models.Q(ended_at=None),
                name="return_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=models.Q(ended_at=None),
                name="return_due",
            ),
            models.Index(fields=["workspace", "lead"], name="return_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.due_at:%Y-%m-%d}"


class NextStep(WorkspaceModel):
    """What a rep promised to do next with a lead; the next attempt ends it."""

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")
    what = models.CharField(_("next step"), max_length=200)
    due_at = models.DateTimeField()
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead"],
                condition=models.Q(done_at=None),
                name="next_step_open_once",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "lead"], name="next_step_lead")]

    def __str__(self) -> str:
        return self.what
