"""Onboarding: what is done with every new customer, step by step."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from funnel.models.customers import Customer
from funnel.models.pipelines import UsableQuerySet
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet


class Doer(models.TextChoices):
    """Who takes a step of the checklist."""

    OWNER = "owner", _("Whoever looks after the customer")
    MANAGER = "manager", _("A sales manager")
    CUSTOMER = "customer", _("The customer")


class OnboardingStep(WorkspaceModel):
    """One step that every new customer is taken through, `due_days` after they bought first.

    Customers get a copy of the steps in force; changing or retiring one leaves those as they are.
    """

    name = models.CharField(_("name"), max_length=120)
    hint = models.CharField(_("how it is done"), max_length=500, blank=True, default="")
    due_days = models.PositiveSmallIntegerField(_("days after the first purchase"), default=7)
    doer = models.CharField(_("who does it"), max_length=8, choices=Doer, default=Doer.OWNER)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(UsableQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="onboarding_step_once",
                violation_error_message=_("Another onboarding step already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ItemState(models.TextChoices):
    """Whether a step is behind a customer."""

    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")


class ChecklistQuerySet(WorkspaceQuerySet):
    """Adjectives for items of checklists."""

    def open(self) -> Self:
        """Still to do."""
        return self.filter(state=ItemState.OPEN)

    def overdue(self, today: date) -> Self:
        """To do since before today."""
        return self.open().filter(due_on__lt=today)


class ChecklistItem(WorkspaceModel):
    """One step of one customer's onboarding, as it was worded when they got it.

    `step` is what it was copied from; nothing for one of the customer's own. Skipped ones have a
    `reason`, and do not count: neither as done nor as to do. `late_told_at`: when whoever is to
    take it was told that its day has passed.
    """

    customer = WorkspaceForeignKey(Customer, models.CASCADE, related_name="checklist")
    step = WorkspaceForeignKey(OnboardingStep, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    hint = models.CharField(_("how it is done"), max_length=500, blank=True, default="")
    doer = models.CharField(_("who does it"), max_length=8, choices=Doer, default=Doer.OWNER)
    due_on = models.DateField(_("due on"))
    created_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=7, choices=ItemState, default=ItemState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("why it is skipped"), max_length=300, blank=True, default="")
    late_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WorkspaceManager.from_queryset(ChecklistQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "customer", "step"], name="checklist_step_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ItemState.OPEN, settled_at=None)
                | (~models.Q(state=ItemState.OPEN) & models.Q(settled_at__isnull=False)),
                name="checklist_settled_at_some_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "customer", "due_on"], name="checklist_of_customer"),
            models.Index(
                fields=["workspace", "due_on", "id"],
                condition=models.Q(state=ItemState.OPEN),
                name="checklist_open",
            ),
            models.Index(
                fields=["workspace", "due_on", "id"],
                condition=models.Q(state=ItemState.OPEN, late_told_at=None),
                name="checklist_untold",
            ),
        ]

    def __str__(self) -> str:
        return self.name
