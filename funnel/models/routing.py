"""Who gets which lead: the rules in versions, the turns, what was given, who waits."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import (
    SoleVersion,
    WorkspaceManager,
    WorkspaceModel,
    WorkspaceQuerySet,
    one_at_a_time,
)
from leads.models import Stage

HEAVIEST, FULLEST = 20, 10_000


class RoutingPlan(SoleVersion):
    """One version of the rules by which new MQLs get an owner; immutable once published.

    While none is published routing is off, and MQLs wait in the pool to be claimed.
    """

    class Meta:
        constraints = one_at_a_time("routing_plan_number", "routing_plan_state_once")


class Target(models.TextChoices):
    """Whom a rule gives leads to."""

    TEAM = "team", _("A team, in turn")
    MEMBER = "member", _("One person")
    POOL = "pool", _("Nobody: they stay in the pool")


class Otherwise(models.TextChoices):
    """What a rule does with a lead for which nobody is there."""

    HOLD = "hold", _("Hold the lead until somebody is there")
    PASS_ON = "pass_on", _("Ask the next rule")


class RoutingRule(WorkspaceModel):
    """Leads that meet `condition` go to a team or a person; the first rule that fits decides.

    The last rule has no condition: it is the last resort. `keeps_company`: who has the company
    already, or others of its people, gets the lead first. `minds_hours`: only who is working.
    """

    plan = WorkspaceForeignKey(RoutingPlan, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=80)
    condition = models.JSONField(default=dict)
    target = models.CharField(max_length=6, choices=Target, default=Target.TEAM)
    team = WorkspaceForeignKey("workspaces.Team", models.PROTECT, null=True, related_name="+")
    member = WorkspaceForeignKey("workspaces.Member", models.PROTECT, null=True, related_name="+")
    keeps_company = models.BooleanField(default=True)
    minds_hours = models.BooleanField(default=True)
    otherwise = models.CharField(max_length=7, choices=Otherwise, default=Otherwise.HOLD)

    class Meta:
        indexes = [models.Index(fields=["workspace", "plan", "position"], name="rule_of_plan")]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> int:
        """As people count."""
        return self.position + 1

    @property
    def is_last_resort(self) -> bool:
        """It takes whoever no rule before it takes."""
        return not self.condition

    @property
    def whom(self) -> str:
        """Who gets the leads, by name."""
        return str(self.team or self.member or self.get_target_display())


class Share(WorkspaceModel):
    """What one member of a team gets of its leads.

    `weight`: turns beside those of the others. `capacity`: open leads (MQL and SQL) after which
    nothing more comes; null for any number. `territory`: a condition leads must meet, {} for all.
    `credit` is the state of the turns: it belongs to `funnel.routing.turns`.
    """

    team = WorkspaceForeignKey("workspaces.Team", models.CASCADE, related_name="shares")
    member = WorkspaceForeignKey("workspaces.Member", models.CASCADE, related_name="shares")
    weight = models.PositiveSmallIntegerField(
        _("turns"), default=1, validators=[MinValueValidator(0), MaxValueValidator(HEAVIEST)]
    )
    capacity = models.PositiveIntegerField(
        _("open leads at most"), null=True, blank=True, validators=[MaxValueValidator(FULLEST)]
    )
    territory = models.JSONField(default=dict, blank=True)
    credit = models.IntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "team", "member"], name="share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} ({self.team})"


class ShareChange(WorkspaceModel):
    """What changed of a member's share: one number or the territory, when and by whom.

    `old` and `new` as they were then: turns, open leads (null: any number), the territory in
    plain words (empty: everywhere). Nobody in `by`: a program.
    """

    team = WorkspaceForeignKey("workspaces.Team", models.CASCADE, related_name="+")
    member = WorkspaceForeignKey("workspaces.Member", models.CASCADE, related_name="+")
    field = models.CharField(max_length=9)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "team", "-changed_at", "-id"], name="change_of_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class Manner(models.TextChoices):
    """How somebody was chosen."""

    COMPANY = "company", _("Has the company")
    TURN = "turn", _("In turn")
    PERSON = "person", _("Named by the rule")


class Assignment(WorkspaceModel):
    """A rule gave a lead to a member, and the sentence why; kept for ever."""

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="assignments")
    member = WorkspaceForeignKey("workspaces.Member", models.CASCADE, related_name="+")
    rule = WorkspaceForeignKey(RoutingRule, models.PROTECT, related_name="+")
    manner = models.CharField(max_length=7, choices=Manner)
    why = models.CharField(max_length=500)
    assigned_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "-assigned_at", "-id"], name="assignment"),
            models.Index(fields=["workspace", "-assigned_at", "-id"], name="assignment_newest"),
        ]

    def __str__(self) -> str:
        return self.why


class Lack(models.TextChoices):
    """Why a lead waits."""

    NOBODY = "nobody", _("Nobody eligible")
    HOURS = "hours", _("Waits for working hours")


class Spell(WorkspaceModel):
    """A time in which a team or a person could be given nothing; managers hear of it once."""

    team = WorkspaceForeignKey("workspaces.Team", models.CASCADE, null=True, related_name="+")
    member = WorkspaceForeignKey("workspaces.Member", models.CASCADE, null=True, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "team"],
                condition=Q(ended_at=None, member=None),
                name="spell_of_team_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "member"],
                condition=Q(ended_at=None, team=None),
                name="spell_of_member_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team or self.member}, {self.began_at:%Y-%m-%d}"


class WaitQuerySet(WorkspaceQuerySet):
    """Adjectives for waits."""

    def true(self) -> Self:
        """Still so: an MQL that nobody has claimed meanwhile."""
        return self.filter(lead__stage=Stage.MQL, lead__owner=None)


class Wait(WorkspaceModel):
    """An MQL for which no rule finds anybody, and why; gone when somebody has it."""

    moves_in_merge = False

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")
    rule = WorkspaceForeignKey(RoutingRule, models.CASCADE, related_name="+")
    spell = WorkspaceForeignKey(Spell, models.SET_NULL, null=True, related_name="+")
    lack = models.CharField(max_length=6, choices=Lack)
    why = models.CharField(max_length=500)
    since = models.DateTimeField()
    looked_at = models.DateTimeField()

    objects = WorkspaceManager.from_queryset(WaitQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "lead"], name="wait_once"),
        ]
        indexes = [
            models.Index(fields=["workspace", "since", "id"], name="wait_oldest"),
            models.Index(fields=["looked_at"], name="wait_to_look_at"),
        ]

    def __str__(self) -> str:
        return self.why
