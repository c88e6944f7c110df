"""Questions about models and scores."""

from scoring.queries.counting import Counted, draft_counted, leads_hit
from scoring.queries.explaining import (
    Explanation,
    Given,
    contributions,
    explain_change,
    explain_score,
    explain_scores,
)
from scoring.queries.models import (
    Bar,
    DecisionTold,
    RuleTold,
    classes_now,
    decisions_told,
    histogram,
    idle_columns,
    models_told,
    rules_told,
    running_recompute,
    sorts_without_points,
)

__all__ = [
    "Bar",
    "Counted",
    "DecisionTold",
    "Explanation",
    "Given",
    "RuleTold",
    "classes_now",
    "contributions",
    "decisions_told",
    "draft_counted",
    "explain_change",
    "explain_score",
    "explain_scores",
    "histogram",
    "idle_columns",
    "leads_hit",
    "models_told",
    "rules_told",
    "running_recompute",
    "sorts_without_points",
]
