"""How well chances fit cases the model has not seen."""

from typing import Any

import numpy as np

from scoring.statistics.intervals import wilson
from scoring.statistics.ranking import auc

BINS = 10


def judged(chances: np.ndarray, is_won: np.ndarray) -> dict[str, Any]:
    """Area under the curve with its interval, Brier score beside the guess, calibration."""
    area = auc(chances, is_won)
    low, high = area.interval(least=0.0)
    share = float(is_won.mean())
    return {
        "cases": len(is_won),
        "won": int(is_won.sum()),
        "auc": area.value,
        "auc_low": low,
        "auc_high": high,
        "brier": float(((chances - is_won) ** 2).mean()),
        "brier_guess": share * (1 - share),
        "bins": _bins(chances, is_won),
    }


def _bins(chances: np.ndarray, is_won: np.ndarray) -> list[dict[str, float]]:
    """Tenths of the cases from the lowest chance to the highest."""
    order = np.argsort(chances, kind="stable")
    bins = []
    for part in np.array_split(order, BINS):
        if len(part):
            low, high = wilson(int(is_won[part].sum()), len(part))
            bins.append(
                {
                    "cases": len(part),
                    "expected": float(chances[part].mean()),
                    "won": float(is_won[part].mean()),
                    "low": low,
                    "high": high,
                }
            )
    return bins


def shift(before: np.ndarray, after: np.ndarray) -> float:
    """Population stability index of two distributions over the same levels.

    Σ (after − before) · ln(after / before); below 0.1 nothing moved, above 0.25 much did.
    """
    floor = 1e-4
    one, two = np.maximum(before, floor), np.maximum(after, floor)
    return float(((two - one) * np.log(two / one)).sum())
