"""The queue: whom to call now, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet

from funnel.deadlines import Deadline, deadlines_of
from funnel.models import NextStep, StageMove
from leadmgmt.workspaces.models import Member
from leads.models import Lead, LeadClass, Stage

WORKING_SET = 500  # of a longer pool the oldest are sorted; their deadlines end first
URGENCY = {LeadClass.HOT: 0, LeadClass.WARM: 1, LeadClass.COLD: 2}
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class QueueEntry:
    """One line of the queue. `due_at`: when something must be done, if anything."""

    lead: Lead
    deadline: Deadline | None
    next_step: NextStep | None

    @property
    def due_at(self) -> datetime | None:
        """The nearer of deadline and promised next step."""
        open_deadline = self.deadline.due_at if self.deadline and self.deadline.is_open else None
        promised = self.next_step.due_at if self.next_step else None
        return min((each for each in (open_deadline, promised) if each), default=None)

    @property
    def order(self) -> tuple[datetime, int, int, datetime]:
        """Deadline first, then class, then score, then who has waited longest."""
        urgency = URGENCY.get(LeadClass(self.lead.lead_class), 3) if self.lead.lead_class else 3
        return (
            self.due_at or NEVER,
            urgency,
            -(self.lead.score or 0),
            self.lead.stage_entered_at,
        )


def pool(*, now: datetime) -> list[QueueEntry]:
    """MQLs that nobody has claimed, most urgent first."""
    waiting = Lead.objects.filter(stage=Stage.MQL, owner=None)
    return _in_order(waiting.order_by("stage_entered_at", "id"))


def held_by(member: Member, *, now: datetime) -> list[QueueEntry]:
    """MQLs and SQLs of one rep, most urgent first."""
    held = Lead.objects.filter(owner=member, stage__in=(Stage.MQL, Stage.SQL))
    return _in_order(held.order_by("stage_entered_at", "id"))


def entry_of(lead: Lead) -> QueueEntry:
    """One lead as the queue would show it."""
    return _entries([lead])[0]


def last_moves(lead_ids: Iterable[UUID]) -> Mapping[UUID, StageMove]:
    """The latest move of each lead that ever moved."""
    moves = (
        StageMove.objects.filter(lead_id__in=list(lead_ids))
        .order_by("lead_id", "-moved_at", "-id")
        .distinct("lead_id")
        .select_related("definition", "by")
    )
    return {move.lead_id: move for move in moves}


def _in_order(leads: QuerySet[Lead]) -> list[QueueEntry]:
    found = leads.select_related("company")[:WORKING_SET]
    return sorted(_entries(list(found)), key=lambda entry: entry.order)


def _entries(leads: Sequence[Lead]) -> list[QueueEntry]:
    ids = [lead.pk for lead in leads]
    deadlines = deadlines_of(ids)
    steps = {step.lead_id: step for step in NextStep.objects.filter(lead_id__in=ids, done_at=None)}
    return [QueueEntry(lead, deadlines.get(lead.pk), steps.get(lead.pk)) for lead in leads]
