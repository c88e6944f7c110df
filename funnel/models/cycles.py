"""Qualification cycles that are closed: what each of them was."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models import Grade, LeadClass, Stage
from scoring.models import Carry


class CycleOutcome(models.TextChoices):
    """What came of a cycle; read from what happened in it, not from an opinion."""

    WON = "won", _("Bought")
    LOST = "lost", _("Deal lost")
    NEVER = "never", _("Disqualified")
    NOT_NOW = "not_now", _("Not now")
    NOTHING = "nothing", _("No result")


class Onward(models.TextChoices):
    """Where a lead stands at the beginning of its next cycle."""

    LEAD = "lead", _("Back to lead")
    STAYS = "stays", _("In the stage where it is")


class ClosedCycle(WorkspaceModel):
    """What a qualification cycle of a lead was, as of the moment it was closed; never changed.

    `story`: what each app had to tell (see `funnel.cycles`): scores with their contributions,
    stage path, qualifications, deals, response times, sequences. `carry` and `carry_amount` are
    what was left to the next cycle. Two archives of a lead have one number when a lead with
    cycles of its own was merged into it.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    outcome = models.CharField(max_length=7, choices=CycleOutcome)
    stage = models.CharField(max_length=12, choices=Stage)
    highest_stage = models.CharField(max_length=12, choices=Stage)
    score = models.IntegerField(null=True)
    lead_class = models.CharField(max_length=4, choices=LeadClass, blank=True, default="")
    grade = models.CharField(max_length=2, choices=Grade, blank=True, default="")
    owner = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    carry = models.CharField(max_length=7, choices=Carry, default=Carry.NOTHING)
    carry_amount = models.IntegerField(default=0)
    onward = models.CharField(max_length=5, choices=Onward, default=Onward.LEAD)
    story = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "-closed_at", "-id"], name="cycle_of_lead"),
            models.Index(fields=["workspace", "-closed_at", "-id"], name="cycle_newest"),
        ]

    def __str__(self) -> str:
        return str(_("Cycle %(number)d") % {"number": self.number})
