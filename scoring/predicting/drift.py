"""Are the leads since the training still like those the model learnt from?"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from scoring.cases import Cases, Study, find_cases
from scoring.models import PredictiveModel
from scoring.predicting.features import Weights, chance
from scoring.predicting.judging import BINS, shift
from scoring.predicting.leveling import levels_of
from scoring.statistics.intervals import wilson

FEWEST = 100  # leads before anything is said
MOST = 20_000
MOVED, DRIFTED = 0.1, 0.25
"""Stability index from which a distribution has moved, and from which it is another one."""


def measure_drift(model: PredictiveModel, now: datetime) -> dict[str, Any]:
    """How the leads decided about since the training differ, and whether their chances came true.

    They are read as they were known at their decision moment, as those learnt from were.
    """
    study, weights = Study.from_json(model.study), Weights.from_json(model.weights)
    ended = min(study.created_to, model.asked_at - study.wait - study.within)
    since = replace(study, created_from=max(ended, study.created_from), created_to=now)
    if since.created_from >= now:
        return {"at": now.isoformat(), "leads": 0, "ended": 0}
    decided = _newest(find_cases(replace(since, within_days=0), now=now))
    done = _newest(find_cases(since, now=now))
    return {
        "at": now.isoformat(),
        "leads": len(decided),
        "ended": len(done),
        **_moved(weights, decided),
        **_came_true(weights, done),
    }


def _moved(weights: Weights, cases: Cases) -> dict[str, Any]:
    if len(cases) < FEWEST or not weights.features:
        return {}
    levels = levels_of(weights, list(cases.parts()))
    shifts = [
        (feature.name, shift(np.array(feature.shares), _shares(level, feature.size)))
        for feature, level in zip(weights.features, levels, strict=True)
    ]
    bands = weights.bands(weights.points(levels))
    return {
        "score": shift(np.array(weights.score_shares), _shares(bands, BINS)),
        "features": sorted(shifts, key=lambda each: -each[1])[:5],
    }


def _shares(levels: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(levels, minlength=size) / len(levels)


def _came_true(weights: Weights, cases: Cases) -> dict[str, Any]:
    if len(cases) < FEWEST:
        return {}
    levels = levels_of(weights, list(cases.parts()))
    points = weights.points(levels) if levels else np.full(len(cases), weights.base)
    low, high = wilson(cases.won, len(cases))
    return {
        "expected": float(chance(points).mean()),
        "won": cases.won / len(cases),
        "low": low,
        "high": high,
    }


def _newest(cases: Cases) -> Cases:
    return cases if len(cases) <= MOST else cases.chosen(range(len(cases) - MOST, len(cases)))


def verdict(drift: dict[str, Any]) -> str:
    """One of: unknown, steady, moved, drifted."""
    if drift.get("leads", 0) < FEWEST:
        return "unknown"
    most = max([drift.get("score", 0.0), *(each for _, each in drift.get("features", []))])
    is_off = "won" in drift and not drift["low"] <= drift["expected"] <= drift["high"]
    if most >= DRIFTED or is_off:
        return "drifted"
    return "moved" if most >= MOVED else "steady"
