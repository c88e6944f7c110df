"""The regression and its figures, against an independent implementation."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from scoring.predicting.judging import judged, shift
from scoring.predicting.learning import fit

SIZES = [4, 3, 6]


@pytest.fixture(scope="module")
def drawn() -> tuple[list[np.ndarray], np.ndarray]:
    chance = np.random.default_rng(5)
    levels = [chance.integers(0, size, 20_000) for size in SIZES]
    odds = 0.8 * (levels[0] == 2) - 1.1 * (levels[1] == 0) + 0.3 * (levels[2] == 5) - 2
    return levels, chance.random(20_000) < 1 / (1 + np.exp(-odds))


@pytest.mark.parametrize("penalty", [0.5, 3.0, 100.0])
def test_the_weights_are_those_of_the_oracle(
    drawn: tuple[list[np.ndarray], np.ndarray], penalty: float
) -> None:
    levels, is_won = drawn
    table = np.concatenate(
        [np.eye(size)[level] for size, level in zip(SIZES, levels, strict=True)], axis=1
    )
    oracle = LogisticRegression(C=1 / penalty, tol=1e-12, max_iter=10_000).fit(table, is_won)
    base, weights = fit(levels, SIZES, is_won, penalty=penalty)
    assert np.allclose(weights, oracle.coef_[0], atol=1e-4)
    assert base == pytest.approx(oracle.intercept_[0], abs=1e-4)


def test_rare_outcomes_keep_their_share(drawn: tuple[list[np.ndarray], np.ndarray]) -> None:
    levels, is_won = drawn
    rare = is_won & (np.arange(len(is_won)) % 9 == 0)
    base, weights = fit(levels, SIZES, rare)
    starts = np.concatenate([[0], np.cumsum(SIZES)[:-1]])
    odds = base + sum(weights[level + start] for level, start in zip(levels, starts, strict=True))
    assert (1 / (1 + np.exp(-odds))).mean() == pytest.approx(rare.mean(), abs=1e-9)


def test_a_level_nobody_has_weighs_nothing(drawn: tuple[list[np.ndarray], np.ndarray]) -> None:
    levels, is_won = drawn
    _, weights = fit(levels, [4, 3, 7], is_won)
    assert weights[-1] == pytest.approx(0)


def test_the_figures_are_those_of_the_oracle() -> None:
    chance = np.random.default_rng(7)
    chances = np.round(chance.random(3_000), 2)  # with many ties
    is_won = chance.random(3_000) < chances**2
    said = judged(chances, is_won)
    assert said["auc"] == pytest.approx(roc_auc_score(is_won, chances))
    assert said["brier"] == pytest.approx(brier_score_loss(is_won, chances))
    assert sum(each["cases"] for each in said["bins"]) == 3_000
    assert all(each["low"] <= each["won"] <= each["high"] for each in said["bins"])


def test_a_shift_is_the_stability_index() -> None:
    assert shift(np.array([0.5, 0.5]), np.array([0.5, 0.5])) == 0
    assert shift(np.array([0.5, 0.5]), np.array([0.8, 0.2])) == pytest.approx(0.4159, abs=1e-3)
