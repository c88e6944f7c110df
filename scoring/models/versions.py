"""Versions of the score model."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet


class ModelState(models.TextChoices):
    """A version is written, worked out for every lead, shown, and one day replaced."""

    DRAFT = "draft", _("Draft")
    PREPARING = "preparing", _("Being worked out")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


LIVE = (ModelState.PREPARING, ModelState.PUBLISHED)


class ScoreModelQuerySet(WorkspaceQuerySet):
    """Adjectives for score models."""

    def draft(self) -> Self:
        """The one being written, if any."""
        return self.filter(state=ModelState.DRAFT)

    def live(self) -> Self:
        """Kept up to date with every fact: the shown one, and the one about to be."""
        return self.filter(state__in=LIVE)

    def published(self) -> Self:
        """The one whose scores people see."""
        return self.filter(state=ModelState.PUBLISHED)

    def numbered(self) -> Self:
        """All that were ever published, newest first; drafts have no number yet."""
        return self.exclude(number=None).order_by("-number")


class ScoreModel(WorkspaceModel):
    """One version of how leads are scored and sorted; immutable once it is published.

    A score of at least `hot_from` is hot, of at least `warm_from` warm, any other cold.
    """

    number = models.PositiveIntegerField(null=True, editable=False)
    state = models.CharField(max_length=9, choices=ModelState, default=ModelState.DRAFT)
    hot_from = models.IntegerField(_("hot from"), default=70)
    warm_from = models.IntegerField(_("warm from"), default=35)
    reason = models.CharField(_("why it changes"), max_length=300, blank=True, default="")
    made_by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    published_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(ScoreModelQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="score_model_number_once"),
            models.UniqueConstraint(
                fields=["workspace", "state"],
                condition=models.Q(state__in=["draft", "preparing", "published"]),
                name="score_model_state_once",
            ),
            models.CheckConstraint(
                condition=models.Q(hot_from__gt=models.F("warm_from")),
                name="score_model_hot_above_warm",
                violation_error_message=_("“Hot from” must be above “warm from”."),
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return str(_("Draft"))
        return str(_("Version %(number)d") % {"number": self.number})
