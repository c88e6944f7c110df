"""Which leads a statement works on, and the statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Batch:
    """Which leads: text to follow a column, and its values."""

    text: str
    values: dict[str, Any]


def these(lead_ids: Sequence[UUID]) -> Batch:
    """A list of leads."""
    return Batch("= ANY(%(leads)s::uuid[])", {"leads": list(lead_ids)})


def between(first: UUID, last: UUID) -> Batch:
    """All leads from one id to another."""
    return Batch("BETWEEN %(first)s AND %(last)s", {"first": first, "last": last})


@dataclass(frozen=True)
class Statement:
    """SQL and its named values."""

    text: str
    values: dict[str, Any]
