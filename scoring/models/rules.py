"""Rules, and what they look for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models import LeadClass
from scoring.models.narrow import NarrowModel
from scoring.models.versions import ModelVersion


class RuleKind(models.TextChoices):
    """What a rule looks at."""

    PROFILE = "profile", _("Profile: what a lead is")
    BEHAVIOUR = "behaviour", _("Behaviour: what a lead does")


class Per(models.TextChoices):
    """How often a behaviour rule gives its points."""

    ONCE = "once", _("once")
    OCCURRENCE = "occurrence", _("each time")
    DAY = "day", _("each day")


class Decay(models.TextChoices):
    """How points fade as days pass since what they were given for."""

    NONE = "none", _("not at all")
    HALF_LIFE = "half_life", _("by half in so many days")
    STEPS = "steps", _("in steps")


class RuleGroup(WorkspaceModel):
    """Rules of a version that together give no more than `cap`, whichever the sign."""

    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, related_name="groups")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=80)
    cap = models.PositiveIntegerField(_("at most"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "version", "name"],
                name="rule_group_name_once",
                violation_error_message=_("Another group already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Rule(WorkspaceModel):
    """Points for leads that are, or do, something.

    `condition` is a condition tree: field tests for a profile rule, one activity test for a
    behaviour rule. `window_days`: only facts of today and so many days before count. `cap`: the
    rule gives no more than this, whichever the sign. `steps`: pairs of days and the percentage
    that is left from then on. `pattern`: what a published behaviour rule looks for (see Pattern).
    In a published version `position` runs from 1 and is how contributions name the rule.
    """

    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, related_name="rules")
    group = WorkspaceForeignKey(
        RuleGroup, models.SET_NULL, null=True, blank=True, related_name="rules"
    )
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("looks at"), max_length=9, choices=RuleKind)
    condition = models.JSONField(default=dict)
    points = models.IntegerField(_("points"))
    per = models.CharField(_("given"), max_length=10, choices=Per, default=Per.ONCE)
    window_days = models.PositiveSmallIntegerField(_("days that count"), null=True, blank=True)
    cap = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    decay = models.CharField(_("fades"), max_length=9, choices=Decay, default=Decay.NONE)
    half_life_days = models.PositiveSmallIntegerField(_("half after"), null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)
    pattern = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["workspace", "version", "position"], name="rule_of_model")]

    def __str__(self) -> str:
        return self.name


class Decision(WorkspaceModel):
    """A decision rule: leads for whom the condition holds, and no earlier one, are of the class.

    In a published version `position` runs from 1.
    """

    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, related_name="decisions")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=120)
    condition = models.JSONField(default=dict)
    lead_class = models.CharField(_("class"), max_length=4, choices=LeadClass)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "version", "position"], name="decision_of_version")
        ]

    def __str__(self) -> str:
        return self.name


class Pattern(NarrowModel):
    """What behaviour rules look for: a kind of activity with properties.

    Rules that look for the same share a pattern, within a version and across versions, so each
    fact is matched once and a change of points needs no look at the facts. `filled_at`: when
    hits of all leads were there; from then on only leads with new facts are matched.
    """

    pk = models.CompositePrimaryKey("workspace_id", "number")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    test = models.JSONField()
    filled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="pattern_once"),
        ]
