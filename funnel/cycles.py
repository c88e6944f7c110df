"""What each app tells about a qualification cycle that is being closed.

The table is `leadmgmt/cycles.py`; this app only knows that there are parts. What a part tells is
kept as JSON and never told anew, so it holds names and words rather than ids alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Closing:
    """One lead whose cycle of this number, begun then, is being closed now."""

    lead_id: UUID
    number: int
    begun_at: datetime
    closed_at: datetime

    def has(self, moment: datetime | None) -> bool:
        """Whether a moment lies in the cycle."""
        if moment is None or moment > self.closed_at:
            return False
        return self.number == 1 or self.begun_at <= moment


Tell = Callable[[Sequence[Closing]], Mapping[UUID, Any]]
"""Set-wise: what there is to tell of each lead, as JSON; leads without anything are left out."""


@dataclass(frozen=True)
class Part:
    """One chapter of the story: its key, its title, the template that shows it, and who tells it.

    `title` is a lazy translation. The template is given what was told as `told`.
    """

    name: str
    title: Any
    template: str
    tell: Tell


_parts: Sequence[Part] = ()


def bind(parts: Sequence[Part]) -> None:
    """Make these the parts in force (the composition root does, at start-up)."""
    global _parts
    _parts = parts


def parts() -> Sequence[Part]:
    """The chapters in their order."""
    return _parts


def stories(closings: Sequence[Closing]) -> dict[UUID, dict[str, Any]]:
    """Lead → chapter → what is told."""
    told: dict[UUID, dict[str, Any]] = {each.lead_id: {} for each in closings}
    for part in _parts:
        for lead_id, chapter in part.tell(closings).items():
            told[lead_id][part.name] = chapter
    return told
