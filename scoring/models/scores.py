"""What rules give each lead, and how scores moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models import LeadClass
from scoring.models.narrow import OfLead, workspace_of_row
from scoring.models.versions import ScoreModel


class Hit(OfLead):
    """So many facts of a lead matched a pattern on a day of the workspace's calendar.

    The index of the key carries `count`, so that scores are worked out from the index alone.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "pattern", "day")
    pattern = models.PositiveIntegerField()
    day = models.DateField()
    count = models.PositiveIntegerField()


@dataclass(frozen=True)
class Contribution:
    """What one rule gives one lead: `raw` before the cap, `points` after it; from `facts` facts."""

    rule_id: UUID
    facts: int
    raw: int
    points: int


class LeadScore(OfLead):
    """The exact score of a lead by one live model, as of the moment it last changed, and why.

    `rules`, `facts`, `raw` and `points` are its contributions, of equal length, in no order; the
    points sum to `value` exactly. `digest` is over the contributions: the row is rewritten only
    when it differs. `due_at`: when days passing alone may change the score.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "model_id")
    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="+")
    value = models.IntegerField(default=0)
    lead_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    as_of = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    digest = models.BigIntegerField(default=0)
    rules = ArrayField(models.UUIDField(), default=list)
    facts = ArrayField(models.IntegerField(), default=list)
    raw = ArrayField(models.BigIntegerField(), default=list)
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
        return map(Contribution, self.rules, self.facts, self.raw, self.points)


class ScoreChange(WorkspaceModel):
    """The shown score or class of a lead moved; kept for ever."""

    moves_in_merge = False  # of the score that lead had

    workspace = workspace_of_row(db_constraint=False)  # as in OfLead
    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="score_changes")
    model = WorkspaceForeignKey(ScoreModel, models.PROTECT, related_name="+")
    old_score = models.IntegerField(null=True)
    new_score = models.IntegerField()
    old_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    new_class = models.CharField(max_length=4, choices=LeadClass)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "lead", "-at"], name="score_change_of_lead")]
