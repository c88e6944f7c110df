"""How far figures of few cases can be trusted: 95 % intervals."""

from math import sqrt
from typing import NamedTuple

Z = 1.959963984540054
"""The normal quantile of 97.5 %, for intervals that hold in 95 of 100 samples."""


class Interval(NamedTuple):
    """From `low` to `high`."""

    low: float
    high: float


class Estimate(NamedTuple):
    """A figure and its standard error."""

    value: float
    error: float

    def interval(self, least: float = -1.0, most: float = 1.0) -> Interval:
        """Where the true one lies (Wald), kept between the least and the most it can be."""
        return Interval(
            max(self.value - Z * self.error, least), min(self.value + Z * self.error, most)
        )


def wilson(won: float, cases: float) -> Interval:
    """The score interval of a share.

    E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, Journal
    of the American Statistical Association 22 (1927), 209–212.
    """
    if cases <= 0:
        return Interval(0.0, 1.0)
    share, square = won / cases, Z * Z
    middle = share + square / (2 * cases)
    reach = Z * sqrt((share * (1 - share) + square / (4 * cases)) / cases)
    whole = 1 + square / cases
    low = 0.0 if won == 0 else (middle - reach) / whole
    high = 1.0 if won == cases else (middle + reach) / whole
    return Interval(low, high)


def newcombe(won: float, cases: float, other_won: float, other_cases: float) -> Interval:
    """The interval of the first share less the second, of different cases.

    R. G. Newcombe, “Interval estimation for the difference between independent proportions”,
    Statistics in Medicine 17 (1998), 873–890, method 10.
    """
    if not cases or not other_cases:
        return Interval(-1.0, 1.0)
    one, other = won / cases, other_won / other_cases
    first, second = wilson(won, cases), wilson(other_won, other_cases)
    below = sqrt((one - first.low) ** 2 + (second.high - other) ** 2)
    above = sqrt((first.high - one) ** 2 + (other - second.low) ** 2)
    return Interval(one - other - below, one - other + above)
