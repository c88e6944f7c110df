"""Tables of the funnel, by noun."""

from funnel.models.agreeing import APPROVERS, AgreedVersion, Side
from funnel.models.customers import Customer, CustomerChange, Health, HealthPlan, HealthRule, Whose
from funnel.models.cycles import ClosedCycle, CycleOutcome, Onward
from funnel.models.deals import CloseReason, Deal, DealChange, DealStatus
from funnel.models.handovers import Closing, ClosingSight, Handover, Sight, SightChange
from funnel.models.letters import LetterState, TrainingLetter
from funnel.models.onboarding import ChecklistItem, Doer, ItemState, OnboardingStep
from funnel.models.pipelines import DealSum, Forecast, Pipeline, PipelineStage
from funnel.models.playbooks import Playbook, PlaybookDraft
from funnel.models.products import DealLine, Product, ProductChange
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
from funnel.models.renewals import ReminderDays, Renewal, RenewalChange, RenewalState
from funnel.models.routing import (
    Assignment,
    Lack,
    Manner,
    Otherwise,
    RoutingPlan,
    RoutingRule,
    Share,
    ShareChange,
    Spell,
    Target,
    Wait,
)
from funnel.models.stages import CompanyRule, Definition, StageMove
from funnel.models.training import ContentKind, Training, TrainingContent

__all__ = [
    "APPROVERS",
    "BANT",
    "AgreedVersion",
    "Answer",
    "Assignment",
    "BestChannel",
    "ChecklistItem",
    "CloseReason",
    "ClosedCycle",
    "Closing",
    "ClosingSight",
    "CompanyRule",
    "ContentKind",
    "Customer",
    "CustomerChange",
    "CycleOutcome",
    "Deal",
    "DealChange",
    "DealLine",
    "DealStatus",
    "DealSum",
    "Definition",
    "Disposition",
    "DispositionKind",
    "Doer",
    "Forecast",
    "Handover",
    "Health",
    "HealthPlan",
    "HealthRule",
    "ItemState",
    "Lack",
    "LetterState",
    "Manner",
    "NextStep",
    "NurturingReturn",
    "OnboardingStep",
    "Onward",
    "Otherwise",
    "Outcome",
    "Pipeline",
    "PipelineStage",
    "Playbook",
    "PlaybookDraft",
    "Product",
    "ProductChange",
    "Qualification",
    "QueueEntry",
    "ReminderDays",
    "Renewal",
    "RenewalChange",
    "RenewalState",
    "RoutingPlan",
    "RoutingRule",
    "Share",
    "ShareChange",
    "Side",
    "Sight",
    "SightChange",
    "Spell",
    "StageMove",
    "Target",
    "Training",
    "TrainingContent",
    "TrainingLetter",
    "Wait",
    "Whose",
]
