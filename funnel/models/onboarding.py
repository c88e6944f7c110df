"""Onboarding: what is done with every new customer, step by step."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from funnel.models.pipelines import UsableQuerySet
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel


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
