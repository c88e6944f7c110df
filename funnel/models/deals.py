"""Deals: what a lead may buy, or has bought."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet


class DealStatus(models.TextChoices):
    """How a deal stands."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class DealQuerySet(WorkspaceQuerySet):
    """Adjectives for deals."""

    def open(self) -> Self:
        """Not yet decided."""
        return self.filter(status=DealStatus.OPEN)

    def won(self) -> Self:
        """Sold."""
        return self.filter(status=DealStatus.WON)


class Deal(WorkspaceModel):
    """One sale under way or decided; money is in cents of the workspace's currency.

    `margin` is the gross margin of the sale, known at the latest when it is won. `key` names the
    form or request that opened it, so that sending it twice opens one deal.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="deals")
    company = WorkspaceForeignKey(
        "leads.Company", models.SET_NULL, null=True, blank=True, related_name="deals"
    )
    name = models.CharField(_("name"), max_length=200)
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    margin = models.BigIntegerField(_("gross margin"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=4, choices=DealStatus, default=DealStatus.OPEN
    )
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    owner = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
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
        ]
        indexes = [
            models.Index(fields=["workspace", "lead"], name="deal_lead"),
            models.Index(fields=["workspace", "status", "-opened_at", "-id"], name="deal_newest"),
            models.Index(
                fields=["workspace", "closed_at"],
                condition=models.Q(status="won"),
                name="deal_won",
            ),
        ]

    def __str__(self) -> str:
        return self.name
