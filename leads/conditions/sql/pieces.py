"""Pieces of SQL with their values, and what they are written for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leads.conditions.calendar import Calendar
from leads.conditions.currency import minor_digits


@dataclass(frozen=True)
class Sql:
    """A piece of SQL and the values of its placeholders."""

    text: str
    params: tuple[Any, ...] = ()

    def inside(self, before: str, after: str = "") -> "Sql":
        """The same between two pieces without values."""
        return Sql(f"{before}{self.text}{after}", self.params)

    def named(self, prefix: str) -> tuple[str, dict[str, Any]]:
        """The same with named placeholders, to stand in a larger statement."""
        pieces = self.text.split("%s")
        names = [f"{prefix}_{number}" for number in range(len(self.params))]
        text = "".join(
            piece + (f"%({name})s" if name else "")
            for piece, name in zip(pieces, [*names, ""], strict=True)
        )
        return text, dict(zip(names, self.params, strict=True))


def joined(separator: str, pieces: Iterable[Sql]) -> Sql:
    """Pieces one after the other."""
    pieces = list(pieces)
    text = separator.join(piece.text for piece in pieces)
    return Sql(text, tuple(param for piece in pieces for param in piece.params))


@dataclass(frozen=True)
class Between:
    """All leads from one id to another."""

    first: UUID
    last: UUID


Among = Sequence[UUID] | Between | None
"""Which leads matter; None: all of them."""


# The fact `activity` belongs to the present cycle of its lead. Leads in later cycles have an index
# of their own.
IN_CYCLE = """NOT EXISTS (
    SELECT FROM leads_lead AS begun
    WHERE begun.workspace_id = activity.workspace_id AND begun.id = activity.lead_id
      AND begun.cycle_began_at IS NOT NULL AND begun.cycle_began_at > activity.occurred_at
)"""


@dataclass(frozen=True)
class Setting:
    """What the SQL is for: which calendar, which alias, and which leads alone matter.

    `digits`: how many digits the workspace's currency has behind the point. `is_in_cycle`: only
    facts of the present cycle of each lead count.
    """

    calendar: Callable[[], Calendar]
    alias: str = "lead"
    among: Among = None
    digits: Callable[[], int] = minor_digits
    is_in_cycle: bool = False

    def lead_in(self, rows: Sql) -> Sql:
        """The lead is one of those whose `lead_id` these rows give."""
        return rows.inside(f"({self.alias}.id IN (", "))")

    def whose(self, alias: str) -> Sql:
        """Rows of other tables about the leads that matter; `alias` is theirs."""
        if self.among is None:
            return Sql(f"{alias}.lead_id IS NOT NULL")
        if isinstance(self.among, Between):
            between = (self.among.first, self.among.last)
            return Sql(f"{alias}.lead_id BETWEEN %s AND %s", between)
        return Sql(f"{alias}.lead_id = ANY(%s::uuid[])", (list(self.among),))
