"""Rules, and what they look for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from scoring.models.narrow import NarrowModel
from scoring.models.versions import ScoreModel


class RuleKind(models.TextChoices):
    """What a rule looks at."""

    PROFILE = "profile", _("Profile: what a lead is")
    BEHAVIOUR = "behaviour", _("Behaviour: what a lead does")


class Per(models.TextChoices):
    """How often a behaviour rule gives its points."""

    ONCE = "once", _("once")
    OCCURRENCE = "occurrence", _("each time")
    DAY = "day", _("each day")


class Rule(WorkspaceModel):
    """Points for leads that are, or do, something.

    `condition` is a condition tree: field tests for a profile rule, one activity test for a
    behaviour rule. `window_days`: only facts of today and so many days before count. `cap`: the
    rule gives no more than this, whichever the sign. `pattern`: what a published behaviour rule
    looks for (see Pattern).
    """

    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("looks at"), max_length=9, choices=RuleKind)
    condition = models.JSONField(default=dict)
    points = models.IntegerField(_("points"))
    per = models.CharField(_("given"), max_length=10, choices=Per, default=Per.ONCE)
    window_days = models.PositiveSmallIntegerField(_("days that count"), null=True, blank=True)
    cap = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    pattern = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["workspace", "model", "position"], name="rule_of_model")]

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
