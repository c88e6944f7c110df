"""Predictive models, trained on what became of earlier leads, and the chance each lead has."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet
from scoring.models.narrow import OfLead


class PredictionState(models.TextChoices):
    """A version is asked for, learns or is refused, may be chosen by a person, and is retired."""

    ASKED = "asked", _("Looking for cases")
    LEARNING = "learning", _("Learning")
    REFUSED = "refused", _("Not enough to learn from")
    TRAINED = "trained", _("Trained")
    CHOSEN = "chosen", _("Chosen")
    RETIRED = "retired", _("Retired")


IN_WORK = (PredictionState.ASKED, PredictionState.LEARNING)


class PredictiveModelQuerySet(WorkspaceQuerySet):
    """Adjectives for predictive models."""

    def in_work(self) -> Self:
        """The one that is being trained, if any."""
        return self.filter(state__in=IN_WORK)

    def chosen(self) -> Self:
        """The one whose chances people see, if any."""
        return self.filter(state=PredictionState.CHOSEN)


class PredictiveModel(WorkspaceModel):
    """One trained version of how likely a lead is to reach an outcome.

    `study` is what the past was asked (scoring.cases.Study), `weights` what was learnt, `figures`
    how well it tells cases it had not seen, `suspects` the fields it should not have looked at.
    These never change once it is trained; `drift` is what the leads since then say about it.

    While the chances of all leads are worked out, `cursor` is the last lead done and `due_at` is
    empty; then `due_at` says when they are worked out again.
    """

    number = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=8, choices=PredictionState, default=PredictionState.ASKED)
    study = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    suspects = models.JSONField(default=list)
    weights = models.JSONField(default=dict)
    drift = models.JSONField(default=dict)
    asked_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    trained_at = models.DateTimeField(null=True)
    reason = models.CharField(_("why it is chosen"), max_length=300, blank=True, default="")
    chosen_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    chosen_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    cursor = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(PredictiveModelQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "number"], name="predictive_model_number_once"
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(state="chosen"),
                name="predictive_model_chosen_once",
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(state__in=["asked", "learning"]),
                name="predictive_model_in_work_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="predictive_model_due",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)d") % {"number": self.number})

    @property
    def is_in_work(self) -> bool:
        """It is being trained."""
        return self.state in IN_WORK

    @property
    def is_refreshing(self) -> bool:
        """The chances of all leads are being worked out by it."""
        return self.state == PredictionState.CHOSEN and self.due_at is None


class Probability(OfLead):
    """The chance of a lead by the chosen model, as of a moment.

    `points` are its log-odds, a hundred for each doubling of the odds; `levels` says for each
    feature of the model which of its levels the lead has, so that the reasons can be read from
    the weights and sum to the points exactly.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id")
    model = WorkspaceForeignKey(PredictiveModel, models.CASCADE, related_name="+")
    points = models.IntegerField(default=0)
    levels = ArrayField(models.SmallIntegerField(), default=list)
    as_of = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "model", "points", "lead"], name="chance_of_all"),
        ]
