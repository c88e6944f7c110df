"""Lists of indicators, how they were measured, and what was found."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import SoleVersion, WorkspaceModel, one_at_a_time


class IndicatorList(SoleVersion):
    """One version of the signs that a lead will buy; immutable once it is published.

    `terms`: how it is measured (see `scoring.indicators.terms`), which may change at any time.
    """

    terms = models.JSONField(default=dict)

    class Meta:
        constraints = one_at_a_time("indicator_list_number_once", "indicator_list_state_once")


class Indicator(WorkspaceModel):
    """A named sign that a lead will buy: a condition, and why it matters.

    `key` stays the same over all versions. `segment`: who has it, while the list holds; the
    segment goes from version to version with the key.
    """

    list = WorkspaceForeignKey(IndicatorList, models.CASCADE, related_name="indicators")
    key = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=100)
    note = models.CharField(_("why it matters"), max_length=300, blank=True, default="")
    condition = models.JSONField(default=dict)
    segment = WorkspaceForeignKey("leads.Segment", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "list", "key"], name="indicator_key_once"),
            models.UniqueConstraint(
                fields=["workspace", "list", "name"], name="indicator_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measurement(WorkspaceModel):
    """A list of indicators is held against the cases of a study, part by part.

    `study` is what was asked (see `scoring.cases.Study`), as of `asked_at`; `open` and `early` are
    leads that were no cases. Only the last finished one of a list is kept.
    """

    list = WorkspaceForeignKey(IndicatorList, models.CASCADE, related_name="measurements")
    study = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)
    early = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "list"],
                condition=models.Q(finished_at=None),
                name="measurement_once",
            ),
        ]


class IndicatorFigure(WorkspaceModel):
    """How many cases had an indicator at their moment and how many had not, and who of them won."""

    measurement = WorkspaceForeignKey(Measurement, models.CASCADE, related_name="figures")
    indicator = WorkspaceForeignKey(Indicator, models.CASCADE, related_name="figures")
    cases_with = models.PositiveIntegerField(default=0)
    won_with = models.PositiveIntegerField(default=0)
    cases_without = models.PositiveIntegerField(default=0)
    won_without = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "measurement", "indicator"], name="indicator_figure_once"
            ),
        ]
