"""Intervals of shares and differences, against the tables they were published with."""

from math import comb

import pytest

from scoring.indicators.verdicts import FEWEST
from scoring.statistics.intervals import newcombe, wilson


@pytest.mark.parametrize(
    ("won", "cases", "low", "high"),
    [
        # R. G. Newcombe, “Two-sided confidence intervals for the single proportion”,
        # Statistics in Medicine 17 (1998), 857–872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_of_a_share_is_wilsons(won: int, cases: int, low: float, high: float) -> None:
    found = wilson(won, cases)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        # Newcombe, “Interval estimation for the difference between independent proportions”,
        # Statistics in Medicine 17 (1998), 873–890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((3, 7), (0, 0), -1.0, 1.0),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = newcombe(*one, *other)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("cases", "share"), [(12, 0.1), (40, 0.25), (200, 0.5)])
def test_about_nineteen_samples_in_twenty_hold_the_true_share(cases: int, share: float) -> None:
    def chance(won: int) -> float:
        return comb(cases, won) * share**won * (1 - share) ** (cases - won)

    held = [
        won
        for won in range(cases + 1)
        if wilson(won, cases).low <= share <= wilson(won, cases).high
    ]
    assert sum(map(chance, held)) == pytest.approx(0.95, abs=0.025)


def test_fewer_cases_than_needed_leave_more_than_thirty_points_of_doubt() -> None:
    def width(cases: int) -> float:
        shares = [each / cases for each in range(cases + 1) if 0.25 <= each / cases <= 0.75]
        return min(
            wilson(round(share * cases), cases).high - wilson(round(share * cases), cases).low
            for share in shares
        )

    assert width(FEWEST - 1) > 0.3
    assert width(FEWEST) > 0.29
    assert width(FEWEST + 10) < 0.3
