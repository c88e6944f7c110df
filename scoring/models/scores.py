"""What rules give each lead, and how scores moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet
from leads.models import Grade, LeadClass
from scoring.models.narrow import OfLead, workspace_of_row
from scoring.models.versions import ModelVersion, Purpose, ScoreModel


class Hit(OfLead):
    """So many facts of a lead matched a pattern on a day of the workspace's calendar.

    The index of the key carries `count`, so that scores are worked out from the index alone.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "pattern", "day")
    pattern = models.PositiveIntegerField()
    day = models.DateField()
    count = models.PositiveIntegerField()


CARRIED = -32_000
"""The place of what was carried over from the cycle before."""


@dataclass(frozen=True)
class Contribution:
    """What one rule, or one cap, gives one lead.

    `place`: the position of the rule, or of the decision, in its version; a cap that bites is a
    contribution of its own: 0 is the version's, -1, -2 … those of its groups by position, and
    CARRIED is what an earlier cycle left. `raw`
    before fading, `faded` after it, `points` after the rule's cap; from `facts` facts.
    """

    place: int
    facts: int
    raw: int
    faded: int
    points: int


class LeadScore(OfLead):
    """The exact score of a lead by one live version, as of the moment it last changed, and why.

    `places`, `facts`, `raw`, `faded` and `points` are its contributions, of equal length, in no
    order (`faded` is empty where nothing fades); the points sum to `value` exactly. A version that
    decides without points has no value. `digest` is over the contributions: the row is rewritten
    only when it differs. `due_at`: when days passing alone may change the score.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "version_id")
    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, related_name="+")
    value = models.IntegerField(null=True, default=0)
    lead_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    grade = models.CharField(max_length=2, choices=Grade, default="", db_default="", blank=True)
    as_of = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    digest = models.BigIntegerField(default=0)
    places = ArrayField(models.SmallIntegerField(), default=list)
    facts = ArrayField(models.IntegerField(), default=list)
    raw = ArrayField(models.BigIntegerField(), default=list)
    faded = ArrayField(models.BigIntegerField(), default=list)
    points = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="lead_score_due",
            ),
        ]

    def contributions(self) -> Iterator[Contribution]:
        """What the score is made of."""
        faded = self.faded or self.raw
        return map(Contribution, self.places, self.facts, self.raw, faded, self.points)


class ModelScore(OfLead):
    """What a model beside the main one says of a lead by the version in force: the fit, a product.

    A copy of LeadScore without its reasons: narrow, and with an index, so that lists and segments
    can ask for it. It moves when what it says differs, and the history with it.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "model_id")
    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="+")
    value = models.IntegerField()
    lead_class = models.CharField(max_length=4, choices=LeadClass, default="", db_default="")
    grade = models.CharField(max_length=2, choices=Grade, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "model", "value", "lead"], name="model_score_of_all"),
        ]


class ChangeReason(models.TextChoices):
    """Why a shown score moved."""

    FACT = "fact", _("something happened")
    PROFILE = "profile", _("what is known changed")
    DAYS = "days", _("days went by")
    VERSION = "version", _("another version")
    RECOMPUTE = "recompute", _("worked out anew")
    VERDICT = "verdict", _("a machine did it")
    CYCLE = "cycle", _("a new cycle")


class ScoreChangeQuerySet(WorkspaceQuerySet):
    """Adjectives for changes."""

    def main(self) -> Self:
        """Of the score lists show."""
        return self.filter(version__model__purpose=Purpose.MAIN)

    def beside(self) -> Self:
        """Of every other score."""
        return self.exclude(version__model__purpose=Purpose.MAIN)

    def of(self, model: ScoreModel) -> Self:
        """Of one model."""
        return self.filter(version__model=model)


class ScoreChange(WorkspaceModel):
    """What a model says of a lead moved: score, class or grade; kept for ever, with its reasons.

    `places` and `points`: as in LeadScore, after the change, without rows of 0 points; `version`
    and its rules are kept, so that it can be told in words at any time. A version that decides
    without points has no score.
    """

    moves_in_merge = False  # of the score that lead had

    workspace = workspace_of_row(db_constraint=False)  # as in OfLead
    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="score_changes")
    version = WorkspaceForeignKey(ModelVersion, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=9, choices=ChangeReason, default="", db_default="")
    old_score = models.IntegerField(null=True)
    new_score = models.IntegerField(null=True)
    old_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    new_class = models.CharField(max_length=4, choices=LeadClass)
    old_grade = models.CharField(max_length=2, choices=Grade, default="", db_default="")
    new_grade = models.CharField(max_length=2, choices=Grade, default="", db_default="")
    at = models.DateTimeField()
    places = ArrayField(models.SmallIntegerField(), default=list, db_default=[])
    points = ArrayField(models.IntegerField(), default=list, db_default=[])

    objects = WorkspaceManager.from_queryset(ScoreChangeQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["workspace", "lead", "-at"], name="score_change_of_lead")]
