"""Tables of the funnel, by noun."""

from funnel.models.cycles import ClosedCycle, CycleOutcome, Onward
from funnel.models.deals import CloseReason, Deal, DealChange, DealStatus
from funnel.models.pipelines import DealSum, Forecast, Pipeline, PipelineStage
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
    "CloseReason",
    "ClosedCycle",
    "CycleOutcome",
    "Deal",
    "DealChange",
    "DealStatus",
    "DealSum",
    "Definition",
    "DefinitionState",
    "Disposition",
    "DispositionKind",
    "Forecast",
    "Lack",
    "Manner",
    "NextStep",
    "NurturingReturn",
    "Onward",
    "Otherwise",
    "Outcome",
    "Pipeline",
    "PipelineStage",
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
