"""Leads handed to external closers, and what closers see of them."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet


class Sight(models.TextChoices):
    """What of a lead a closer may see."""

    NAME = "name", _("Name")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    COMPANY = "company", _("Company")
    JOB_TITLE = "job_title", _("Job title")
    CITY = "city", _("City")
    COUNTRY = "country", _("Country")
    GUIDE = "guide", _("Call guide: what to ask, our reasons to buy")
    TIMELINE = "timeline", _("Timeline and notes")


USUAL_SIGHT = (Sight.NAME, Sight.PHONE, Sight.EMAIL, Sight.COMPANY, Sight.GUIDE)


class ClosingSight(WorkspaceModel):
    """What closers see in this workspace; at most one row, without it the usual."""

    shown = ArrayField(models.CharField(max_length=10, choices=Sight), default=list)
    changed_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="closing_sight_once"),
        ]


class SightChange(WorkspaceModel):
    """What closers saw before and after a change, when and by whom (nobody: a program)."""

    old = ArrayField(models.CharField(max_length=10, choices=Sight), default=list)
    new = ArrayField(models.CharField(max_length=10, choices=Sight), default=list)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-changed_at", "-id"], name="sight_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"

    @property
    def shown_now(self) -> str:
        """What closers see since then and did not see before, in words."""
        return _in_words(set(self.new) - set(self.old))

    @property
    def hidden_now(self) -> str:
        """What they saw before and do not see since."""
        return _in_words(set(self.old) - set(self.new))


def _in_words(fields: Collection[str]) -> str:
    return ", ".join(str(each.label) for each in Sight if each in fields)


class Closing(models.TextChoices):
    """What a closer says in the end."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")


class HandoverQuerySet(WorkspaceQuerySet):
    """Adjectives for handovers."""

    def open(self, now: datetime) -> Self:
        """Those whose closer may still see the lead."""
        return self.filter(ended_at=None, until_at__gt=now)


class Handover(WorkspaceModel):
    """A lead in an external closer's hands, until done, until the day named, or taken back.

    `ended_at` with an `outcome` is done, without one taken back;
    `until_at` passed ends it by itself. `opened…`: when the closer looked, and what they saw.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="handovers")
    closer = WorkspaceForeignKey("workspaces.Member", models.CASCADE, related_name="+")
    what = models.CharField(_("what to do"), max_length=500)
    until_at = models.DateTimeField(_("until"))
    handed_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    handed_at = models.DateTimeField()
    outcome = models.CharField(max_length=11, choices=Closing, blank=True, default="")
    note = models.CharField(max_length=1_000, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    opened_first_at = models.DateTimeField(null=True)
    opened_last_at = models.DateTimeField(null=True)
    opened_times = models.PositiveIntegerField(default=0)
    saw = ArrayField(models.CharField(max_length=10), default=list)

    objects = WorkspaceManager.from_queryset(HandoverQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead", "closer"],
                condition=models.Q(ended_at=None),
                name="handover_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "lead"], name="handover_of_lead"),
            models.Index(fields=["workspace", "closer", "until_at", "id"], name="handover_closer"),
            models.Index(fields=["workspace", "-handed_at", "-id"], name="handover_newest"),
        ]

    def __str__(self) -> str:
        return self.what
