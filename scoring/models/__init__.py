"""Score models and their rules, what they give each lead, and how scores moved."""

from scoring.models.recomputes import Phase, Recompute
from scoring.models.rules import Pattern, Per, Rule, RuleKind
from scoring.models.scores import Contribution, Hit, LeadScore, ScoreChange
from scoring.models.versions import LIVE, ModelState, ScoreModel

__all__ = [
    "LIVE",
    "Contribution",
    "Hit",
    "LeadScore",
    "ModelState",
    "Pattern",
    "Per",
    "Phase",
    "Recompute",
    "Rule",
    "RuleKind",
    "ScoreChange",
    "ScoreModel",
]
