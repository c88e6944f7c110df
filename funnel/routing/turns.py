"""Whose turn it is: a smooth round robin with weights.

Each turn adds to everybody who may get the lead their weight, gives it to whoever has most, and
takes from them what was added to all. So members come mixed rather than in rows, and over any
number of turns nobody is more than about a turn off their share.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

MOST_CREDIT = 1_000_000  # far from what the column holds, further than turns ever get


@dataclass
class Seat:
    """One member in one team: what they get, and how their turns stand."""

    id: UUID
    team_id: UUID
    member_id: UUID
    weight: int = 1
    capacity: int | None = None
    territory: int | None = None  # which column of the answers says whether a lead is theirs
    credit: int = 0

    @property
    def order(self) -> tuple[int, str]:
        """Who has most credit comes first; among equals always the same."""
        return (-self.credit, str(self.member_id))


@dataclass
class Held:
    """How many open leads each member has, as they are handed out."""

    counts: dict[UUID, int] = field(default_factory=dict)

    def of(self, member_id: UUID) -> int:
        """None is nobody's first."""
        return self.counts.get(member_id, 0)

    def add(self, member_id: UUID, number: int = 1) -> None:
        """More of them, or fewer."""
        self.counts[member_id] = self.of(member_id) + number


def take_turn(eligible: Sequence[Seat]) -> Seat:
    """The seat whose turn it is among these; their credits move on."""
    total = sum(each.weight for each in eligible)
    for each in eligible:
        each.credit = min(each.credit + each.weight, MOST_CREDIT)
    chosen = min(eligible, key=lambda each: each.order)
    chosen.credit = max(chosen.credit - total, -MOST_CREDIT)
    return chosen
