"""Deals: what a lead may buy, or has bought."""

from typing import Self

from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from funnel.models.pipelines import CERTAIN, PipelineStage, UsableQuerySet
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet

SOMEDAY = "9999-12-31"


class DealStatus(models.TextChoices):
    """How a deal stands."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


CLOSED = DealStatus.choices[1:]


class DealQuerySet(WorkspaceQuerySet):
    """Adjectives for deals."""

    def open(self) -> Self:
        """Not yet decided."""
        return self.filter(status=DealStatus.OPEN)

    def won(self) -> Self:
        """Sold."""
        return self.filter(status=DealStatus.WON)


class CloseReason(WorkspaceModel):
    """A reason deals are won or lost for, in the workspace's words, so that it can be counted."""

    status = models.CharField(_("for deals that are"), max_length=4, choices=CLOSED)
    name = models.CharField(_("reason"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(UsableQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "status", "name"],
                name="close_reason_once",
                violation_error_message=_("There is such a reason already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Deal(WorkspaceModel):
    """One sale under way or decided; money is in cents of the workspace's currency.

    `stage` is where it stands, or stood when it was closed (the database gives the first one to
    rows without). `probability` is its own, in percent; without one the stage's counts. `margin`
    is the gross margin of the sale, known at the latest when it is won. `reason` are the words
    beside `close_reason`. `version` counts changes. `key` names the form or request that opened
    it, so that sending it twice opens one deal. `closes_on` sorts: deals without a day last.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="deals")
    company = WorkspaceForeignKey(
        "leads.Company", models.SET_NULL, null=True, blank=True, related_name="deals"
    )
    name = models.CharField(_("name"), max_length=200)
    stage = WorkspaceForeignKey(PipelineStage, models.PROTECT, related_name="deals")
    stage_entered_at = models.DateTimeField(db_default=Now())
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    margin = models.BigIntegerField(_("gross margin"), null=True, blank=True)
    probability = models.PositiveSmallIntegerField(_("probability"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=4, choices=DealStatus, default=DealStatus.OPEN
    )
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    closes_on = models.GeneratedField(
        expression=Coalesce("expected_on", models.Value(SOMEDAY, models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    next_step_on = models.DateField(_("on"), null=True, blank=True)
    owner = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    close_reason = WorkspaceForeignKey(
        CloseReason, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1, db_default=1)
    key = models.CharField(max_length=100, null=True, editable=False)  # noqa: DJ001

    objects = WorkspaceManager.from_queryset(DealQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="deal_key_once"),
            models.CheckConstraint(
                condition=~models.Q(status="won")
                | models.Q(amount__isnull=False, margin__isnull=False),
                name="won_deal_has_amount_and_margin",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at=None)
                | (~models.Q(status="open") & models.Q(closed_at__isnull=False)),
                name="closed_deal_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(probability=None) | models.Q(probability__lte=CERTAIN),
                name="deal_probability_in_percent",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "lead"], name="deal_lead"),
            models.Index(fields=["workspace", "company"], name="deal_company"),
            models.Index(fields=["workspace", "status", "-opened_at", "-id"], name="deal_newest"),
            models.Index(
                fields=["workspace", "stage", "closes_on", "id"],
                condition=models.Q(status="open"),
                name="deal_on_board",
            ),
            models.Index(
                fields=["workspace", "owner", "stage", "closes_on", "id"],
                condition=models.Q(status="open"),
                name="deal_on_own_board",
            ),
            models.Index(
                fields=["workspace", "closed_at"],
                condition=models.Q(status="won"),
                name="deal_won",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DealChange(WorkspaceModel):
    """What changed of a deal: one field, before and after, when and by whom (nobody: a program).

    Values are as they were then: stages and people by name, money in cents, days as text.
    """

    deal = WorkspaceForeignKey(Deal, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=20)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "deal", "-changed_at", "-id"], name="change_of_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
