"""Policies and the clocks that run under them."""

from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.business_time import BusinessHours
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel


class Policy(WorkspaceModel):
    """A published promise: the first response comes within so many business hours of MQL.

    Immutable once published; a change is a new version, and running clocks keep theirs.
    """

    version = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField(
        _("business minutes until the first response"),
        validators=[MinValueValidator(5), MaxValueValidator(60 * 24 * 30)],
    )
    days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("working days"))
    opens = models.TimeField(_("opens at"))
    closes = models.TimeField(_("closes at"))
    holiday_country = models.CharField(
        _("public holidays of"), max_length=2, blank=True, default=""
    )
    days_off = ArrayField(models.DateField(), verbose_name=_("other days off"), default=list)
    reason = models.CharField(_("why this version"), max_length=300, blank=True, default="")
    published_at = models.DateTimeField()
    published_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(retired_at=None), name="policy_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="policy_opens_before_it_closes",
                violation_error_message=_("The office must open before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %(version)d") % {"version": self.version})

    def business_hours(self, zone: str) -> BusinessHours:
        """The office hours of this version, in the workspace's time zone."""
        return BusinessHours(
            zone=ZoneInfo(zone),
            days=frozenset(self.days),
            opens=self.opens,
            closes=self.closes,
            holiday_country=self.holiday_country,
            days_off=frozenset(self.days_off),
        )


class Outcome(models.TextChoices):
    """How a clock ended; empty while it runs."""

    ANSWERED = "answered", _("First response made")
    LEFT = "left", _("Lead left the stage unanswered")


class ClockQuerySet(models.QuerySet[Any]):
    """Adjectives for clocks."""

    def running(self) -> Self:
        """Not stopped yet, be they late or not."""
        return self.filter(stopped_at=None)

    def overdue(self, now: datetime) -> Self:
        """Running, past the deadline, and not yet noted as breached."""
        return self.running().filter(breached_at=None, due_at__lte=now)

    def due_between(self, since: datetime, until: datetime) -> Self:
        """Whose deadline fell in the period."""
        return self.filter(due_at__gte=since, due_at__lt=until)

    def counted(self) -> Self:
        """Those that say whether the promise was kept: answered or breached."""
        return self.exclude(outcome=Outcome.LEFT, breached_at=None)


class Clock(WorkspaceModel):
    """The time of one lead under one policy: starts at MQL, stops at the first attempt."""

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")
    policy = WorkspaceForeignKey(Policy, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    breached_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")

    objects = WorkspaceManager.from_queryset(ClockQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead"],
                condition=Q(stopped_at=None),
                name="clock_runs_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=Q(stopped_at=None, breached_at=None),
                name="clock_to_watch",
            ),
            models.Index(fields=["workspace", "-due_at", "-id"], name="clock_by_deadline"),
            models.Index(fields=["workspace", "lead"], name="clock_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.due_at}"
