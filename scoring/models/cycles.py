"""What a closed qualification cycle leaves to the next one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from scoring.models.versions import ScoreModel


class Carry(models.TextChoices):
    """What of the old score a new cycle begins with."""

    NOTHING = "nothing", _("Nothing: the score starts at 0")
    PROFILE = "profile", _("The points for who they are; what they did counts no more")
    SHARE = "share", _("A share of the old score, in percent")
    POINTS = "points", _("So many points")


class CarryOver(WorkspaceModel):
    """Points one model gives a lead throughout one cycle, beside what its rules give.

    Worked out once, when the cycle before was closed, so that the score then was what had been
    declared; a contribution of its own ever after. It counts while the lead is in that cycle.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")
    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="+")
    cycle = models.PositiveSmallIntegerField()
    points = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead", "model", "cycle"], name="carry_over_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d}"
