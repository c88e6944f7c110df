"""Versions tried out before they are published: on today's leads, and on the past."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet
from leads.models import Grade, LeadClass
from scoring.models.narrow import NarrowModel, OfLead
from scoring.models.versions import ModelVersion, ScoreModel


class RehearsalState(models.TextChoices):
    """A rehearsal waits for a worker, is worked out part by part, and ends once."""

    ASKED = "asked", _("Waiting")
    WORKING = "working", _("Working")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    OVERTAKEN = "overtaken", _("Overtaken: the draft changed meanwhile")


IN_WORK = (RehearsalState.ASKED, RehearsalState.WORKING)


class RehearsalQuerySet(WorkspaceQuerySet):
    """Adjectives for rehearsals."""

    def in_work(self) -> Self:
        """Not at their end."""
        return self.filter(state__in=IN_WORK)

    def ended(self) -> Self:
        """With a result."""
        return self.filter(state=RehearsalState.DONE)


class Rehearsal(WorkspaceModel):
    """A version tried out beside the one in force; who asked, when, and what came out.

    `fingerprint` tells what the version said when it was tried, so that a result of a draft that
    has changed since is known to be stale. Once it is done it never changes.
    """

    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="+")
    version = WorkspaceForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+")
    fingerprint = models.CharField(max_length=64)
    beside = WorkspaceForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=RehearsalState, default=RehearsalState.ASKED)
    asked_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)

    objects = WorkspaceManager.from_queryset(RehearsalQuerySet)()

    class Meta:
        abstract = True

    @property
    def is_in_work(self) -> bool:
        """It has no end yet."""
        return self.state in IN_WORK


class Simulation(Rehearsal):
    """A draft worked out for today's leads; `cursor` is the last lead done, `line` the MQL line."""

    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, null=True, related_name="+")
    cursor = models.UUIDField(null=True)
    line = models.IntegerField(null=True)

    class Meta(Rehearsal.Meta):
        indexes = [models.Index(fields=["workspace", "version"], name="simulation_of_version")]


class SimulatedLead(OfLead):
    """A lead as it stands, and as it would."""

    moves_in_merge = False  # a picture of the moment

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "simulation_id")
    simulation = WorkspaceForeignKey(Simulation, models.CASCADE, related_name="+")
    old_score = models.IntegerField(null=True)
    new_score = models.IntegerField(null=True)
    old_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    new_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    old_grade = models.CharField(max_length=2, choices=Grade, default="", blank=True)
    new_grade = models.CharField(max_length=2, choices=Grade, default="", blank=True)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "simulation", "-moved", "lead"], name="simulated_most"
            )
        ]


class BackTest(Rehearsal):
    """A version asked about the past: `study` says which leads, when, and what is success."""

    study = models.JSONField(default=dict)

    class Meta(Rehearsal.Meta):
        indexes = [models.Index(fields=["workspace", "-asked_at"], name="back_test_newest")]


class BackTestPart(NarrowModel):
    """Some cases of a back-test that is worked out: what both versions gave them then.

    Gone when the back-test has its result. `rules` and `beside_rules`: for each place of a rule
    how many cases it gave points, and how many of these were won.
    """

    pk = models.CompositePrimaryKey("workspace_id", "back_test_id", "number")
    back_test = WorkspaceForeignKey(BackTest, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    lead_ids = ArrayField(models.UUIDField(), default=list)
    moments = ArrayField(models.DateTimeField(), default=list)
    is_won = ArrayField(models.BooleanField(), default=list)
    scores = ArrayField(models.IntegerField(null=True), default=list)
    beside_scores = ArrayField(models.IntegerField(null=True), default=list)
    rules = models.JSONField(default=dict)
    beside_rules = models.JSONField(default=dict)
