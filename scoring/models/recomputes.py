"""Models worked out for all leads."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from scoring.models.versions import ModelVersion


class Phase(models.TextChoices):
    """What a recompute is doing."""

    WORKING_OUT = "working_out", _("Working out the scores")
    SHOWING = "showing", _("Showing the scores")
    DONE = "done", _("Done")


class Recompute(WorkspaceModel):
    """A model is worked out for all leads, chunk by chunk, then shown.

    `cursor` is the last lead of the phase that is done; `is_quiet`: nobody above reacts;
    `is_repeated`: the version serves already, so scores are shown as they are worked out.
    `forgets`: versions whose scores go on the way.
    """

    version = WorkspaceForeignKey(ModelVersion, models.CASCADE, related_name="recomputes")
    asked_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    is_quiet = models.BooleanField(default=True)
    is_repeated = models.BooleanField(default=False)
    phase = models.CharField(max_length=11, choices=Phase, default=Phase.WORKING_OUT)
    cursor = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    forgets = ArrayField(models.UUIDField(), default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-asked_at"], name="recompute_newest")]

    def share(self) -> float:
        """How much of the whole is done, from 0 to 1; both phases weigh the same."""
        if self.phase == Phase.DONE:
            return 1.0
        part = min(self.done / self.total, 1.0) if self.total else 0.0
        if self.is_repeated:
            return part
        return part / 2 + (0.5 if self.phase == Phase.SHOWING else 0.0)
