"""Deadlines in the queue: the funnel shows them, and somebody above the funnel knows them.

The funnel stands below the SLA, so it asks through a slot that the composition root fills at
start-up (`bind`). With an empty slot there are no deadlines and nothing breaks. There are two
ways to ask: for the deadlines of a few leads, and in SQL, for statements about many.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class DeadlineState(StrEnum):
    """How a promise to a lead stands."""

    RUNNING = "running"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True)
class Deadline:
    """When somebody must have tried to reach a lead; `started_at` lets the last quarter show."""

    due_at: datetime
    state: DeadlineState | str = DeadlineState.RUNNING
    started_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Is something still to be done about it?"""
        return self.state != DeadlineState.MET

    def tone(self, now: datetime) -> str:
        """How it looks: `calm`, `soon` in the last quarter, `late` when gone."""
        if now >= self.due_at or self.state == DeadlineState.BREACHED:
            return "late"
        started_at = self.started_at
        if started_at and self.due_at - now <= (self.due_at - started_at) / 4:
            return "soon"
        return "calm"


Provider = Callable[[Sequence[UUID]], Mapping[UUID, Deadline]]


def _nobody_knows(lead_ids: Sequence[UUID]) -> Mapping[UUID, Deadline]:
    return {}


NONE = """
SELECT NULL::uuid AS workspace_id, NULL::uuid AS lead_id, NULL::timestamptz AS due_at WHERE false
"""

_provider: Provider = _nobody_knows
_relation = NONE


def bind(provider: Provider, relation: str = NONE) -> None:
    """Let `provider` say the deadlines of leads (the composition root does, at start-up).

    `relation`: a SELECT of workspace_id, lead_id, due_at of every open deadline; one each.
    """
    global _provider, _relation
    _provider, _relation = provider, relation


def open_deadlines() -> str:
    """The SELECT that knows every open deadline."""
    return _relation


def deadlines_of(lead_ids: Sequence[UUID]) -> Mapping[UUID, Deadline]:
    """The current deadline of each lead that has one."""
    return _provider(lead_ids) if lead_ids else {}
