"""Pipelines: the steps a deal goes through, and what stands in each of them."""

from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet

CERTAIN = 100  # percent
WIDE: Any = {"max_digits": 30, "decimal_places": 0, "default": 0}
"""Sums of sums, of which each alone may be as large as a bigint."""


class Forecast(models.TextChoices):
    """What deals in a stage count as when months ahead are foreseen."""

    OPEN = "open", _("Weighted only")
    BEST_CASE = "best_case", _("Best case")
    COMMITTED = "committed", _("Committed")


class UsableQuerySet(WorkspaceQuerySet):
    """Adjectives for what is offered until it is retired."""

    def in_use(self) -> Self:
        """Offered still."""
        return self.filter(retired_at=None)


class Pipeline(WorkspaceModel):
    """One way of selling: new business, renewals. A workspace has several, each with its stages."""

    name = models.CharField(_("name"), max_length=80)
    explanation = models.CharField(_("what it is for"), max_length=500, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(UsableQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="pipeline_once",
                violation_error_message=_("Another pipeline already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PipelineStage(WorkspaceModel):
    """A step of a pipeline, with the chance in percent that a deal standing in it is won.

    A retired one takes no more deals; those that were closed in it keep it.
    """

    pipeline = WorkspaceForeignKey(Pipeline, models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    explanation = models.CharField(_("what it means"), max_length=500, blank=True, default="")
    probability = models.PositiveSmallIntegerField(
        _("probability"), validators=[MaxValueValidator(CERTAIN)]
    )
    forecast = models.CharField(
        _("in the forecast"), max_length=9, choices=Forecast, default=Forecast.OPEN
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(UsableQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "pipeline", "name"],
                name="pipeline_stage_once",
                violation_error_message=_("Another stage of this pipeline has this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=CERTAIN), name="stage_probability_in_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DealSum(WorkspaceModel):
    """What was added to (or taken from) the deals of a stage, status and owner by one statement.

    Triggers on the deals write these rows, so sums hold however deals come, move and go; nobody
    waits for anybody. A worker folds the rows of a stage, status and owner into one. Money in
    cents: `amount` and `margin` in all, `plain` the amount of deals weighed by their stage's
    probability, `weighed` amount × own probability (cents × percent) of the others.
    """

    stage = WorkspaceForeignKey(PipelineStage, models.CASCADE, related_name="+")
    status = models.CharField(max_length=4)
    owner = WorkspaceForeignKey("workspaces.Member", models.CASCADE, null=True, related_name="+")
    deals = models.IntegerField()
    amount = models.DecimalField(**WIDE)
    margin = models.DecimalField(**WIDE)
    plain = models.DecimalField(**WIDE)
    weighed = models.DecimalField(**WIDE)
    is_folded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "stage"], name="deal_sum_stage"),
            models.Index(
                fields=["workspace"], condition=models.Q(is_folded=False), name="deal_sum_loose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status}: {self.deals:+}"
