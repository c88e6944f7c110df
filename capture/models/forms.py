"""Forms and what came through them."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class Form(WorkspaceModel):
    """What we ask a visitor, and what happens with the answer.

    `token` names the form on the public web. `fields` is the list of questions in order, as
    `{"key": "email", "label": "Work email", "is_required": true}`; a key is a field of the lead,
    `attributes.<custom field>` or `message`.
    """

    name = models.CharField(_("name"), max_length=120)
    token = models.CharField(max_length=32, unique=True, editable=False)
    fields = models.JSONField(_("questions"), default=list)
    button = models.CharField(_("button"), max_length=60, default="Send")
    consent = models.CharField(
        _("consent"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("A box that must be ticked; leave empty for none. Kept with each answer."),
    )
    purpose = WorkspaceForeignKey(
        "leads.Purpose",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("purpose"),
        help_text=_(
            "What the ticked box gives leave for; each answer is kept on the lead with its words"
            " and time."
        ),
    )
    thanks = models.CharField(
        _("thank-you message"), max_length=500, default="Thank you. We will be in touch soon."
    )
    redirect_url = models.URLField(
        _("thank-you page"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("An https address people are sent to afterwards, instead of the message."),
    )
    campaign = WorkspaceForeignKey(
        "leads.Campaign",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
        help_text=_("Where leads belong whose visit names no campaign."),
    )
    is_active = models.BooleanField(_("takes answers"), default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="form_newest")]

    def __str__(self) -> str:
        return self.name


class FormDay(WorkspaceModel):
    """How often a form was shown, and how often answers were turned back, on one day (UTC).

    Only people count. Answers that came through are counted from submissions.
    """

    form = WorkspaceForeignKey(Form, models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    refusals = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "form", "day"], name="form_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.day}"


class Verdict(models.TextChoices):
    """What we think of an answer."""

    ACCEPTED = "accepted", _("Accepted")
    SPAM = "spam", _("Spam")


class Submission(WorkspaceModel):
    """One answer to a form, kept whatever we think of it; only accepted ones make leads.

    `token` makes a double click the same answer. `values` are keyed as the form's fields are.
    `consent` is the sentence that was agreed to, as it stood then.
    """

    form = WorkspaceForeignKey(Form, models.CASCADE, related_name="submissions")
    token = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_default=Now())
    values = models.JSONField(default=dict)
    consent = models.CharField(max_length=500, blank=True, default="")
    page = models.CharField(max_length=1000, blank=True, default="")
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField(max_length=200, blank=True, default="")
    lead = WorkspaceForeignKey("leads.Lead", models.SET_NULL, null=True, related_name="+")
    visitor = WorkspaceForeignKey("leads.Visitor", models.SET_NULL, null=True, related_name="+")
    # the touch it came with, so that an answer released later is recorded as it was
    source = models.CharField(max_length=100, blank=True, default="")
    medium = models.CharField(max_length=100, blank=True, default="")
    campaign = WorkspaceForeignKey(
        "leads.Campaign", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "form", "token"], name="submission_once"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "form", "-received_at", "-id"], name="submission_newest"
            ),
            models.Index(fields=["workspace", "lead"], name="submission_lead"),
        ]

    def __str__(self) -> str:
        return str(self.get_verdict_display())

    @property
    def sender(self) -> str:
        """What the answer says of where to reach its sender."""
        return str(self.values.get("email") or self.values.get("phone") or "")
