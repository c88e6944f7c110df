"""Leads, their companies, what identifies them, and the browsers they came with."""

from django.db import models
from django.db.models import Case, F, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel

UNSCORED = -(2**31)  # sorts behind every score

SCORE = Case(When(score__isnull=False, then="score"), default=UNSCORED)
"""What lists sort by score on; see the index."""

ACTIVE_AT = Case(
    When(last_activity_at__isnull=False, then="last_activity_at"), default="created_at"
)
"""What lists sort by activity on; see the index."""


class Stage(models.TextChoices):
    """How far a lead has come; `nurturing` and `disqualified` are side rooms."""

    LEAD = "lead", _("Lead")
    MQL = "mql", _("MQL")
    SQL = "sql", _("SQL")
    CUSTOMER = "customer", _("Customer")
    NURTURING = "nurturing", _("Nurturing")
    DISQUALIFIED = "disqualified", _("Disqualified")


class LeadClass(models.TextChoices):
    """How warm a lead is; empty means not yet sorted."""

    HOT = "hot", _("Hot")
    WARM = "warm", _("Warm")
    COLD = "cold", _("Cold")


class Grade(models.TextChoices):
    """How well a lead fits what we sell, best first; empty means not graded."""

    A_PLUS = "A+", "A+"
    A = "A", "A"
    A_MINUS = "A-", "A-"
    B_PLUS = "B+", "B+"
    B = "B", "B"
    B_MINUS = "B-", "B-"
    C_PLUS = "C+", "C+"
    C = "C", "C"
    C_MINUS = "C-", "C-"
    D_PLUS = "D+", "D+"
    D = "D", "D"
    D_MINUS = "D-", "D-"
    F = "F", "F"


class Company(WorkspaceModel):
    """A firm; its stage is the furthest live stage among its people.

    `stage_entered_at` is unknown where the stage was given before we noted when.
    """

    name = models.CharField(_("name"), max_length=200)
    domain = models.CharField(_("domain"), max_length=253, null=True, blank=True)  # noqa: DJ001
    industry = models.CharField(_("industry"), max_length=100, blank=True, default="")
    country = models.CharField(_("country"), max_length=100, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, db_default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, db_default="")
    website = models.CharField(_("website"), max_length=300, blank=True, db_default="")
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True, db_default={})
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.LEAD)
    stage_entered_at = models.DateTimeField(null=True, blank=True, db_default=Now())
    customer_since = models.DateTimeField(null=True, blank=True)
    owner = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "domain"],
                name="company_domain_once",
                violation_error_message=_("Another company already has this domain."),
            ),
        ]
        indexes = [models.Index(fields=["workspace", "name", "id"], name="company_by_name")]

    def __str__(self) -> str:
        return self.name


class Lead(WorkspaceModel):
    """A person who may become a customer, with where they stand now.

    Standing (stage…, score, lead_class, grade, owner, last_activity_at) is written only by its
    owners (funnel, scoring) through `leads.actions.standing`; the exact score lives in `scoring`.
    `cycle` counts qualification cycles; `cycle_began_at` is null in the first, which began with
    the lead. Empty text and null both mean *unknown*.
    """

    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    email = models.CharField(_("email"), max_length=254, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    job_title = models.CharField(_("job title"), max_length=120, blank=True, default="")
    country = models.CharField(_("country"), max_length=100, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    company = WorkspaceForeignKey(
        Company, models.SET_NULL, null=True, blank=True, related_name="people"
    )
    attributes = models.JSONField(default=dict, blank=True)
    do_not_email = models.BooleanField(_("do not email"), default=False)
    do_not_call = models.BooleanField(_("do not call"), default=False)

    # first touch
    source = models.CharField(_("source"), max_length=100, blank=True, default="")
    medium = models.CharField(_("medium"), max_length=100, blank=True, default="")
    campaign = WorkspaceForeignKey(
        "leads.Campaign", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    first_seen_at = models.DateTimeField(db_default=Now())

    # standing
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.LEAD)
    highest_stage = models.CharField(max_length=12, choices=Stage, default=Stage.LEAD)
    stage_entered_at = models.DateTimeField(db_default=Now())
    cycle = models.PositiveSmallIntegerField(default=1)
    cycle_began_at = models.DateTimeField(null=True, blank=True)
    score = models.IntegerField(_("score"), null=True, blank=True)
    lead_class = models.CharField(
        _("class"), max_length=4, choices=LeadClass, blank=True, default=""
    )
    grade = models.CharField(
        _("grade"), max_length=2, choices=Grade, blank=True, default="", db_default=""
    )
    owner = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_activity_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="lead_newest"),
            models.Index(fields=["workspace", "stage", "-created_at", "-id"], name="lead_stage"),
            models.Index(
                fields=["workspace", "lead_class", "-created_at", "-id"], name="lead_class_newest"
            ),
            models.Index(
                fields=["workspace", "grade", "-created_at", "-id"],
                condition=~models.Q(grade=""),
                name="lead_grade",
            ),
            # Keyset paging needs an order without nulls. CASE keeps its index under row security:
            # PostgreSQL knows that it cannot leak, which it does not know of COALESCE.
            models.Index("workspace", SCORE.desc(), F("id").desc(), name="lead_by_score"),
            models.Index("workspace", ACTIVE_AT.desc(), F("id").desc(), name="lead_by_activity"),
            models.Index(fields=["workspace", "owner", "-created_at", "-id"], name="lead_owner"),
            models.Index(fields=["workspace", "company"], name="lead_company"),
            models.Index(
                fields=["workspace", "id"],
                include=["cycle_began_at"],
                condition=models.Q(cycle_began_at__isnull=False),
                name="lead_in_later_cycle",
            ),
            models.Index(fields=["workspace", "source", "-created_at", "-id"], name="lead_source"),
            models.Index(
                fields=["workspace", "country", "-created_at", "-id"],
                condition=~models.Q(country=""),
                name="lead_country",
            ),
            models.Index(
                fields=["workspace", "campaign", "-created_at", "-id"],
                condition=~models.Q(campaign=None),
                name="lead_campaign",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or str(_("Unnamed lead"))


class IdentityKind(models.TextChoices):
    """What can make a lead the same lead."""

    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    EXTERNAL = "external", _("External id")


class Identity(WorkspaceModel):
    """A value that belongs to one lead of the workspace.

    Normalised (email in lower case, phone in E.164); resolve-or-create goes through here and
    nowhere else.
    """

    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=8, choices=IdentityKind)
    value = models.CharField(max_length=254)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind", "value"], name="identity_once"),
        ]
        indexes = [models.Index(fields=["workspace", "lead"], name="identity_lead")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Visitor(WorkspaceModel):
    """A browser that came to the site; it costs no lead until it says who it is."""

    token = models.CharField(max_length=64)
    lead = WorkspaceForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="visitors")
    source = models.CharField(max_length=100, blank=True, default="")
    medium = models.CharField(max_length=100, blank=True, default="")
    campaign = WorkspaceForeignKey(
        "leads.Campaign", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    first_seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "token"], name="visitor_once"),
        ]
        indexes = [models.Index(fields=["workspace", "lead"], name="visitor_lead")]

    def __str__(self) -> str:
        return self.token
