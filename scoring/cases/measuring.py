"""How well something tells those who reached the outcome from the others."""

import numpy as np


def ranks(values: np.ndarray) -> np.ndarray:
    """The rank of each value from 1; equal ones share the middle of theirs."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[codes]


def auc(values: np.ndarray, is_won: np.ndarray) -> float:
    """How often, of one who won and one who did not, the former has the higher value."""
    won = int(is_won.sum())
    lost = len(is_won) - won
    return float((ranks(values)[is_won].sum() - won * (won + 1) / 2) / (won * lost))


def auc_error(values: np.ndarray, is_won: np.ndarray) -> float:
    """The standard error of the area, as DeLong, DeLong and Clarke-Pearson (1988) estimate it."""
    won, lost = values[is_won], values[~is_won]
    together = ranks(np.concatenate([won, lost]))
    above = (together[: len(won)] - ranks(won)) / len(lost)
    below = 1 - (together[len(won) :] - ranks(lost)) / len(won)
    return float(np.sqrt(np.var(above, ddof=1) / len(won) + np.var(below, ddof=1) / len(lost)))
