"""Which leads a statement works on, where it reads them, and the statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from leads.conditions.sql.pieces import Among, Between


@dataclass(frozen=True)
class Batch:
    """Which leads: text to follow a column, its values, and the same for conditions."""

    text: str
    values: dict[str, Any]
    among: Among = None


def these(lead_ids: Sequence[UUID]) -> Batch:
    """A list of leads."""
    ids = list(lead_ids)
    return Batch("= ANY(%(leads)s::uuid[])", {"leads": ids}, ids)


def between(first: UUID, last: UUID) -> Batch:
    """All leads from one id to another."""
    values = {"first": first, "last": last}
    return Batch("BETWEEN %(first)s AND %(last)s", values, Between(first, last))


EVERYBODY = Batch("IS NOT NULL", {})


@dataclass(frozen=True)
class Statement:
    """SQL and its named values."""

    text: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Where leads and hits are read: what is known now, unless it says otherwise.

    `leads`: a relation with the columns of leads_lead, such as leads as they once were. `hits`:
    a query for lead_id, pattern, day and count. `day`: SQL for the day that is “today” for a hit
    (the row `hit`); empty when it is one and the same, that of the calendar. Where it differs from
    lead to lead, the calendar's `column` says the same of the row `lead`, for conditions.
    """

    leads: str = "leads_lead"
    hits: str = ""
    day: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_now(self) -> bool:
        """Leads are read as they are known now."""
        return self.leads == "leads_lead"


STORED = Source()
