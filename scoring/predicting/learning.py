"""Logistic regression with a ridge, by Newton's method."""

from collections.abc import Iterator, Sequence

import numpy as np

PENALTY = 3.0
SLICE = 8_192  # cases at a time: the whole table of zeros and ones never stands in memory
MOST_STEPS = 50
TOLERANCE = 1e-9


def fit(
    levels: Sequence[np.ndarray],
    sizes: Sequence[int],
    is_won: np.ndarray,
    *,
    penalty: float = PENALTY,
) -> tuple[float, np.ndarray]:
    """Intercept and a weight for each level of each feature, one after the other.

    Minimises −Σ log-likelihood + penalty/2 · Σ weight²; the intercept is free, so the mean of the
    chances is the share that won, however rare winning is: nothing is weighted or repeated.
    """
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    places = np.stack([level + start for level, start in zip(levels, starts, strict=False)], axis=1)
    won = is_won.astype(float)
    weights = np.zeros(starts[-1] + 1)  # the intercept stands last
    weights[-1] = np.log((won.mean() + 1e-9) / (1 - won.mean() + 1e-9))
    ridge = np.append(np.full(starts[-1], penalty), 0.0)
    for _ in range(MOST_STEPS):
        slope, curve = _derivatives(places, won, weights)
        step = np.linalg.solve(curve + np.diag(ridge), slope - ridge * weights)
        step = _shortened(places, won, weights, step, ridge)
        weights = weights + step
        if np.abs(step).max() < TOLERANCE:
            break
    return float(weights[-1]), weights[:-1]


def _derivatives(
    places: np.ndarray, won: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First and (negative) second derivative of the log-likelihood."""
    size = len(weights)
    slope, curve = np.zeros(size), np.zeros((size, size))
    for part in _slices(len(won)):
        table = _table(places[part], size)
        chances = 1 / (1 + np.exp(-(table @ weights)))
        slope += table.T @ (won[part] - chances)
        curve += table.T @ (table * (chances * (1 - chances))[:, None])
    return slope, curve


def _shortened(
    places: np.ndarray, won: np.ndarray, weights: np.ndarray, step: np.ndarray, ridge: np.ndarray
) -> np.ndarray:
    """The step, halved as long as it leads uphill."""
    before = _loss(places, won, weights, ridge)
    for _ in range(20):
        if _loss(places, won, weights + step, ridge) <= before + 1e-9 * abs(before):
            break
        step = step / 2
    return step


def _loss(places: np.ndarray, won: np.ndarray, weights: np.ndarray, ridge: np.ndarray) -> float:
    odds = weights[places].sum(axis=1) + weights[-1]
    return float(np.logaddexp(0, odds).sum() - won @ odds + (ridge * weights**2).sum() / 2)


def _table(places: np.ndarray, size: int) -> np.ndarray:
    table = np.zeros((len(places), size))
    np.put_along_axis(table, places, 1.0, axis=1)
    table[:, -1] = 1.0
    return table


def _slices(count: int) -> Iterator[slice]:
    for start in range(0, count, SLICE):
        yield slice(start, start + SLICE)
