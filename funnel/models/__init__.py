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
from funnel.models.routing import (
    Assignment,
    Lack,
    Manner,
    Otherwise,
    PlanState,
    RoutingPlan,
    RoutingRule,
    Share,
    Spell,
    Target,
    Wait,
)
from funnel.models.stages import Definition, DefinitionState, StageMove

__all__ = [
    "BANT",
    "Answer",
    "Assignment",
    "BestChannel",
    "ClosedCycle",
    "CycleOutcome",
    "Deal",
    "DealStatus",
    "Definition",
    "DefinitionState",
    "Disposition",
    "DispositionKind",
    "Lack",
    "Manner",
    "NextStep",
    "NurturingReturn",
    "Onward",
    "Otherwise",
    "Outcome",
    "PlanState",
    "Playbook",
    "Qualification",
    "QueueEntry",
    "RoutingPlan",
    "RoutingRule",
    "Share",
    "Spell",
    "StageMove",
    "Target",
    "Wait",
]
