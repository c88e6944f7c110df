"""Tables of the funnel, by noun."""

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
    "Deal",
    "DealStatus",
    "Definition",
    "DefinitionState",
    "NextStep",
    "NurturingReturn",
    "Outcome",
    "Qualification",
    "StageMove",
]
