"""Tables of the funnel, by noun."""

from funnel.models.cycles import ClosedCycle, CycleOutcome, Onward
from funnel.models.deals import Deal, DealStatus
from funnel.models.qualifying import (
    BANT,
    Answer,
    BestChannel,
    NextStep,
    NurturingReturn,
    Outcome,
    Qualification,
)
from funnel.models.stages import Definition, DefinitionState, StageMove

__all__ = [
    "BANT",
    "Answer",
    "BestChannel",
    "ClosedCycle",
    "CycleOutcome",
    "Deal",
    "DealStatus",
    "Definition",
    "DefinitionState",
    "NextStep",
    "NurturingReturn",
    "Onward",
    "Outcome",
    "Qualification",
    "StageMove",
]
