"""What publishing would bring about, and letting it come about little by little."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models import LeadClass
from scoring.models.narrow import OfLead
from scoring.models.versions import ModelVersion


class BlastRadius(WorkspaceModel):
    """A draft worked out for all leads without being published: who would move, what would follow.

    `digest` is over what decides the outcome, so that a changed draft makes it stale. `cursor` is
    the last lead that is done; `figures` are filled when all are.
    """

    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, related_name="radii")
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    cursor = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version"], name="blast_radius_once")
        ]


class TouchedLead(OfLead):
    """A lead inside a blast radius: its score or class would move, from what to what.

    `is_promoted`: it would become an MQL. Whom nothing would move has no row.
    """

    moves_in_merge = False  # worked out anew when it matters

    pk = models.CompositePrimaryKey("workspace_id", "radius_id", "lead_id")
    radius = WorkspaceForeignKey(BlastRadius, models.CASCADE, related_name="+")
    old_score = models.IntegerField(null=True)
    new_score = models.IntegerField(null=True)
    old_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    new_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    new_grade = models.CharField(max_length=2, default="", blank=True)
    is_promoted = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["workspace", "lead"], name="touched_lead")]


class ReleaseState(models.TextChoices):
    """Whether a release goes on."""

    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")
    ENDED = "ended", _("Ended")
    DONE = "done", _("Done")


OPEN = (ReleaseState.RUNNING, ReleaseState.STOPPED)


class Release(WorkspaceModel):
    """The effects of publishing a version, let go lead by lead, in stages and under caps.

    Scores switch at once; whoever they move is held (HeldLead) until its stage is open.
    `effects`: what follows, by name. `hourly_cap`, `total_cap`: new MQLs in any 60 minutes, and
    altogether; None: no cap. `promoted`: how many became MQLs by it, also who is gone since.
    `shares`: per cent of the leads reached by each stage; the next one opens `hours` after the last
    is through, None: by hand only. `stage`: the open one, from 0. `begun_at`: all scores had
    switched. `due_at`: when it is looked at next, if it is running. `capped_until`: the hourly cap
    holds everybody back until then.
    """

    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, related_name="releases")
    effects = ArrayField(models.CharField(max_length=20))
    total_cap = models.PositiveIntegerField(null=True)
    hourly_cap = models.PositiveIntegerField(null=True)
    promoted = models.PositiveIntegerField(default=0, editable=False)
    shares = ArrayField(models.PositiveSmallIntegerField())
    hours = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=7, choices=ReleaseState, default=ReleaseState.RUNNING)
    stage = models.PositiveSmallIntegerField(default=0)
    asked_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    stage_done_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    capped_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version"], name="release_once")
        ]
        indexes = [
            models.Index(
                fields=["workspace", "due_at"], name="release_due", condition=Q(state="running")
            )
        ]

    @property
    def is_open(self) -> bool:
        """It may still let somebody go."""
        return self.state in OPEN

    @property
    def share(self) -> int:
        """Per cent of the leads that are let go in the open stage and those before."""
        return int(self.shares[self.stage])

    @property
    def is_last_stage(self) -> bool:
        """No stage comes after the open one."""
        return self.stage == len(self.shares) - 1


class Steering(models.TextChoices):
    """What a person does to a release."""

    STOPPED = "stopped", _("Stopped it")
    WENT_ON = "went_on", _("Went on")
    OPENED = "opened", _("Opened the next stage")
    ENDED = "ended", _("Ended it for good")


class ReleaseStep(WorkspaceModel):
    """Somebody stopped a release, went on, opened a stage by hand or ended it; kept for ever.

    `stage`: the one that was open after it, from 0. Without `by` a key did it that nobody answers
    for, or a version published later.
    """

    release = WorkspaceForeignKey(Release, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=7, choices=Steering)
    stage = models.PositiveSmallIntegerField()
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "release", "at"], name="release_steps")]

    @property
    def icon(self) -> str:
        """What stands before it."""
        return {
            Steering.STOPPED: "octagon-pause",
            Steering.WENT_ON: "play",
            Steering.OPENED: "layers",
            Steering.ENDED: "flag",
        }[Steering(self.what)]


class HeldLead(OfLead):
    """A lead that a version moved, held until its stage; `lot` decides its place for ever.

    `lot`: 0 to 9,999, worked out from the lead's id. `released_at`: when it was let go;
    `is_promoted`: it became an MQL by that.
    """

    moves_in_merge = False  # who is merged away is not called twice

    pk = models.CompositePrimaryKey("workspace_id", "release_id", "lead_id")
    release = WorkspaceForeignKey(Release, models.CASCADE, related_name="+")
    lot = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField(null=True)
    is_promoted = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "release", "lot", "lead"],
                name="held_waiting",
                condition=Q(released_at=None),
            ),
            models.Index(
                fields=["workspace", "release", "released_at"],
                name="held_promoted",
                condition=Q(is_promoted=True),
            ),
            models.Index(fields=["workspace", "lead"], name="held_by_lead"),
        ]
