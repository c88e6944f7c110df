"""What people allowed us, what they asked of us, and how long we keep what we know."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Lead


class Purpose(WorkspaceModel):
    """What we ask leave for: a newsletter, calls about offers; `wording` is what is asked today."""

    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    wording = models.TextField(_("wording"), max_length=2_000, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="purpose_once",
                violation_error_message=_("Another purpose already has this key."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Consent(WorkspaceModel):
    """A lead gave or withdrew leave for a purpose; append-only, the newest one counts.

    `wording` is the sentence as it stood then, `source` where it was said, `proof` what shows it
    (submission, page, address, file).
    """

    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="consents")
    purpose = WorkspaceForeignKey(Purpose, models.CASCADE, related_name="consents")
    is_given = models.BooleanField()
    source = models.CharField(max_length=100, blank=True, default="")
    wording = models.TextField(max_length=2_000, blank=True, default="")
    proof = models.JSONField(default=dict)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "lead", "purpose", "-occurred_at", "-id"], name="consent_lead"
            ),
        ]

    def __str__(self) -> str:
        return str(_("given") if self.is_given else _("withdrawn"))


class Tombstone(WorkspaceModel):
    """Somebody erased must not come back by a file: a keyed hash of what identified them."""

    kind = models.CharField(max_length=8)  # IdentityKind
    value_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "value_hash"], name="tombstone_once"
            ),
        ]

    def __str__(self) -> str:
        return self.value_hash[:12]


class PrivacyRequestKind(models.TextChoices):
    """What a person can ask of us."""

    ACCESS = "access", _("What do you know about me?")
    ERASE = "erase", _("Forget me")


class PrivacyRequest(WorkspaceModel):
    """Somebody asked what we know, or to be forgotten; kept without saying who it was once erased.

    `counts`: table → rows handed out or erased. `by` is empty when a retention rule did it.
    """

    kind = models.CharField(max_length=6, choices=PrivacyRequestKind)
    lead_id = models.UUIDField()
    reason = models.CharField(max_length=200, blank=True, default="")
    counts = models.JSONField(default=dict)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-requested_at", "-id"], name="privacy_newest"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class RetentionRule(WorkspaceModel):
    """Leads that meet `condition` are erased by the nightly run while the rule is on."""

    name = models.CharField(_("name"), max_length=120)
    condition = models.JSONField(_("condition"), default=dict)
    is_on = models.BooleanField(_("on"), default=False)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ran_at = models.DateTimeField(null=True, blank=True)
    erased = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="retention_rule_once",
                violation_error_message=_("Another retention rule already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
