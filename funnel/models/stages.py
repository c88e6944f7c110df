"""What each stage means, and who moved when."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel, WorkspaceQuerySet
from leads.models import Stage


class DefinitionState(models.TextChoices):
    """A version is written, then binds unchanged, then makes room for the next."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class DefinitionQuerySet(WorkspaceQuerySet):
    """Adjectives for definitions."""

    def published(self) -> Self:
        """Those that bind now: at most one per stage."""
        return self.filter(state=DefinitionState.PUBLISHED)

    def drafts(self) -> Self:
        """Changes somebody has proposed."""
        return self.filter(state=DefinitionState.DRAFT)


class Definition(WorkspaceModel):
    """One version of what a stage means, in words both teams read; immutable once published.

    `condition` is a condition tree: leads that meet it enter the stage by rule. Without one the
    stage is entered only by what people do. `needs_qualification` (SQL only): nobody is moved
    here without a positive qualification.
    """

    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=9, choices=DefinitionState, default=DefinitionState.DRAFT, editable=False
    )
    explanation = models.TextField(_("what it means"), max_length=2_000)
    condition = models.JSONField(_("entered by rule when"), default=dict, blank=True)
    needs_qualification = models.BooleanField(
        _("only after a positive qualification"), default=True
    )
    reason = models.CharField(_("why it changes"), max_length=300, blank=True, default="")
    proposed_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    approved_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(DefinitionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "stage", "version"], name="definition_version_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "stage"],
                condition=models.Q(state="published"),
                name="definition_published_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "stage"],
                condition=models.Q(state="draft"),
                name="definition_draft_once",
            ),
        ]

    def __str__(self) -> str:
        return _("%(stage)s, version %(version)d") % {
            "stage": self.get_stage_display(),
            "version": self.version,
        }


class StageMove(WorkspaceModel):
    """A lead went from one stage to another: when, by whom or by which definition, and why."""

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="moves")
    from_stage = models.CharField(max_length=12, choices=Stage)
    to_stage = models.CharField(max_length=12, choices=Stage)
    moved_at = models.DateTimeField()
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    definition = WorkspaceForeignKey(Definition, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    cycle = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "-moved_at"], name="move_of_lead"),
            models.Index(fields=["workspace", "to_stage", "moved_at"], name="move_into_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"
