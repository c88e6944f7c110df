"""Questions about models and scores."""

from scoring.queries.effects import Effect, effect_of
from scoring.queries.explaining import Explanation, Given, contributions, explain_score
from scoring.queries.models import (
    Bar,
    RuleTold,
    classes_now,
    histogram,
    leads_hit,
    rules_told,
    running_recompute,
)

__all__ = [
    "Bar",
    "Effect",
    "Explanation",
    "Given",
    "RuleTold",
    "classes_now",
    "contributions",
    "effect_of",
    "explain_score",
    "histogram",
    "leads_hit",
    "rules_told",
    "running_recompute",
]
