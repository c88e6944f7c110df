"""When cases are enough to say anything, and what they say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

FEWEST_OF_EACH = 30
"""Cases won, and cases not won. Below it the normal approximation behind the interval of a
difference is not to be trusted (the usual rule of 30 for the mean of a skewed value), and an area
under the curve of 0.7 has an interval wider than 0.2 (Hanley, McNeil, 1982)."""

MANY_OF_EACH = 100
"""From here on a score is validated as the literature asks for it: at least 100 events and 100
non-events (Vergouwe et al., J Clin Epidemiol 2005; Collins, Ogundimu, Altman, Stat Med 2016).
Between the two, the verdict is told as a hint."""

BEST = 0.2
"""A queue is worked from the top: what the best fifth catches is what a version is judged by."""


class Verdict(StrEnum):
    """What a back-test says."""

    TOO_FEW = "too_few"
    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    UNSURE = "unsure"
    ORDERS = "orders"
    RANDOM = "random"
    REVERSED = "reversed"


def is_enough(cases: int, won: int) -> bool:
    """Whether anything is said at all."""
    return min(won, cases - won) >= FEWEST_OF_EACH


def is_thin(cases: int, won: int) -> bool:
    """Whether what is said is but a hint."""
    return min(won, cases - won) < MANY_OF_EACH


def verdict_of(
    area: Mapping[str, Any], gap: Mapping[str, Any] | None, *, is_same: bool = False
) -> Verdict:
    """By the interval of what the best fifth catches more; alone, by that of the area."""
    if is_same:
        return Verdict.SAME
    if gap is not None:
        if gap["low"] > 0:
            return Verdict.BETTER
        return Verdict.WORSE if gap["high"] < 0 else Verdict.UNSURE
    if area["low"] > 0.5:
        return Verdict.ORDERS
    return Verdict.REVERSED if area["high"] < 0.5 else Verdict.RANDOM
