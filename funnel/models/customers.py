"""Customers: who has bought, who looks after them, how they fare and by which rule."""

from typing import Self

from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import (
    SoleVersion,
    WorkspaceManager,
    WorkspaceModel,
    WorkspaceQuerySet,
    one_at_a_time,
)
from leads.models import Segment


class Health(models.TextChoices):
    """How a customer fares, by the rules in force; empty while there are none."""

    GOOD = "good", _("Good")
    WATCH = "watch", _("Watch")
    AT_RISK = "at_risk", _("At risk")


class HealthPlan(SoleVersion):
    """One version of the rules that say how customers fare; immutable once published.

    `off_reason`: why it was switched off, by `retired_by`; empty while another version followed it.
    """

    retired_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    off_reason = models.CharField(_("why it was switched off"), max_length=300, default="")

    class Meta:
        constraints = one_at_a_time("health_plan_number", "health_plan_state_once")


class Whose(models.TextChoices):
    """Of how many of a customer's people the condition of a rule has to hold."""

    ANY = "any", _("Any of its people")
    NONE = "none", _("None of its people")


class HealthRule(WorkspaceModel):
    """Customers any (or none) of whose people meet `condition` fare so; the first that fits counts.

    `name` is what people read as the reason. `segment`: the group of leads that tells, while the
    plan is in force, for whom the answer has changed; ours to keep (see `leads.keepers`).
    """

    plan = WorkspaceForeignKey(HealthPlan, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=100)
    whose = models.CharField(max_length=4, choices=Whose, default=Whose.ANY)
    condition = models.JSONField(default=dict)
    level = models.CharField(max_length=7, choices=Health, default=Health.AT_RISK)
    segment = WorkspaceForeignKey(Segment, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "plan", "position"], name="health_rule_of_plan")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> int:
        """As people count."""
        return self.position + 1


RISK = Case(
    When(health=Health.AT_RISK, then=3),
    When(health=Health.WATCH, then=2),
    When(health=Health.GOOD, then=1),
    default=0,
    output_field=models.SmallIntegerField(),
)
"""What the list sorts by health on: the worst is the most."""


class CustomerQuerySet(WorkspaceQuerySet):
    """Adjectives for customers."""

    def current(self) -> Self:
        """Customers now; the others were."""
        return self.filter(ended_at=None)

    def former(self) -> Self:
        """They were customers once."""
        return self.exclude(ended_at=None)


class Customer(WorkspaceModel):
    """A company that is a customer, or a person without a company who is one: exactly one of both.

    A company is one while its stage says so. Who is none any more is *former* (`ended_at`): the
    row stays with all that hangs on it, and goes on when they buy again. `revenue`, `margin`
    (cents), `deals_won` and `last_bought_at` are the sums of the won deals, kept by the database
    (`funnel_sum_customers`). Written by `funnel.customers.keeping` alone, but for the owner, who
    looks after them, and the health.
    """

    joins_in_merge = True  # of two customers without a company one goes on for both

    company = WorkspaceForeignKey(
        "leads.Company", models.CASCADE, null=True, blank=True, related_name="+"
    )
    lead = WorkspaceForeignKey(
        "leads.Lead", models.CASCADE, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField(_("customer since"))
    ended_at = models.DateTimeField(null=True, blank=True)
    owner = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    revenue = models.BigIntegerField(default=0, db_default=0)
    margin = models.BigIntegerField(_("margin to date"), default=0, db_default=0)
    deals_won = models.PositiveIntegerField(default=0, db_default=0)
    last_bought_at = models.DateTimeField(null=True, blank=True)
    health = models.CharField(
        _("health"), max_length=7, choices=Health, blank=True, default="", db_default=""
    )
    health_since = models.DateTimeField(null=True, blank=True)
    health_rule = WorkspaceForeignKey(
        HealthRule, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = WorkspaceManager.from_queryset(CustomerQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "company"], name="customer_company_once"),
            models.UniqueConstraint(fields=["workspace", "lead"], name="customer_lead_once"),
            models.CheckConstraint(
                condition=Q(company__isnull=False) | Q(lead__isnull=False),
                name="customer_is_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-margin", "-id"], name="customer_by_margin"),
            models.Index(fields=["workspace", "-since", "-id"], name="customer_newest"),
            models.Index(fields=["workspace", "health"], name="customer_health"),
            models.Index(fields=["workspace", "owner"], name="customer_owner"),
        ]

    def __str__(self) -> str:
        return str(self.company or self.lead)

    @property
    def name(self) -> str:
        """What the company is called, or the person."""
        return str(self)

    @property
    def is_former(self) -> bool:
        """Not a customer any more."""
        return self.ended_at is not None

    @property
    def is_repeat(self) -> bool:
        """They have bought more than once."""
        return self.deals_won > 1


class CustomerChange(WorkspaceModel):
    """What changed of a customer, when, by whom or by which health rule, and why.

    `field` is `state` (customer, former), `owner` (names) or `health` (levels). Owners that were
    changed at once share a `batch`, by which that is undone: `owner_was` goes back to them.
    """

    moves_in_merge = False  # the history of that row only

    customer = WorkspaceForeignKey(Customer, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=10)
    old = models.CharField(max_length=200, blank=True, default="")
    new = models.CharField(max_length=200, blank=True, default="")
    why = models.CharField(max_length=300, blank=True, default="")
    rule = WorkspaceForeignKey(HealthRule, models.SET_NULL, null=True, related_name="+")
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    batch = models.UUIDField(null=True)
    owner_was = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    owner_now = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "customer", "-changed_at", "-id"], name="change_of_customer"
            ),
            models.Index(
                fields=["workspace", "batch"],
                condition=Q(batch__isnull=False),
                name="change_of_batch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"

    @property
    def new_level(self) -> str:
        """What the health became, in words."""
        return str(Health(self.new).label) if self.new in Health.values else self.new
