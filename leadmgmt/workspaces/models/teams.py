"""Teams, and when their people work."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models.members import Member
from leadmgmt.workspaces.models.workspaces import (
    WorkspaceManager,
    WorkspaceModel,
    WorkspaceQuerySet,
    a_time_zone,
)


class TeamQuerySet(WorkspaceQuerySet):
    """Adjectives for teams."""

    def active(self) -> Self:
        """Those that still work together."""
        return self.filter(retired_at=None)


class Team(WorkspaceModel):
    """Members who share work: leads are routed to them, a stage belongs to them.

    `name_key` is the name in small letters: no two teams of a workspace are called the same.
    """

    name = models.CharField(_("name"), max_length=80)
    name_key = models.CharField(max_length=160, editable=False)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = WorkspaceManager.from_queryset(TeamQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name_key"], name="team_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(WorkspaceModel):
    """One member is in one team; anybody may be in several."""

    team = WorkspaceForeignKey(Team, models.CASCADE, related_name="seats")
    member = WorkspaceForeignKey(Member, models.CASCADE, related_name="seats")
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "team", "member"], name="team_member_once"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "member"], name="team_of_member")]

    def __str__(self) -> str:
        return f"{self.member} ({self.team})"


class AbsenceQuerySet(WorkspaceQuerySet):
    """Adjectives for absences."""

    def on(self, day: date) -> Self:
        """Those that include this day."""
        return self.filter(from_on__lte=day, until_on__gte=day)

    def unfinished(self, day: date) -> Self:
        """Those that last on this day, or are to come."""
        return self.filter(until_on__gte=day)


class Absence(WorkspaceModel):
    """A member does not work from one day until another, both included, and why in a word."""

    member = WorkspaceForeignKey(Member, models.CASCADE, related_name="absences")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    word = models.CharField(_("in a word"), max_length=60, blank=True, default="")
    by = WorkspaceForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = WorkspaceManager.from_queryset(AbsenceQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__lte=F("until_on")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The absence must end after it begins."),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "member", "until_on"], name="absence_of_member"),
            models.Index(fields=["workspace", "until_on"], name="absence_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.from_on} – {self.until_on}"


class WorkingTime(WorkspaceModel):
    """When a team or one member works, where that differs from the office.

    A member's own hours win over those of a team, and those over the office's. Days off of the
    office count for everybody; public holidays are those of `holiday_country`, or the office's.
    """

    team = WorkspaceForeignKey(Team, models.CASCADE, null=True, related_name="working_times")
    member = WorkspaceForeignKey(Member, models.CASCADE, null=True, related_name="working_times")
    days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("working days"))
    opens = models.TimeField(_("begins at"))
    closes = models.TimeField(_("ends at"))
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, default="", validators=[a_time_zone]
    )
    holiday_country = models.CharField(
        _("public holidays of"), max_length=2, blank=True, default=""
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None) | Q(member=None),
                name="working_time_of_one",
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="working_time_begins_before_it_ends",
                violation_error_message=_("Work must begin before it ends."),
            ),
            models.UniqueConstraint(fields=["workspace", "team"], name="working_time_of_team"),
            models.UniqueConstraint(fields=["workspace", "member"], name="working_time_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"

    def as_values(self) -> dict[str, Any]:
        """As a form or a key writes it."""
        names = ("days", "opens", "closes", "time_zone", "holiday_country")
        return {name: getattr(self, name) for name in names}
