"""From cases to weights, and how well they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoring.cases import Cases, Moments, Study
from scoring.cases.suspecting import Suspect, suspects
from scoring.cases.values import Column, fields_to_look_at, read_columns
from scoring.predicting.behaviour import read_behaviour, usual_of
from scoring.predicting.features import FEWEST, POINT, Feature, Weights, chance, feature_of
from scoring.predicting.holding import held_out
from scoring.predicting.judging import BINS, judged
from scoring.predicting.learning import fit

MOST_CASES = 100_000
SAMPLE = 25_000
FEWEST_CASES, FEWEST_OF_EACH = 200, 50


@dataclass(frozen=True)
class Trained:
    """What came out; `figures` are of cases the weights have not seen."""

    weights: Weights
    figures: Mapping[str, Any]
    suspects: Sequence[Suspect]


def is_enough(cases: int, won: int) -> bool:
    """Whether there is something to learn from, and something left to judge it by."""
    return cases >= FEWEST_CASES and min(won, cases - won) >= FEWEST_OF_EACH


def train(study: Study, cases: Cases) -> Trained:
    """Learn from three quarters of the cases, judge by the last one.

    Where fields are under suspicion, also says how well a model does that did not look at them.
    """
    cases = _spread(cases, MOST_CASES)
    fields = read_columns(fields_to_look_at(study), list(cases.parts()))
    usual = usual_of(_sample(cases), FEWEST)
    columns = [*fields, *read_behaviour(usual, list(cases.parts()))]
    is_won = np.array(cases.is_won, dtype=bool)
    found = suspects(fields, cases)
    held = held_out(cases.ids, is_won)
    weights, figures = _learnt(columns, is_won, held.is_kept)
    figures["lot"] = held.lot
    named = {each.field for each in found}
    if named:
        rest = [column for column in columns if column.name not in named]
        without = _learnt(rest, is_won, held.is_kept)[1] if rest else None
        figures = {**figures, "without_suspects": without}
    return Trained(weights, figures, found)


def _learnt(
    columns: Sequence[Column], is_won: np.ndarray, kept: np.ndarray
) -> tuple[Weights, dict[str, Any]]:
    pairs = [(column, feature) for column in columns if (feature := feature_of(column))]
    levels = [feature.levels(column) for column, feature in pairs]
    features = [feature for _, feature in pairs]
    weights = weigh(features, [level[~kept] for level in levels], is_won[~kept])
    points = (
        weights.points([level[kept] for level in levels])
        if levels
        else np.full(int(kept.sum()), weights.base)
    )
    return weights, judged(chance(points), is_won[kept])


def weigh(features: Sequence[Feature], levels: Sequence[np.ndarray], is_won: np.ndarray) -> Weights:
    """The points of each level: how far it stands from the average lead, in whole points."""
    if not features:
        share = is_won.mean()
        return Weights(round(float(np.log(share / (1 - share)) / POINT)), ())
    sizes = [feature.size for feature in features]
    base, flat = fit(levels, sizes, is_won)
    weighed = []
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    for feature, level, part in zip(features, levels, parts, strict=True):
        shares = np.bincount(level, minlength=feature.size) / len(is_won)
        mean = float(shares @ part)
        base += mean
        weighed.append(feature.weighed(np.rint((part - mean) / POINT).tolist(), shares.tolist()))
    return _banded(Weights(round(base / POINT), tuple(weighed)), levels)


def _banded(weights: Weights, levels: Sequence[np.ndarray]) -> Weights:
    """With the distribution of points, to tell drift by."""
    points = weights.points(levels)
    cuts = np.quantile(points, np.arange(1, BINS) / BINS)
    banded = replace(weights, score_cuts=tuple(map(float, cuts)))
    shares = np.bincount(banded.bands(points), minlength=BINS) / len(points)
    return replace(banded, score_shares=tuple(map(float, shares)))


def _spread(cases: Cases, most: int) -> Cases:
    """Not more than so many cases, from the whole window."""
    if len(cases) <= most:
        return cases
    return cases.chosen(np.linspace(0, len(cases) - 1, most).astype(int).tolist())


def _sample(cases: Cases) -> Moments:
    some = _spread(cases, SAMPLE)
    return Moments(some.ids, some.moments)
