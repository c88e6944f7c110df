"""What the scoring pages show of a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from leadmgmt.kernel.sql import fetch
from leads.conditions import matching, parse
from leads.models import LeadClass
from scoring.models import LeadScore, Recompute, Rule, RuleKind, ScoreModel
from scoring.wording import class_of, sentence_of

MOST_BARS = 30
WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 10_000_000)


@dataclass(frozen=True)
class RuleTold:
    """A rule read aloud, and how many leads it gives points now (None: not known)."""

    rule: Rule
    sentence: str
    leads: int | None


@dataclass(frozen=True)
class Bar:
    """Leads with scores from `first` to `last`."""

    first: int
    last: int
    count: int
    lead_class: LeadClass


def rules_told(model: ScoreModel, *, with_counts: bool = True) -> list[RuleTold]:
    """The rules of a version in order, in words."""
    counts = _leads_per_rule(model) if with_counts else {}
    return [
        RuleTold(rule, sentence_of(rule), counts.get(rule.pk, 0) if with_counts else None)
        for rule in model.rules.order_by("position", "id")
    ]


GIVING = """
SELECT rule_id, count(*) FROM scoring_leadscore CROSS JOIN unnest(rules) AS given(rule_id)
WHERE workspace_id = %(workspace)s AND model_id = %(model)s
GROUP BY rule_id
"""


def _leads_per_rule(model: ScoreModel) -> Mapping[UUID, int]:
    return dict(fetch(GIVING, model=model.pk))


def leads_hit(kind: str, condition: dict[str, object], days: int | None, now: datetime) -> int:
    """How many leads a rule would give points, straight from the facts."""
    tree = dict(condition)
    if kind == RuleKind.BEHAVIOUR and days is not None:
        tree["within_days"] = days
    return matching(parse(tree), now).count()


def classes_now(model: ScoreModel) -> dict[str, int]:
    """How many leads each class has by this version."""
    rows = LeadScore.objects.filter(model=model).exclude(lead_class="").values("lead_class")
    counts = dict(rows.annotate(leads=Count("*")).values_list("lead_class", "leads"))
    return {name: counts.get(name, 0) for name in LeadClass.values}


# Scores are few, leads are many: count each score once, sort into bars afterwards.
SCORES = """
SELECT value, count(*) FROM scoring_leadscore
WHERE workspace_id = %(workspace)s AND model_id = %(model)s AND as_of IS NOT NULL
GROUP BY value ORDER BY value
"""


def histogram(model: ScoreModel) -> list[Bar]:
    """The distribution of scores in at most 30 bars, none missing between the ends."""
    counts: dict[int, int] = dict(fetch(SCORES, model=model.pk))
    if not counts:
        return []
    low, high = min(counts), max(counts)
    width = next(each for each in WIDTHS if (high - low) // each < MOST_BARS)
    bars = dict.fromkeys(range(low // width * width, high + 1, width), 0)
    for value, count in counts.items():
        bars[value // width * width] += count
    return [
        Bar(first, first + width - 1, count, class_of(model, first + width - 1))
        for first, count in bars.items()
    ]


def running_recompute() -> Recompute | None:
    """The recompute that is under way, if any."""
    recompute: Recompute | None = (
        Recompute.objects.filter(finished_at=None).select_related("model").first()
    )
    return recompute
