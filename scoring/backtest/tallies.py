"""How many cases won and did not at each score, and what follows from nothing but that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from scoring.statistics.intervals import Estimate
from scoring.statistics.ranking import mean_of

WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 10_000_000)
MOST_BANDS = 10
SHARES = tuple(step / 20 for step in range(21))
"""Of the cases, best first: where gain and lift are read."""

PICKED = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8)
"""Of the cases, about: what other thresholds are told for."""


@dataclass(frozen=True)
class Level:
    """The cases of one score."""

    score: int
    won: int
    lost: int

    @property
    def cases(self) -> int:
        """All of them."""
        return self.won + self.lost


@dataclass(frozen=True)
class Tally:
    """All levels, the highest score first."""

    levels: tuple[Level, ...]

    @property
    def cases(self) -> int:
        """All cases."""
        return sum(each.cases for each in self.levels)

    @property
    def won(self) -> int:
        """Those that reached the outcome."""
        return sum(each.won for each in self.levels)

    @property
    def lost(self) -> int:
        """Those that did not."""
        return sum(each.lost for each in self.levels)

    def at_least(self, score: int) -> tuple[int, int]:
        """How many cases have this score or more, and how many of them won."""
        above = [each for each in self.levels if each.score >= score]
        return sum(each.cases for each in above), sum(each.won for each in above)

    def taken(self, share: float) -> dict[int, float]:
        """Of each score, the part of its cases among the best `share` of all.

        Where the cut falls between cases of one score, none of them is preferred.
        """
        room = share * self.cases
        taken: dict[int, float] = {}
        for each in self.levels:
            taken[each.score] = min(max(room / each.cases, 0.0), 1.0)
            room -= each.cases
        return taken

    def caught(self, share: float) -> float:
        """The part of all winners among the best `share` of the cases."""
        taken = self.taken(share)
        return sum(each.won * taken[each.score] for each in self.levels) / max(self.won, 1)


def tally_of(counts: Mapping[tuple[int, bool], int]) -> Tally:
    """From (score, won) → how many."""
    scores = sorted({score for score, _ in counts}, reverse=True)
    return Tally(
        tuple(
            Level(score, counts.get((score, True), 0), counts.get((score, False), 0))
            for score in scores
        )
    )


def tally(cases: Iterable[tuple[int, bool]]) -> Tally:
    """From a score and an outcome for each case."""
    counts: dict[tuple[int, bool], int] = {}
    for each in cases:
        counts[each] = counts.get(each, 0) + 1
    return tally_of(counts)


def caught_difference(
    one: Sequence[int], other: Sequence[int], is_won: Sequence[bool], share: float
) -> Estimate:
    """Winners among the best `share` by the one less by the other, as a part of all winners.

    The error is that of the winners' own differences, with both cuts taken as given.
    """
    first = tally(zip(one, is_won, strict=True)).taken(share)
    second = tally(zip(other, is_won, strict=True)).taken(share)
    cases = zip(one, other, is_won, strict=True)
    return mean_of(np.array([first[a] - second[b] for a, b, won in cases if won]))


@dataclass(frozen=True)
class Band:
    """Cases with scores from `first` to `last`."""

    first: int
    last: int
    cases: int
    won: int


def bands(found: Tally) -> list[Band]:
    """At most ten bands of a round width with cases in them, the lowest first."""
    if not found.levels:
        return []
    low, high = found.levels[-1].score, found.levels[0].score
    width = next(each for each in WIDTHS if high // each - low // each < MOST_BANDS)
    sums: dict[int, tuple[int, int]] = {}
    for each in reversed(found.levels):
        start = each.score // width * width
        cases, won = sums.get(start, (0, 0))
        sums[start] = (cases + each.cases, won + each.won)
    return [Band(start, start + width - 1, *counts) for start, counts in sums.items()]


def cuts(
    found: Tally, shares: Iterable[float] = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8)
) -> list[int]:
    """The scores that would pick about these shares of the cases, the highest first."""
    running = list(accumulate(each.cases for each in found.levels))
    chosen = []
    for share in shares:
        wanted = share * found.cases
        at = next((at for at, cases in enumerate(running) if cases >= wanted), len(running) - 1)
        chosen.append(found.levels[at].score)
    return sorted(set(chosen), reverse=True)
