"""What each stage means, and who moved when."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from funnel.models.agreeing import AgreedQuerySet, AgreedVersion
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models import Stage


def everywhere() -> list[str]:
    """Every stage may follow; a stage is never followed by itself."""
    return list(Stage.values)


class Definition(AgreedVersion):
    """One version of what a stage means, in words both teams read.

    `condition` is a condition tree. Leads that meet that of the MQL enter the stage by rule; the
    criteria of other stages are read by people, and `is_binding` ones refuse a move by hand of
    who does not meet them. `needs_qualification` (SQL only): nobody is moved here without a
    positive qualification. `subcategories`: name, explanation and condition of each; a lead is in
    the first that holds, and one without a condition takes the rest. `owner_team`: who answers
    for the stage. `moves_to`: the stages that
    may follow by hand. `exit_reasons`: what to choose from when a lead goes back or aside.
    """

    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    explanation = models.TextField(_("what it means"), max_length=2_000)
    condition = models.JSONField(_("entered by rule when"), default=dict, blank=True)
    needs_qualification = models.BooleanField(
        _("only after a positive qualification"), default=True
    )
    owner_team = WorkspaceForeignKey(
        "workspaces.Team", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_binding = models.BooleanField(default=False, db_default=False)
    subcategories = models.JSONField(default=list, db_default=[], blank=True)
    moves_to = models.JSONField(default=everywhere, db_default=[*Stage.values], blank=True)
    exit_reasons = models.JSONField(default=list, db_default=[], blank=True)

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

    def siblings(self) -> AgreedQuerySet:
        """All versions of what this stage means."""
        return type(self).objects.filter(stage=self.stage)

    @property
    def may_go_to(self) -> list[Stage]:
        """The stages that may follow, in the order of the lifecycle."""
        return [stage for stage in Stage if stage in self.moves_to and stage != self.stage]


class CompanyRule(AgreedVersion):
    """One version of how a company's stage follows from its people.

    The furthest live stage at least `least_people` of them have come to (all of them, where fewer
    are live); one customer makes the company a customer.
    """

    least_people = models.PositiveSmallIntegerField(
        _("how many people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version"], name="companyrule_once"),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(state="published"),
                name="companyrule_published_once",
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(state="draft"),
                name="companyrule_draft_once",
            ),
        ]

    def __str__(self) -> str:
        return _("Stage of companies, version %(version)d") % {"version": self.version}


class StageMove(WorkspaceModel):
    """A lead went from one stage to another: when, by whom or by which definition, and why.

    `exit_reason`: what was chosen from the list of the stage it left, to be counted.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="moves")
    from_stage = models.CharField(max_length=12, choices=Stage)
    to_stage = models.CharField(max_length=12, choices=Stage)
    moved_at = models.DateTimeField()
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    definition = WorkspaceForeignKey(Definition, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    exit_reason = models.CharField(max_length=100, blank=True, default="", db_default="")
    cycle = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "-moved_at"], name="move_of_lead"),
            models.Index(fields=["workspace", "to_stage", "moved_at"], name="move_into_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"
