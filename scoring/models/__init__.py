"""Score models and their rules, what they give each lead, and how scores moved."""

from scoring.models.cycles import Carry, CarryOver
from scoring.models.indicators import Indicator, IndicatorFigure, IndicatorList, Measurement
from scoring.models.predicting import PredictionState, PredictiveModel, Probability
from scoring.models.recomputes import Phase, Recompute
from scoring.models.rehearsals import (
    BackTest,
    BackTestPart,
    Rehearsal,
    RehearsalState,
    SimulatedLead,
    Simulation,
)
from scoring.models.releases import (
    OPEN,
    BlastRadius,
    HeldLead,
    Release,
    ReleaseState,
    ReleaseStep,
    Steering,
    TouchedLead,
)
from scoring.models.rules import Decay, Decision, Pattern, Per, Rule, RuleGroup, RuleKind
from scoring.models.scores import (
    CARRIED,
    ChangeReason,
    Contribution,
    Hit,
    LeadScore,
    ModelScore,
    ScoreChange,
)
from scoring.models.versions import (
    GRADES_FROM,
    LIVE,
    Mode,
    ModelState,
    ModelVersion,
    Purpose,
    ScoreModel,
)

__all__ = [
    "CARRIED",
    "GRADES_FROM",
    "LIVE",
    "OPEN",
    "BackTest",
    "BackTestPart",
    "BlastRadius",
    "Carry",
    "CarryOver",
    "ChangeReason",
    "Contribution",
    "Decay",
    "Decision",
    "HeldLead",
    "Hit",
    "Indicator",
    "IndicatorFigure",
    "IndicatorList",
    "LeadScore",
    "Measurement",
    "Mode",
    "ModelScore",
    "ModelState",
    "ModelVersion",
    "Pattern",
    "Per",
    "Phase",
    "PredictionState",
    "PredictiveModel",
    "Probability",
    "Purpose",
    "Recompute",
    "Rehearsal",
    "RehearsalState",
    "Release",
    "ReleaseState",
    "ReleaseStep",
    "Rule",
    "RuleGroup",
    "RuleKind",
    "ScoreChange",
    "ScoreModel",
    "SimulatedLead",
    "Simulation",
    "Steering",
    "TouchedLead",
]
