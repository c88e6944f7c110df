"""Questions about models and scores."""

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
    leads_hit,
    models_told,
    rules_told,
    running_recompute,
)

__all__ = [
    "Bar",
    "DecisionTold",
    "Explanation",
    "Given",
    "RuleTold",
    "classes_now",
    "contributions",
    "decisions_told",
    "explain_change",
    "explain_score",
    "explain_scores",
    "histogram",
    "leads_hit",
    "models_told",
    "rules_told",
    "running_recompute",
]
