"""Renewals: what a customer buys again and again, and when we are reminded of it."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from funnel.models.customers import Customer
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet

USUAL_DAYS = (30, 7, 0)


class ReminderDays(WorkspaceModel):
    """How many days before a renewal is due we are reminded, unless it says so itself.

    A workspace without a row keeps to USUAL_DAYS.
    """

    days = ArrayField(models.PositiveSmallIntegerField(), default=list)
    changed_at = models.DateTimeField()
    changed_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="reminder_days_once"),
        ]

    def __str__(self) -> str:
        return ", ".join(map(str, self.days))


class RenewalState(models.TextChoices):
    """What came of a renewal."""

    PLANNED = "planned", _("Planned")
    RENEWED = "renewed", _("Renewed")
    LOST = "lost", _("Lost")


class RenewalQuerySet(WorkspaceQuerySet):
    """Adjectives for renewals."""

    def planned(self) -> Self:
        """Not decided yet."""
        return self.filter(state=RenewalState.PLANNED)

    def overdue(self, today: date) -> Self:
        """Planned for a day that has passed."""
        return self.planned().filter(due_on__lt=today)


class Renewal(WorkspaceModel):
    """What a customer is expected to buy again on a day, and what came of it; money in cents.

    `months`: how long until the next one; empty for once. `days` before it whoever looks after
    the customer is reminded (empty: as the workspace says); `remind_on` is the next such day in
    the workspace's calendar, empty when there is none to come. Until `snoozed_until` it waits.

    `deal_id` is the repeat deal it was taken up with, and `after_id` the renewal it follows. Both
    are plain ids: rows that go with a lead may not be asked to forget each other.
    """

    customer = WorkspaceForeignKey(Customer, models.CASCADE, related_name="renewals")
    what = models.CharField(_("what is renewed"), max_length=200)
    due_on = models.DateField(_("due on"))
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    margin = models.BigIntegerField(_("gross margin"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("every how many months"), null=True, blank=True)
    days = ArrayField(models.PositiveSmallIntegerField(), null=True, blank=True)
    remind_on = models.DateField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=RenewalState, default=RenewalState.PLANNED)
    deal_id = models.UUIDField(null=True, blank=True)
    after_id = models.UUIDField(null=True, blank=True)
    reason = models.CharField(_("why it is lost"), max_length=300, blank=True, default="")
    planned_at = models.DateTimeField(db_default=Now())
    planned_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = WorkspaceManager.from_queryset(RenewalQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "after_id"], name="renewal_follows_once"),
            models.CheckConstraint(
                condition=models.Q(state=RenewalState.PLANNED, settled_at=None)
                | (~models.Q(state=RenewalState.PLANNED) & models.Q(settled_at__isnull=False)),
                name="renewal_settled_at_some_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "customer", "due_on"], name="renewal_of_customer"),
            models.Index(
                fields=["workspace", "due_on", "id"],
                condition=models.Q(state=RenewalState.PLANNED),
                name="renewal_planned",
            ),
            models.Index(
                fields=["workspace", "remind_on"],
                condition=models.Q(state=RenewalState.PLANNED, remind_on__isnull=False),
                name="renewal_remind",
            ),
            models.Index(
                fields=["workspace", "deal_id"],
                condition=models.Q(deal_id__isnull=False),
                name="renewal_of_deal",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class RenewalChange(WorkspaceModel):
    """What changed of a renewal: one field, before and after, when and by whom (nobody: a program).

    `field` is `due_on` (days as text), `amount` or `margin` (cents); when the renewal is renewed,
    the figures of its deal take the place of those expected.
    """

    renewal = WorkspaceForeignKey(Renewal, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=10)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "renewal", "-changed_at", "-id"], name="change_of_renewal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
