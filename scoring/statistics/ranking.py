"""How well values put those who won before the others: the area under the ROC curve.

E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, “Comparing the areas under two or more correlated
receiver operating characteristic curves: a nonparametric approach”, Biometrics 44 (1988), 837–845;
worked out from ranks, as X. Sun and W. Xu, “Fast implementation of DeLong's algorithm …”, IEEE
Signal Processing Letters 21 (2014), 1389–1393.
"""

from typing import NamedTuple

import numpy as np

from scoring.statistics.intervals import Estimate


class Placements(NamedTuple):
    """Of each winner the part of the losers below, of each loser the part of the winners above.

    Equal values count half. The mean of either is the area.
    """

    of_won: np.ndarray
    of_lost: np.ndarray


def ranks(values: np.ndarray) -> np.ndarray:
    """The rank of each value from 1; equal ones share the middle of theirs."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[codes]


def placements(values: np.ndarray, is_won: np.ndarray) -> Placements:
    """Needs a winner and a loser."""
    won, lost = values[is_won], values[~is_won]
    together = ranks(np.concatenate([won, lost]))
    of_won = (together[: len(won)] - ranks(won)) / len(lost)
    of_lost = 1 - (together[len(won) :] - ranks(lost)) / len(won)
    return Placements(of_won, of_lost)


def auc(values: np.ndarray, is_won: np.ndarray) -> Estimate:
    """How often, of one who won and one who did not, the former has the higher value."""
    return _area(placements(values, is_won))


def auc_difference(one: np.ndarray, other: np.ndarray, is_won: np.ndarray) -> Estimate:
    """The area of the one less that of the other, over the same cases."""
    first, second = placements(one, is_won), placements(other, is_won)
    gaps = Placements(first.of_won - second.of_won, first.of_lost - second.of_lost)
    return _area(gaps)


def mean_of(values: np.ndarray) -> Estimate:
    """The mean of a sample; a single value has no error anybody knows."""
    error = float(np.sqrt(np.var(values, ddof=1) / len(values))) if len(values) > 1 else 0.0
    return Estimate(float(values.mean()), error)


def _area(found: Placements) -> Estimate:
    won, lost = mean_of(found.of_won), mean_of(found.of_lost)
    return Estimate(won.value, float(np.hypot(won.error, lost.error)))
