"""Tables of the funnel, by noun."""

from funnel.models.cycles import ClosedCycle, CycleOutcome, Onward
from funnel.models.deals import Deal, DealStatus
from funnel.models.playbooks import Playbook
from funnel.models.qualifying import (
    BANT,
    Answer,
    BestChannel,
    NextStep,
    NurturingReturn,
    Outcome,
    Qualification,
)
from funnel.models.queue import Disposition, DispositionKind, QueueEntry
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
    "Disposition",
    "DispositionKind",
    "NextStep",
    "NurturingReturn",
    "Onward",
    "Outcome",
    "Playbook",
    "Qualification",
    "QueueEntry",
    "StageMove",
]
