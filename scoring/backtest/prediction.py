"""The predictive model beside the rules, asked about the cases it has not learnt from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np

from scoring.backtest.figures import Answers, Told, gap_between, ranked
from scoring.backtest.judging import Verdict, is_enough, is_thin, verdict_of
from scoring.cases import Moments, Study
from scoring.models import PredictionState, PredictiveModel
from scoring.predicting.features import Weights
from scoring.predicting.holding import may_have_taught
from scoring.predicting.leveling import levels_of

LOOKS = "looks_at_left_out"
MOST = 20_000  # cases it is asked about, from the whole window
PART = 5_000


def prediction_beside(told: Told, study: Study) -> dict[str, Any] | None:
    """The same figures for the model as for the versions, over one and the same cases.

    None where no model is trained. The one that is chosen, else the newest; it is not judged by
    what it learnt from, nor where it looks at a field that the back-test leaves out.
    """
    model = _the_model()
    if model is None:
        return None
    named = {"id": str(model.pk), "number": model.number}
    weights = Weights.from_json(model.weights)
    looked = {feature.name for feature in weights.features} & study.without
    if looked:
        return named | {"verdict": LOOKS, "fields": sorted(looked)}
    created = [each - study.wait for each in told.moments]
    taught = may_have_taught(model, told.ids, created)
    left = _only(told, np.flatnonzero(~taught))
    named |= {"cases": len(left.is_won), "won": left.won, "taught": int(taught.sum())}
    if not is_enough(len(left.is_won), left.won):
        return named | {"verdict": Verdict.TOO_FEW.value}
    return named | _compared(weights, _spread(left))


def _the_model() -> PredictiveModel | None:
    models = PredictiveModel.objects.order_by("-number")
    return models.chosen().first() or models.filter(state=PredictionState.TRAINED).first()


def _compared(weights: Weights, told: Told) -> dict[str, Any]:
    points = _points(weights, told.ids, told.moments)
    sides = [ranked(each.scores, told.is_won) for each in told.versions]
    mine = ranked(points, told.is_won)
    gap = gap_between(points, told.versions[0].scores, told.is_won)
    return {
        "asked": len(told.is_won),
        "verdict": verdict_of(mine["area"], gap["caught"]).value,
        "is_thin": is_thin(len(told.is_won), told.won),
        "versions": sides,
        "prediction": mine,
        "gap": gap,
    }


def _points(weights: Weights, ids: Sequence[UUID], moments: Sequence[Any]) -> list[int]:
    """The log-odds of each, as everything was known at its moment."""
    if not weights.features:
        return [weights.base] * len(ids)
    parts = [
        Moments(ids[start : start + PART], moments[start : start + PART])
        for start in range(0, len(ids), PART)
    ]
    found: list[int] = weights.points(levels_of(weights, parts)).tolist()
    return found


def _spread(told: Told) -> Told:
    count = len(told.is_won)
    if count <= MOST:
        return told
    return _only(told, np.linspace(0, count - 1, MOST).astype(int))


def _only(told: Told, places: np.ndarray) -> Told:
    """The cases at these places."""

    def at(values: Sequence[Any]) -> list[Any]:
        return [values[each] for each in places]

    return replace(
        told,
        ids=at(told.ids),
        is_won=at(told.is_won),
        moments=at(told.moments),
        versions=[Answers(each.line, at(each.scores)) for each in told.versions],
    )
