"""Segments: groups of leads with a name, and who was in them when."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Lead


class SegmentKind(models.TextChoices):
    """Whether membership follows the condition."""

    LIVE = "live", _("Live")
    FROZEN = "frozen", _("Frozen")


class Segment(WorkspaceModel):
    """A group of leads: live (whoever the condition holds for) or frozen (a fixed list).

    `size` is kept with the memberships. `refreshed_on`: the day of the workspace for which a
    condition about the passing of time was last asked of everybody; empty while it asks nothing of
    the kind.

    While it `is_stale` everybody is asked in order of their ids: `cursor` is the last lead asked,
    `done` of `total` is the progress. `is_quiet`: nothing fires for those who enter or leave then.
    `keeper`: which app keeps it for itself (see `leads.keepers`); people do not change it by hand.
    """

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=500, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=6, choices=SegmentKind, default=SegmentKind.LIVE)
    condition = models.JSONField(_("condition"), default=dict)
    size = models.PositiveIntegerField(default=0)
    refreshed_on = models.DateField(null=True, blank=True)
    is_stale = models.BooleanField(default=False)
    is_quiet = models.BooleanField(default=False, db_default=False)
    cursor = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0, db_default=0)
    total = models.PositiveIntegerField(default=0, db_default=0)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)
    keeper = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="segment_name_once",
                violation_error_message=_("Another segment already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(WorkspaceModel):
    """A lead's time in a segment; still in it while `left_at` is empty.

    `by`: who put the lead in by hand.
    """

    segment = WorkspaceForeignKey(Segment, models.CASCADE, related_name="memberships")
    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="memberships")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "segment", "lead"],
                condition=models.Q(left_at=None),
                name="membership_once",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "lead", "-entered_at"], name="membership_lead"),
            models.Index(fields=["workspace", "segment", "-entered_at"], name="membership_entered"),
            models.Index(
                fields=["workspace", "segment", "-left_at"],
                condition=~models.Q(left_at=None),
                name="membership_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.lead_id}"
