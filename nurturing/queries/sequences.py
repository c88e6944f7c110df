"""Where people stand in sequences, and what became of what they were sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from leadmgmt.workspaces.models import VersionState
from leads.models import Lead
from nurturing.models import (
    Enrolment,
    EnrolmentState,
    Message,
    MessageState,
    Sequence,
    SequenceVersion,
    Step,
    StepKind,
    Suppression,
)

LEADS_OFFERED = 20


@dataclass(frozen=True)
class Figures:
    """What became of messages; every rate is of those that were sent (accepted by the server)."""

    sent: int = 0
    opened: int = 0
    clicked: int = 0
    unsubscribed: int = 0
    planned: int = 0
    withheld: int = 0
    failed: int = 0
    uncertain: int = 0

    @property
    def open_rate(self) -> float | None:
        """Opened ÷ sent."""
        return self.opened / self.sent if self.sent else None

    @property
    def click_rate(self) -> float | None:
        """Clicked ÷ sent."""
        return self.clicked / self.sent if self.sent else None

    @property
    def unsubscribe_rate(self) -> float | None:
        """Unsubscribed ÷ sent."""
        return self.unsubscribed / self.sent if self.sent else None


NONE = Figures()
IS_SENT = Q(state=MessageState.SENT)
COUNTS = {
    "sent": Count("id", filter=IS_SENT),
    "opened": Count("id", filter=IS_SENT & Q(opened_at__isnull=False)),
    "clicked": Count("id", filter=IS_SENT & Q(clicked_at__isnull=False)),
    "unsubscribed": Count("id", filter=IS_SENT & Q(unsubscribed_at__isnull=False)),
    "planned": Count("id", filter=Q(state__in=[MessageState.PLANNED, MessageState.SENDING])),
    "withheld": Count("id", filter=Q(state=MessageState.WITHHELD)),
    "failed": Count("id", filter=Q(state=MessageState.FAILED)),
    "uncertain": Count("id", filter=Q(state=MessageState.UNCERTAIN)),
}


@dataclass(frozen=True)
class SequenceRow:
    """A sequence in the list."""

    sequence: Sequence
    running: int
    figures: Figures
    has_draft: bool
    is_published: bool


@dataclass(frozen=True)
class StepRow:
    """A step on the map: how many people stand at it, and how its email did."""

    step: Step
    people: int
    figures: Figures

    @property
    def is_email(self) -> bool:
        """An email, not a wait."""
        return self.step.kind == StepKind.EMAIL


def sequence_rows() -> list[SequenceRow]:
    """Every sequence with its figures, running ones first; four statements."""
    figures = _figures(Message.objects.all(), "sequence")
    running = _running_by("sequence")
    states: dict[UUID, set[str]] = {}
    for sequence_id, state in SequenceVersion.objects.values_list("sequence", "state"):
        states.setdefault(sequence_id, set()).add(state)
    return [
        SequenceRow(
            sequence=each,
            running=running.get(each.pk, 0),
            figures=figures.get(each.pk, NONE),
            has_draft=VersionState.DRAFT in states.get(each.pk, ()),
            is_published=VersionState.PUBLISHED in states.get(each.pk, ()),
        )
        for each in Sequence.objects.select_related("trigger_form").order_by("-is_active", "name")
    ]


def figures_of(sequence: Sequence) -> Figures:
    """What became of everything this sequence sent."""
    return _figures(Message.objects.filter(sequence=sequence), "sequence").get(sequence.pk, NONE)


def step_rows(version: SequenceVersion) -> list[StepRow]:
    """The steps of a version in order, each with the people who stand at it.

    Who waits stands at the wait, though the step they will do next is the one after it.
    """
    figures = _figures(Message.objects.filter(step__version=version), "step")
    running = Enrolment.objects.filter(version=version, state=EnrolmentState.RUNNING)
    next_at = dict(running.values_list("position").annotate(people=Count("id")))
    steps = list(version.steps.all())
    return [
        StepRow(step, _standing_at(step, steps, next_at), figures.get(step.pk, NONE))
        for step in steps
    ]


def older_versions(sequence: Sequence) -> QuerySet[Any]:
    """Retired versions, newest first, with how many people are still on them."""
    still = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.RUNNING))
    retired = sequence.versions.filter(state=VersionState.RETIRED)
    versions: QuerySet[Any] = retired.annotate(people=still).order_by("-number")
    return versions


def messages_of(sequence: Sequence, state: str = "") -> QuerySet[Any]:
    """The messages of a sequence, for the list; of one state or all."""
    messages = Message.objects.filter(sequence=sequence).select_related("lead", "step")
    chosen: QuerySet[Any] = messages.filter(state=state) if state else messages
    return chosen


def people_in(sequence: Sequence) -> QuerySet[Any]:
    """Who is on their way, for the list."""
    people: QuerySet[Any] = Enrolment.objects.filter(
        sequence=sequence, state=EnrolmentState.RUNNING
    ).select_related("lead", "version")
    return people


def leads_to_preview() -> list[Lead]:
    """A few leads with an address, lately active ones first, to see a text filled in for."""
    with_email = Lead.objects.exclude(email="")
    lately = with_email.order_by(F("last_activity_at").desc(nulls_last=True), "-id")
    return list(lately[:LEADS_OFFERED])


def panel_of(lead: Lead) -> dict[str, Any]:
    """The card on the lead's page: where they are, what they got, what they could be put in."""
    enrolments = list(
        Enrolment.objects.filter(lead=lead)
        .select_related("sequence", "version")
        .order_by("-enrolled_at")[:5]
    )
    messages = Message.objects.filter(lead=lead).select_related("step").order_by("-id")
    running = {each.sequence_id for each in enrolments if each.state == EnrolmentState.RUNNING}
    return {
        "enrolments": enrolments,
        "messages_sent": list(messages[:8]),
        "is_suppressed": lead.do_not_email
        or Suppression.objects.filter(email=lead.email.lower()).exists(),
        "open_sequences": [each for each in _taking_people() if each.pk not in running],
    }


def _taking_people() -> Iterable[Sequence]:
    taking = Sequence.objects.filter(is_active=True, versions__state=VersionState.PUBLISHED)
    return taking.order_by("name")


def _standing_at(step: Step, steps: list[Step], next_at: dict[int, int]) -> int:
    before = steps[step.position - 1] if step.position else None
    here = 0 if before and before.kind == StepKind.WAIT else next_at.get(step.position, 0)
    waiting = next_at.get(step.position + 1, 0) if step.kind == StepKind.WAIT else 0
    return here + waiting


def _figures(messages: QuerySet[Any], by: str) -> dict[UUID, Figures]:
    counted = messages.values(by).order_by().annotate(**COUNTS)
    return {row.pop(by): Figures(**row) for row in counted}


def _running_by(column: str) -> dict[UUID, int]:
    running = Enrolment.objects.filter(state=EnrolmentState.RUNNING).values_list(column).order_by()
    return dict(running.annotate(people=Count("id")))
