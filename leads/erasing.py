"""What the apps above must forget of a lead that is erased, where nothing hangs on the lead.

The table is `leadmgmt/erasing.py`. Rows that refer to a lead by a cascading reference need no
line there: they are found by themselves (`leads.hanging`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Gone:
    """Leads that were taken out for good.

    `addresses`: what they were known by, emails in small letters, telephones, external ids.
    `loose`: `table.column` → rows that named them until now.
    """

    lead_ids: Sequence[UUID]
    addresses: Sequence[str]
    loose: Mapping[str, Sequence[UUID]]


Counts = Mapping[str, int]
Eraser = Callable[[Gone], Counts]
"""Forgets set-wise; how many rows of which table."""

_erasers: Sequence[Eraser] = ()


def bind(erasers: Sequence[Eraser]) -> None:
    """Make these the erasers in force (the composition root does, at start-up)."""
    global _erasers
    _erasers = erasers


def forget_above(gone: Gone) -> dict[str, int]:
    """Let every app above forget; how many rows of which table."""
    return {table: count for each in _erasers for table, count in each(gone).items() if count}
