"""Questions about clocks: countdowns, attainment, who was late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from funnel.deadlines import Deadline, DeadlineState
from leadmgmt.workspaces.business_time import BusinessHours
from leads.models import Lead
from sla.models import Clock, Policy

LATEST = 5

OPEN_DEADLINES = "SELECT workspace_id, lead_id, due_at FROM sla_clock WHERE stopped_at IS NULL"
"""What the funnel's queue is ordered by; a lead has one running clock at most."""


@dataclass(frozen=True)
class Attainment:
    """How the promise was kept for deadlines that fell in a period.

    kept = answered by the deadline; missed = not. share = kept / (kept + missed), or None when
    nothing was due. Leads that left the stage unanswered before their deadline are not counted.
    """

    kept: int
    missed: int

    @property
    def due(self) -> int:
        """How many deadlines counted."""
        return self.kept + self.missed

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None when nothing was due."""
        return self.kept / self.due if self.due else None


def policy_in_force() -> Policy | None:
    """The promise as it stands, if there is one."""
    policy: Policy | None = Policy.objects.filter(retired_at=None).first()
    return policy


def office_hours() -> BusinessHours | None:
    """When the office is open, as the promise in force says."""
    policy = Policy.objects.select_related("workspace").filter(retired_at=None).first()
    return policy.business_hours(policy.workspace.time_zone) if policy else None


def attainment(since: datetime, until: datetime, **scope: Any) -> Attainment:
    """Attainment of deadlines in [since, until), optionally of some leads (`lead__owner=…`)."""
    counts = counted_clocks(since, until, **scope).aggregate(
        kept=Count("pk", filter=Q(breached_at=None)),
        missed=Count("pk", filter=Q(breached_at__isnull=False)),
    )
    return Attainment(**counts)


def counted_clocks(since: datetime, until: datetime, **scope: Any) -> QuerySet[Clock]:
    """The clocks behind an attainment."""
    ended = Q(stopped_at__isnull=False) | Q(breached_at__isnull=False)
    due: QuerySet[Clock] = Clock.objects.counted().due_between(since, until)
    return due.filter(ended, **scope)


def clocks_of(lead_ids: Sequence[UUID]) -> dict[UUID, Clock]:
    """The running clock of each lead that has one."""
    running = Clock.objects.running().filter(lead_id__in=lead_ids)
    return {clock.lead_id: clock for clock in running}


def clock_history(lead_id: UUID) -> QuerySet[Clock]:
    """Every clock of one lead, newest first, with who stopped it."""
    of_lead = Clock.objects.filter(lead_id=lead_id).select_related("policy", "stopped_by")
    return of_lead.order_by("-started_at")[:LATEST]


def clocks(state: str) -> QuerySet[Clock]:
    """Clocks for a list: `running`, `missed` or `kept`; by deadline, the most pressing first."""
    chosen = {
        "running": Clock.objects.running().order_by("due_at", "id"),
        "missed": Clock.objects.exclude(breached_at=None).order_by("-due_at", "-id"),
        "kept": Clock.objects.counted().filter(breached_at=None).exclude(stopped_at=None),
    }[state]
    if state == "kept":
        chosen = chosen.order_by("-due_at", "-id")
    return chosen.select_related("lead", "lead__owner", "lead__company", "policy", "stopped_by")


def deadlines(lead_ids: Sequence[UUID]) -> dict[UUID, Deadline]:
    """The running clocks as the funnel's queue shows them."""
    return {lead_id: _deadline(clock) for lead_id, clock in clocks_of(lead_ids).items()}


def _deadline(clock: Clock) -> Deadline:
    state = DeadlineState.BREACHED if clock.breached_at else DeadlineState.RUNNING
    return Deadline(clock.due_at, state, clock.started_at)


def panel_of(lead: Lead) -> dict[str, Any] | None:
    """The card on the lead's page: its clocks, newest first; none when none ever ran."""
    of_lead = list(clock_history(lead.pk))
    return {"clocks": of_lead} if of_lead else None
