"""Tables of nurturing, by noun."""

from nurturing.models.enrolments import Enrolment, EnrolmentState, LeavingReason
from nurturing.models.messages import Link, Message, MessageState, Suppression, SuppressionReason
from nurturing.models.sequences import Sequence, SequenceVersion, Step, StepKind, Trigger

__all__ = [
    "Enrolment",
    "EnrolmentState",
    "LeavingReason",
    "Link",
    "Message",
    "MessageState",
    "Sequence",
    "SequenceVersion",
    "Step",
    "StepKind",
    "Suppression",
    "SuppressionReason",
    "Trigger",
]
