"""How well scores put winners before the others, and by how much one version does it better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from scoring.backtest.tallies import Tally, tally_of

Pairs = Mapping[tuple[int, int, bool], int]
"""(score by the one, score by the other, won) → how many cases."""
Weighed = list[tuple[float, int]]
"""Values, and how many cases have each."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Placements:
    """For each score: the part of the losers a winner stands above, of the winners a loser below.

    Equal scores count half. Their means are the area under the curve (DeLong, DeLong,
    Clarke-Pearson, 1988).
    """

    of_won: dict[int, float]
    of_lost: dict[int, float]


def placements(found: Tally) -> Placements:
    """From the highest score down."""
    above = 0
    below = found.lost
    won, lost = max(found.won, 1), max(found.lost, 1)
    of_won, of_lost = {}, {}
    for each in found.levels:
        below -= each.lost
        of_won[each.score] = (below + each.lost / 2) / lost
        of_lost[each.score] = (above + each.won / 2) / won
        above += each.won
    return Placements(of_won, of_lost)


def area(found: Tally) -> Estimate:
    """How often, of a winner and another, the winner has the higher score."""
    places = placements(found)
    won = [(places.of_won[each.score], each.won) for each in found.levels]
    lost = [(places.of_lost[each.score], each.lost) for each in found.levels]
    return Estimate(_mean(won), sqrt(_error(won) + _error(lost)))


def area_difference(pairs: Pairs) -> Estimate:
    """The area of the one minus that of the other, over the same cases."""
    one, other = placements(first_of(pairs)), placements(second_of(pairs))
    won = [(one.of_won[a] - other.of_won[b], n) for (a, b, w), n in pairs.items() if w]
    lost = [(one.of_lost[a] - other.of_lost[b], n) for (a, b, w), n in pairs.items() if not w]
    return Estimate(_mean(won), sqrt(_error(won) + _error(lost)))


def caught_difference(pairs: Pairs, share: float) -> Estimate:
    """Winners among the best `share` by the one minus by the other, as a part of all winners.

    The error is that of the winners' own differences, with both cuts taken as given.
    """
    one, other = first_of(pairs).taken(share), second_of(pairs).taken(share)
    won = [(one[a] - other[b], n) for (a, b, is_won), n in pairs.items() if is_won]
    return Estimate(_mean(won), sqrt(_error(won)))


def first_of(pairs: Pairs) -> Tally:
    """What the one version gave."""
    return _side((a, is_won, n) for (a, _, is_won), n in pairs.items())


def second_of(pairs: Pairs) -> Tally:
    """What the other gave."""
    return _side((b, is_won, n) for (_, b, is_won), n in pairs.items())


def _side(rows: Iterable[tuple[int, bool, int]]) -> Tally:
    counts: dict[tuple[int, bool], int] = {}
    for score, is_won, n in rows:
        counts[score, is_won] = counts.get((score, is_won), 0) + n
    return tally_of(counts)


def _mean(values: Weighed) -> float:
    return sum(value * n for value, n in values) / max(sum(n for _, n in values), 1)


def _error(values: Weighed) -> float:
    """The variance of the mean."""
    count = sum(n for _, n in values)
    if count < 2:
        return 0.0
    mean = _mean(values)
    return sum(n * (value - mean) ** 2 for value, n in values) / (count - 1) / count
