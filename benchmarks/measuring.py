"""Measuring in turns: ours, the reference, ours, …; medians, and what a goal says of them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 3


@dataclass(frozen=True)
class Goal:
    """What BENCHMARKS asks: a floor that must hold and an aim; `is_cost`: less is better.

    Without a floor a figure is only told.
    """

    name: str
    about: str
    floor: float | None
    aim: float | None
    unit: str
    is_cost: bool = False

    def verdict(self, ratio: float) -> str:
        """How a ratio stands to the goal."""
        if self.aim is None or self.floor is None:
            return "told"
        if self._reaches(ratio, self.aim):
            return "aim"
        return "floor" if self._reaches(ratio, self.floor) else "MISSED"

    def _reaches(self, ratio: float, bar: float) -> bool:
        return ratio <= bar if self.is_cost else ratio >= bar


@dataclass(frozen=True)
class Outcome:
    """Our figure and the reference's, in the goal's unit."""

    goal: Goal
    ours: float
    reference: float

    @property
    def ratio(self) -> float:
        """Ours / reference."""
        return self.ours / self.reference

    @property
    def verdict(self) -> str:
        """How it stands to the goal."""
        return self.goal.verdict(self.ratio)


def in_turns(
    ours: Callable[[], float], reference: Callable[[], float], rounds: int = ROUNDS
) -> tuple[float, float]:
    """The medians of both after one warm-up each, measured one after the other."""
    ours()
    reference()
    pairs = [(ours(), reference()) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(
        pair[1] for pair in pairs
    )


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def p95(durations: list[float]) -> float:
    """The 95th percentile (nearest rank)."""
    ordered = sorted(durations)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
