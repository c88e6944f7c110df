"""What follows from scores, said by the apps above: the table is `leadmgmt/effects.py`.

Scoring works out whom a version would move, and lets effects go little by little; which leads
become MQLs by it, and what follows from that, is known above. So it asks this table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

MQL = "mql"
"""The effect from which all others follow."""


@dataclass(frozen=True)
class Supposed:
    """Leads with the scores they would have; the four are of equal length."""

    ids: list[UUID] = field(default_factory=list)
    scores: list[int | None] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    grades: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    """Open leads of somebody, or of nobody yet (`owner` None), now and afterwards."""

    owner: UUID | None
    name: str
    now: int
    then: int


@dataclass(frozen=True)
class Effect:
    """Something that can follow when leads become MQLs, and that a release may leave out.

    `name` as the API calls it, `label` a lazy translation. `concerned`: of these new MQLs, those
    it would concern, by what it does (the name of a sequence, say).
    """

    name: str
    label: Any
    concerned: Callable[[Sequence[UUID]], Mapping[str, Sequence[UUID]]]


@dataclass(frozen=True)
class Following:
    """The table: who would become an MQL, what would follow, and what reps would have to do."""

    supposed_mqls: Callable[[Supposed, datetime], Sequence[UUID]]
    mqls: Callable[[Sequence[UUID], datetime], Sequence[UUID]]
    effects: Sequence[Effect]
    load: Callable[[Sequence[UUID]], Sequence[Load]]


def _nobody(*_: object) -> Sequence[Any]:
    return ()


_following = Following(_nobody, _nobody, (), _nobody)


def bind(following: Following) -> None:
    """Ask `following` from now on (the composition root does, at start-up)."""
    global _following
    _following = following


def following() -> Following:
    """The table in force."""
    return _following


def names() -> tuple[str, ...]:
    """Everything a release can let go, becoming an MQL first."""
    return (MQL, *(each.name for each in _following.effects))
