"""What the scoring pages show of a model."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from leadmgmt.kernel.sql import fetch
from leads.models import Lead, LeadClass
from scoring.models import (
    Decision,
    LeadScore,
    Mode,
    ModelState,
    ModelVersion,
    Purpose,
    Recompute,
    Rule,
    ScoreModel,
)
from scoring.wording import class_of, decision_read, sentence_of

# By hand, because every list asks it.
POINTLESS = f"""
SELECT EXISTS (
    SELECT FROM scoring_modelversion AS version
    JOIN scoring_scoremodel AS model
        ON model.workspace_id = version.workspace_id AND model.id = version.model_id
    WHERE version.workspace_id = %(workspace)s AND model.purpose = '{Purpose.MAIN}'
      AND version.state = '{ModelState.PUBLISHED}' AND version.mode = '{Mode.DECISIONS}')
"""  # noqa: S608  # nothing but our own words goes in
MOST_BARS = 30
WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 10_000_000)


@dataclass(frozen=True)
class RuleTold:
    """A rule read aloud, and how many leads it gives points now (None: not known).

    `is_estimated`: a sample of the leads was asked, not all of them.
    """

    rule: Rule
    sentence: str
    leads: int | None
    is_estimated: bool = False

    @property
    def is_against(self) -> bool:
        """It takes points away."""
        return self.rule.points < 0


@dataclass(frozen=True)
class Bar:
    """Leads with scores from `first` to `last`."""

    first: int
    last: int
    count: int
    lead_class: LeadClass


@dataclass(frozen=True)
class ModelTold:
    """A model in use, the version in force, and whether the next is being written."""

    model: ScoreModel
    published: ModelVersion | None
    has_draft: bool


def models_told() -> list[ModelTold]:
    """The models in use, the main one first."""
    live = ModelVersion.objects.exclude(state=ModelState.RETIRED)
    versions = {(each.model_id, each.state): each for each in live}
    return [
        ModelTold(
            model,
            versions.get((model.pk, ModelState.PUBLISHED)),
            (model.pk, ModelState.DRAFT) in versions,
        )
        for model in ScoreModel.objects.in_use()
    ]


def sorts_without_points() -> bool:
    """Decision rules sort the leads of this workspace: no score is shown anywhere."""
    return bool(fetch(POINTLESS)[0][0])


def idle_columns(table: str) -> frozenset[str]:
    """What lists need not show."""
    is_idle = table == Lead._meta.db_table and sorts_without_points()
    return frozenset({"score"}) if is_idle else frozenset()


def rules_told(
    version: ModelVersion, *, with_counts: bool = True, is_pointless: bool = False
) -> list[RuleTold]:
    """The rules of a version in order, in words; none where it sorts without points.

    `is_pointless`: no sentence speaks of points.
    """
    if version.is_by_decisions:
        return []
    counts = _leads_per_rule(version) if with_counts else {}
    return [
        RuleTold(
            rule,
            sentence_of(rule, is_pointless=is_pointless),
            counts.get(rule.position, 0) if with_counts else None,
        )
        for rule in version.rules.order_by("position", "id")
    ]


@dataclass(frozen=True)
class DecisionTold:
    """A decision rule read aloud."""

    decision: Decision
    sentence: str


def decisions_told(version: ModelVersion) -> list[DecisionTold]:
    """The decision rules in order, in words; none where points sort."""
    if not version.is_by_decisions:
        return []
    found = version.decisions.order_by("position", "id")
    return [DecisionTold(each, decision_read(each)) for each in found]


GIVING = """
SELECT place, count(*) FROM scoring_leadscore CROSS JOIN unnest(places) AS given(place)
WHERE workspace_id = %(workspace)s AND version_id = %(version)s
GROUP BY place
"""


def _leads_per_rule(version: ModelVersion) -> Mapping[int, int]:
    return dict(fetch(GIVING, version=version.pk))


def classes_now(version: ModelVersion) -> dict[str, int]:
    """How many leads each class has by this version."""
    rows = LeadScore.objects.filter(version=version).exclude(lead_class="").values("lead_class")
    counts = dict(rows.annotate(leads=Count("*")).values_list("lead_class", "leads"))
    return {name: counts.get(name, 0) for name in LeadClass.values}


# Scores are few, leads are many: count each score once, sort into bars afterwards.
SCORES = """
SELECT value, count(*) FROM scoring_leadscore
WHERE workspace_id = %(workspace)s AND version_id = %(version)s AND value IS NOT NULL
  AND as_of IS NOT NULL
GROUP BY value ORDER BY value
"""


def histogram(version: ModelVersion) -> list[Bar]:
    """The distribution of scores in at most 30 bars, none missing between the ends."""
    counts: dict[int, int] = dict(fetch(SCORES, version=version.pk))
    if not counts:
        return []
    low, high = min(counts), max(counts)
    width = next(each for each in WIDTHS if (high - low) // each < MOST_BARS)
    bars = dict.fromkeys(range(low // width * width, high + 1, width), 0)
    for value, count in counts.items():
        bars[value // width * width] += count
    return [
        Bar(first, first + width - 1, count, class_of(version, first + width - 1))
        for first, count in bars.items()
    ]


def running_recompute(model: ScoreModel | None = None) -> Recompute | None:
    """The recompute that is under way, of this model or of any."""
    running = Recompute.objects.filter(finished_at=None)
    if model is not None:
        running = running.filter(version__model=model)
    recompute: Recompute | None = running.select_related("version__model").first()
    return recompute
