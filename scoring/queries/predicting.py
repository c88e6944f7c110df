"""What predictive models say: of themselves, and of a lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.models import Lead
from scoring.cases import Study
from scoring.cases.suspecting import Suspect, labels_of_fields, sentence_of
from scoring.models import PredictionState, PredictiveModel, Probability
from scoring.predicting.drift import verdict
from scoring.predicting.features import POINT, Feature, Weights, chance
from scoring.predicting.wording import Namer, effect

STRONGEST = 12


@dataclass(frozen=True)
class Reason:
    """What one feature adds to a lead's chance; a hundred points double the odds."""

    feature: str
    sentence: str
    points: int

    @property
    def effect(self) -> str:
        """Whether it raises or lowers the chance, and by how much."""
        return effect(self.points)


@dataclass(frozen=True)
class Chance:
    """A lead's chance; `base` and the points of the reasons sum to `points` exactly."""

    model: PredictiveModel
    probability: float
    points: int
    base: int
    as_of: datetime
    reasons: Sequence[Reason]

    @property
    def log_odds(self) -> float:
        """The natural logarithm of the odds."""
        return self.points * POINT

    @property
    def average(self) -> float:
        """The chance of somebody with nothing but average answers."""
        return float(chance(self.base))


@dataclass(frozen=True)
class Sign:
    """A level of a feature among the strongest of a model, and how many leads have it."""

    sentence: str
    points: int
    share: float

    @property
    def effect(self) -> str:
        """Whether it raises or lowers the chance, and by how much."""
        return effect(self.points)


@dataclass(frozen=True)
class Warned:
    """A field under suspicion, with its reasons in words."""

    name: str
    label: str
    sentences: Sequence[str]


def chance_of(lead: Lead) -> Chance | None:
    """The chance of a lead by the chosen model with its reasons; None while there is none."""
    found: Probability | None = (
        Probability.objects.filter(lead_id=lead.pk, model__state=PredictionState.CHOSEN)
        .select_related("model")
        .first()
    )
    if found is None:
        return None
    weights, namer = Weights.from_json(found.model.weights), Namer()
    reasons = [
        Reason(feature.name, namer.level(feature, level), feature.points[level])
        for feature, level in zip(weights.features, found.levels, strict=True)
    ]
    ordered = sorted(reasons, key=lambda each: (-abs(each.points), each.feature))
    probability = float(chance(found.points))
    return Chance(found.model, probability, found.points, weights.base, found.as_of, ordered)


def strongest_signs(model: PredictiveModel, most: int = STRONGEST) -> list[Sign]:
    """The levels that move the chance most, for as many leads as possible."""
    if not model.weights:
        return []
    namer = Namer()
    found = [
        (feature, level)
        for feature in Weights.from_json(model.weights).features
        for level in range(feature.size)
    ]
    found.sort(key=lambda each: -_strength(*each))
    return [
        Sign(namer.level(feature, level), feature.points[level], feature.shares[level])
        for feature, level in found[:most]
        if feature.points[level]
    ]


def _strength(feature: Feature, level: int) -> float:
    return float(abs(feature.points[level]) * feature.shares[level] ** 0.5)


def warned(suspects: Sequence[Mapping[str, Any]]) -> list[Warned]:
    """Fields under suspicion, once each."""
    labels = labels_of_fields()
    sentences: dict[str, list[str]] = {}
    for each in map(Suspect.from_json, suspects):
        sentences.setdefault(each.field, []).append(sentence_of(each, labels))
    return [Warned(name, labels.get(name, name), said) for name, said in sentences.items()]


def left_out(study: Study) -> list[str]:
    """What the fields left out are called."""
    labels = labels_of_fields()
    return [labels.get(name, name) for name in sorted(study.without)]


@dataclass(frozen=True)
class Drifted:
    """What the leads since the training say about a model; `shifts` are the largest, in words."""

    verdict: str
    said: Mapping[str, Any]
    shifts: Sequence[tuple[str, float]]


def drift_of(model: PredictiveModel) -> Drifted | None:
    """The newest look for drift; None before the first."""
    if not model.drift:
        return None
    namer = Namer()
    shifts = [(namer.name(name), size) for name, size in model.drift.get("features", [])]
    return Drifted(verdict(model.drift), model.drift, shifts)
