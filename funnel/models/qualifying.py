"""What a rep finds out about a lead, and what is to happen next."""

from typing import Any

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


def _answer(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=7, choices=Answer, default=Answer.UNKNOWN)


def _note(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=500, blank=True, default="")


class Qualification(WorkspaceModel):
    """What one conversation told about budget, authority, need and timing.

    Filled in as the rep types; `outcome` and `concluded_at` close it. Each lead has at most one
    open qualification; closed ones are kept for ever.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="qualifications")
    budget = _answer(_("Budget"))
    budget_note = _note(_("Budget: how much, from where"))
    authority = _answer(_("Authority"))
    authority_note = _note(_("Authority: who decides, how"))
    need = _answer(_("Need"))
    need_note = _note(_("Need: which problem, how badly"))
    timing = _answer(_("Timing"))
    timing_note = _note(_("Timing: when they buy, when it must be delivered"))
    spoken_to = models.CharField(_("Person spoken to"), max_length=200, blank=True, default="")
    is_authorised = models.BooleanField(_("This person may decide"), default=False)
    is_approval_outstanding = models.BooleanField(
        _("A final approval is still outstanding"), default=False
    )
    is_right_time = models.BooleanField(_("Now is the right time to sell"), default=False)
    best_channel = models.CharField(
        _("Best channel"), max_length=7, choices=BestChannel, blank=True, default=""
    )
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="")
    return_on = models.DateField(_("Come back on"), null=True, blank=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(db_default=Now())
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
