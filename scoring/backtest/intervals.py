"""How far a share measured on some cases may be from the true one: 95 % intervals."""

from math import sqrt

Z = 1.959963984540054  # 95 % of a normal distribution lie within so many standard errors


def wilson(won: float, cases: float) -> tuple[float, float]:
    """The interval of a share (Wilson, 1927), which holds for few cases and near 0 and 1 too."""
    if cases <= 0:
        return 0.0, 1.0
    share = won / cases
    middle = share + Z**2 / (2 * cases)
    width = Z * sqrt(share * (1 - share) / cases + Z**2 / (4 * cases**2))
    scale = 1 + Z**2 / cases
    return max((middle - width) / scale, 0.0), min((middle + width) / scale, 1.0)


def difference(won: float, cases: float, won_others: float, others: float) -> tuple[float, float]:
    """The interval of the difference of two shares of different cases (Newcombe, 1998)."""
    if not cases or not others:
        return -1.0, 1.0
    share, other = won / cases, won_others / others
    low, high = wilson(won, cases)
    other_low, other_high = wilson(won_others, others)
    return (
        share - other - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        share - other + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )


def around(value: float, error: float, low: float = -1.0, high: float = 1.0) -> tuple[float, float]:
    """The interval of an estimate with this standard error, kept between what it can be."""
    return max(value - Z * error, low), min(value + Z * error, high)
