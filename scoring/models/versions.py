"""Score models and their versions."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet


class Purpose(models.TextChoices):
    """What a model is for. There is one main model; at most one grades the fit."""

    MAIN = "main", _("Main: the score and class lists show")
    FIT = "fit", _("Fit: the grade")
    PRODUCT = "product", _("Product line: a score of its own")


class ScoreModelQuerySet(WorkspaceQuerySet):
    """Adjectives for score models."""

    def in_use(self) -> Self:
        """Not retired, in the order of the page: the main one first."""
        order = [Purpose.MAIN, Purpose.FIT, Purpose.PRODUCT]
        whens = [models.When(purpose=purpose, then=nth) for nth, purpose in enumerate(order)]
        ranked = self.filter(retired_at=None).annotate(rank=models.Case(*whens))
        return ranked.order_by("rank", "position", "name")


class ScoreModel(WorkspaceModel):
    """What leads are scored for: interest at large, fit, or a product line. It has versions."""

    name = models.CharField(_("name"), max_length=80)
    purpose = models.CharField(_("purpose"), max_length=7, choices=Purpose)
    position = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(ScoreModelQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "purpose"],
                condition=Q(purpose__in=["main", "fit"], retired_at=None),
                name="score_model_purpose_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(retired_at=None),
                name="score_model_name_once",
                violation_error_message=_("Another score model already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ModelState(models.TextChoices):
    """A version is written, worked out for every lead, in force, and one day replaced."""

    DRAFT = "draft", _("Draft")
    PREPARING = "preparing", _("Being worked out")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


LIVE = (ModelState.PREPARING, ModelState.PUBLISHED)


class Mode(models.TextChoices):
    """Leads are sorted by points, or by decision rules that show no number anywhere."""

    POINTS = "points", _("Points")
    DECISIONS = "decisions", _("Decision rules, without points")


GRADES_FROM = (60, 55, 50, 45, 40, 35, 30, 25, 20, 15, 10, 5)
"""The least score of each grade but the last, from A+ down to D-."""


def usual_grades() -> list[int]:
    """Bounds to begin with."""
    return list(GRADES_FROM)


class ModelVersionQuerySet(WorkspaceQuerySet):
    """Adjectives for versions."""

    def main(self) -> Self:
        """Of the main model, whose score and class lists show."""
        return self.filter(model__purpose=Purpose.MAIN)

    def of(self, model: ScoreModel) -> Self:
        """Of one model."""
        return self.filter(model=model)

    def draft(self) -> Self:
        """Being written; at most one of each model."""
        return self.filter(state=ModelState.DRAFT)

    def live(self) -> Self:
        """Kept up to date with every fact: in force, or about to be."""
        return self.filter(state__in=LIVE)

    def published(self) -> Self:
        """In force; at most one of each model."""
        return self.filter(state=ModelState.PUBLISHED)

    def numbered(self) -> Self:
        """All that were ever published, newest first; drafts have no number yet."""
        return self.exclude(number=None).order_by("-number")


class ModelVersion(WorkspaceModel):
    """One version of how a model scores and sorts leads; immutable once it is published.

    A score of at least `hot_from` is in the hot band, of at least `warm_from` in the warm one.
    `matrix`: band → letter of the grade ("" without one) → class if not urgent, if urgent; where
    it says nothing the class is the band. `urgency`: the condition that makes a lead urgent.
    `grades`: the least score of A+, A, A- … D- (of a model for fit). `most`, `least`: no score
    leaves these bounds. `meant`: what the segments its rules ask about meant when it was published
    (see `scoring.meaning`). `published_at` is when publishing was asked for, `effective_at` when
    the version took the place of the one before.
    """

    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True, editable=False)
    state = models.CharField(max_length=9, choices=ModelState, default=ModelState.DRAFT)
    mode = models.CharField(_("sorts by"), max_length=9, choices=Mode, default=Mode.POINTS)
    hot_from = models.IntegerField(_("hot from"), default=70)
    warm_from = models.IntegerField(_("warm from"), default=35)
    most = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    least = models.IntegerField(_("at least"), null=True, blank=True)
    matrix = models.JSONField(default=dict, blank=True)
    urgency = models.JSONField(default=dict, blank=True)
    grades = models.JSONField(default=usual_grades)
    meant = models.JSONField(default=dict, db_default={}, editable=False)
    reason = models.CharField(_("why it changes"), max_length=300, blank=True, default="")
    made_by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    published_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(ModelVersionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "model", "number"], name="model_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "model", "state"],
                condition=Q(state__in=["draft", "preparing", "published"]),
                name="model_version_state_once",
            ),
            models.CheckConstraint(
                condition=Q(hot_from__gt=F("warm_from")),
                name="score_model_hot_above_warm",
                violation_error_message=_("“Hot from” must be above “warm from”."),
            ),
            models.CheckConstraint(
                condition=Q(Q(least=None) | Q(least__lte=0), Q(most=None) | Q(most__gt=0)),
                name="model_version_bounds_around_zero",
                violation_error_message=_("No score may be kept from being 0."),
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return str(_("Draft"))
        return str(_("Version %(number)d") % {"number": self.number})

    @property
    def is_by_decisions(self) -> bool:
        """It sorts without points: no number is shown anywhere."""
        return self.mode == Mode.DECISIONS
