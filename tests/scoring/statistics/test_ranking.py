"""The area under the curve: by hand, by its definition pair by pair, and against an oracle."""

from math import sqrt
from statistics import variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from scoring.statistics.ranking import auc, auc_difference

Pair = tuple[int, int, bool]
PAIRS = st.lists(
    st.tuples(st.integers(-3, 4), st.integers(0, 3), st.booleans()), min_size=4, max_size=40
).filter(lambda pairs: 1 < sum(won for *_, won in pairs) < len(pairs) - 1)


def area_of(cases: list[tuple[int, bool]]) -> float:
    """Of all pairs of a winner and a loser, how many the winner leads; a tie is half a lead."""
    pairs = [(won, lost) for won, w in cases for lost, other in cases if w and not other]
    return sum(1.0 if won > lost else 0.5 if won == lost else 0.0 for won, lost in pairs) / len(
        pairs
    )


def above(score: int, others: list[int]) -> float:
    return sum(1.0 if score > each else 0.5 if score == each else 0.0 for each in others) / len(
        others
    )


def error_of(cases: list[tuple[int, bool]]) -> float:
    """DeLong's: the spread of how each winner stands among losers, and each loser among winners."""
    won = [score for score, w in cases if w]
    lost = [score for score, w in cases if not w]
    of_won = [above(each, lost) for each in won]
    of_lost = [1 - above(each, won) for each in lost]
    return sqrt(variance(of_won) / len(won) + variance(of_lost) / len(lost))


def gap_of(pairs: list[Pair]) -> tuple[float, float]:
    """The difference of two areas over the same cases, and its error."""
    sides = []
    for side in (0, 1):
        won = [each[side] for each in pairs if each[2]]
        lost = [each[side] for each in pairs if not each[2]]
        sides.append(([above(x, lost) for x in won], [1 - above(x, won) for x in lost]))
    won_gaps = [a - b for a, b in zip(sides[0][0], sides[1][0], strict=True)]
    lost_gaps = [a - b for a, b in zip(sides[0][1], sides[1][1], strict=True)]
    error = sqrt(variance(won_gaps) / len(won_gaps) + variance(lost_gaps) / len(lost_gaps))
    return sum(won_gaps) / len(won_gaps), error


def test_the_area_counts_pairs() -> None:
    # 4 winners × 6 losers: 30s lead 5 and tie 1 (2 × 5.5), 20 leads 2 and ties 3 (3.5), 0 ties 2.
    values = np.array([30, 30, 30, 20, 20, 20, 20, 0, 0, 0])
    is_won = np.array([each == "w" for each in "wwlwlllwll"])
    assert auc(values, is_won).value == pytest.approx((2 * 5.5 + 3.5 + 1) / 24)


def test_ties_count_half_as_the_oracle_counts_them() -> None:
    chance = np.random.default_rng(7)
    values = np.round(chance.random(3_000), 2)
    is_won = chance.random(3_000) < values**2
    assert auc(values, is_won).value == pytest.approx(roc_auc_score(is_won, values))


@given(pairs=PAIRS)
def test_area_error_and_difference_are_what_their_definitions_say(pairs: list[Pair]) -> None:
    one, other, is_won = (np.array(each) for each in zip(*pairs, strict=True))
    cases = [(value, won) for value, _, won in pairs]
    assert auc(one, is_won) == pytest.approx((area_of(cases), error_of(cases)))
    assert auc_difference(one, other, is_won) == pytest.approx(gap_of(pairs), abs=1e-9)
    assert auc_difference(one, one, is_won) == pytest.approx((0, 0))


def test_the_interval_of_the_area_is_as_wide_as_areas_scatter() -> None:
    chance = np.random.default_rng(11)
    found = []
    for _ in range(200):
        is_won = np.arange(300) < 90
        found.append(auc(chance.normal(size=300) + is_won, is_won))
    areas, errors = zip(*found, strict=True)
    assert np.mean(errors) == pytest.approx(np.std(areas), rel=0.15)
