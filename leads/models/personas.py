"""Personas: the customers we look for."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.segments import Segment


class Persona(WorkspaceModel):
    """A target customer: whom we sell to, why they buy, and the segment that recognises them.

    `reasons` are our three to five reasons to buy; `story` is what the seller tells. Where a lead
    fits several, the one with the smallest `position` counts.
    """

    name = models.CharField(_("name"), max_length=120)
    whom = models.TextField(_("whom we sell to"), max_length=2_000, blank=True, default="")
    job = models.TextField(_("their job"), max_length=2_000, blank=True, default="")
    place = models.TextField(_("where they are"), max_length=2_000, blank=True, default="")
    why = models.TextField(_("why they buy"), max_length=2_000, blank=True, default="")
    goals = models.TextField(_("goals"), max_length=2_000, blank=True, default="")
    needs = models.TextField(_("needs"), max_length=2_000, blank=True, default="")
    pains = models.TextField(_("pains"), max_length=2_000, blank=True, default="")
    reasons = models.JSONField(_("reasons to buy from us"), default=list)
    story = models.TextField(_("story for the seller"), max_length=5_000, blank=True, default="")
    segment = WorkspaceForeignKey(
        Segment, models.SET_NULL, null=True, blank=True, related_name="personas"
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="persona_once",
                violation_error_message=_("Another persona already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
