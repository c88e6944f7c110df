"""Score models and their rules, what they give each lead, and how scores moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import (
    Workspace,
    WorkspaceManager,
    WorkspaceModel,
    WorkspaceQuerySet,
)
from leads.models import LeadClass


class ModelState(models.TextChoices):
    """A version is written, worked out for every lead, shown, and one day replaced."""

    DRAFT = "draft", _("Draft")
    PREPARING = "preparing", _("Being worked out")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


LIVE = (ModelState.PREPARING, ModelState.PUBLISHED)


class ScoreModelQuerySet(WorkspaceQuerySet):
    """Adjectives for score models."""

    def draft(self) -> Self:
        """The one being written, if any."""
        return self.filter(state=ModelState.DRAFT)

    def live(self) -> Self:
        """Kept up to date with every fact: the shown one, and the one about to be."""
        return self.filter(state__in=LIVE)

    def published(self) -> Self:
        """The one whose scores people see."""
        return self.filter(state=ModelState.PUBLISHED)

    def numbered(self) -> Self:
        """All that were ever published, newest first; drafts have no number yet."""
        return self.exclude(number=None).order_by("-number")


class ScoreModel(WorkspaceModel):
    """One version of how leads are scored and sorted; immutable once it is published.

    A score of at least `hot_from` is hot, of at least `warm_from` warm, any other cold.
    """

    number = models.PositiveIntegerField(null=True, editable=False)
    state = models.CharField(max_length=9, choices=ModelState, default=ModelState.DRAFT)
    hot_from = models.IntegerField(_("hot from"), default=70)
    warm_from = models.IntegerField(_("warm from"), default=35)
    reason = models.CharField(_("why it changes"), max_length=300, blank=True, default="")
    made_by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    published_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(ScoreModelQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="score_model_number_once"),
            models.UniqueConstraint(
                fields=["workspace", "state"],
                condition=models.Q(state__in=["draft", "preparing", "published"]),
                name="score_model_state_once",
            ),
            models.CheckConstraint(
                condition=models.Q(hot_from__gt=models.F("warm_from")),
                name="score_model_hot_above_warm",
                violation_error_message=_("“Hot from” must be above “warm from”."),
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return str(_("Draft"))
        return str(_("Version %(number)d") % {"number": self.number})


class RuleKind(models.TextChoices):
    """What a rule looks at."""

    PROFILE = "profile", _("Profile: what a lead is")
    BEHAVIOUR = "behaviour", _("Behaviour: what a lead does")


class Per(models.TextChoices):
    """How often a behaviour rule gives its points."""

    ONCE = "once", _("once")
    OCCURRENCE = "occurrence", _("each time")
    DAY = "day", _("each day")


class Rule(WorkspaceModel):
    """Points for leads that are, or do, something.

    `condition` is a condition tree: field tests for a profile rule, one activity test for a
    behaviour rule. `window_days`: only facts of today and so many days before count. `cap`: the
    rule gives no more than this, whichever the sign. `pattern`: what a published behaviour rule
    looks for (see Pattern).
    """

    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("looks at"), max_length=9, choices=RuleKind)
    condition = models.JSONField(default=dict)
    points = models.IntegerField(_("points"))
    per = models.CharField(_("given"), max_length=10, choices=Per, default=Per.ONCE)
    window_days = models.PositiveSmallIntegerField(_("days that count"), null=True, blank=True)
    cap = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    pattern = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["workspace", "model", "position"], name="rule_of_model")]

    def __str__(self) -> str:
        return self.name


def _workspace(**given: Any) -> Any:
    return models.ForeignKey(
        Workspace,
        on_delete=models.CASCADE,
        default=current_workspace_id,
        editable=False,
        related_name="+",
        db_index=False,
        **given,
    )


class NarrowModel(models.Model):
    """A small row of one workspace without an id of its own: there are very many of them."""

    workspace = _workspace()

    objects = WorkspaceManager()

    class Meta:
        abstract = True


class OfLead(NarrowModel):
    """What is remembered of a lead. The constraint of `lead` names the workspace as well.

    A second one would be checked for each row and say nothing more.
    """

    workspace = _workspace(db_constraint=False)
    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Pattern(NarrowModel):
    """What behaviour rules look for: a kind of activity with properties.

    Rules that look for the same share a pattern, within a version and across versions, so each
    fact is matched once and a change of points needs no look at the facts. `filled_at`: when
    hits of all leads were there; from then on only leads with new facts are matched.
    """

    pk = models.CompositePrimaryKey("workspace_id", "number")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    test = models.JSONField()
    filled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="pattern_once"),
        ]


class Hit(OfLead):
    """So many facts of a lead matched a pattern on a day of the workspace's calendar.

    The index of the key carries `count`, so that scores are worked out from the index alone.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "pattern", "day")
    pattern = models.PositiveIntegerField()
    day = models.DateField()
    count = models.PositiveIntegerField()


@dataclass(frozen=True)
class Contribution:
    """What one rule gives one lead: `raw` before the cap, `points` after it; from `facts` facts."""

    rule_id: UUID
    facts: int
    raw: int
    points: int


class LeadScore(OfLead):
    """The exact score of a lead by one live model, as of the moment it last changed, and why.

    `rules`, `facts`, `raw` and `points` are its contributions, of equal length, in no order; the
    points sum to `value` exactly. `digest` is over the contributions: the row is rewritten only
    when it differs. `due_at`: when days passing alone may change the score.
    """

    moves_in_merge = False  # worked out from the facts

    pk = models.CompositePrimaryKey("workspace_id", "lead_id", "model_id")
    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="+")
    value = models.IntegerField(default=0)
    lead_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    as_of = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    digest = models.BigIntegerField(default=0)
    rules = ArrayField(models.UUIDField(), default=list)
    facts = ArrayField(models.IntegerField(), default=list)
    raw = ArrayField(models.BigIntegerField(), default=list)
    points = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="lead_score_due",
            ),
        ]

    def contributions(self) -> Iterator[Contribution]:
        """What the score is made of."""
        return map(Contribution, self.rules, self.facts, self.raw, self.points)


class ScoreChange(WorkspaceModel):
    """The shown score or class of a lead moved; kept for ever."""

    moves_in_merge = False  # of the score that lead had

    workspace = _workspace(db_constraint=False)  # as in OfLead
    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="score_changes")
    model = WorkspaceForeignKey(ScoreModel, models.PROTECT, related_name="+")
    old_score = models.IntegerField(null=True)
    new_score = models.IntegerField()
    old_class = models.CharField(max_length=4, choices=LeadClass, default="", blank=True)
    new_class = models.CharField(max_length=4, choices=LeadClass)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "lead", "-at"], name="score_change_of_lead")]


class Phase(models.TextChoices):
    """What a recompute is doing."""

    WORKING_OUT = "working_out", _("Working out the scores")
    SHOWING = "showing", _("Showing the scores")
    DONE = "done", _("Done")


class Recompute(WorkspaceModel):
    """A model is worked out for all leads, chunk by chunk, then shown.

    `cursor` is the last lead of the phase that is done; `is_quiet`: nobody above reacts;
    `is_repeated`: the version serves already, so scores are shown as they are worked out.
    """

    model = WorkspaceForeignKey(ScoreModel, models.CASCADE, related_name="recomputes")
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
