"""What a model looks at, and the levels each of it knows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np

from scoring.cases.values import Column, Words

DOUBLE = 100  # points that double the odds
POINT = math.log(2) / DOUBLE  # log-odds of a point


@dataclass(frozen=True)
class Feature:
    """One thing looked at.

    Of words, the levels are `values`, anything else, and unknown; of numbers the bands between
    `cuts` (a band holds its lower end), and unknown. `points` and `shares` go by level: what the
    level adds, and how many of the cases learnt from had it.
    """

    name: str
    is_number: bool
    values: tuple[str, ...] = ()
    cuts: tuple[float, ...] = ()
    points: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """How many levels there are."""
        return len(self.cuts if self.is_number else self.values) + 2

    @property
    def unknown(self) -> int:
        """The level of those of whom nothing is known."""
        return self.size - 1

    def levels(self, column: Column) -> np.ndarray:
        """The level of each lead."""
        if self.is_number:
            bands = np.searchsorted(np.array(self.cuts), column.numbers, side="right")
            return np.where(column.is_known, bands, self.unknown)
        places = {value: level for level, value in enumerate(self.values)}
        other = self.unknown - 1
        level_of = [places.get(each, other) for each in column.words.said] + [self.unknown]
        return np.array(level_of, dtype=np.int64)[column.words.codes]

    def weighed(self, points: Sequence[int], shares: Sequence[float]) -> "Feature":
        """The same, trained."""
        return replace(self, points=tuple(map(int, points)), shares=tuple(map(float, shares)))


@dataclass(frozen=True)
class Weights:
    """What was learnt: the points of the average lead, and what each level adds or takes away.

    `score_cuts` part the cases learnt from by their points into ten groups of about the same size;
    `score_shares` are their exact shares.
    """

    base: int
    features: tuple[Feature, ...]
    score_cuts: tuple[float, ...] = ()
    score_shares: tuple[float, ...] = ()

    def points(self, levels: Sequence[np.ndarray]) -> np.ndarray:
        """Points of leads with these levels, an array of them for each feature."""
        total = np.full(len(levels[0]) if levels else 0, self.base, dtype=np.int64)
        for feature, level in zip(self.features, levels, strict=True):
            total += np.array(feature.points, dtype=np.int64)[level]
        return total

    def bands(self, points: np.ndarray) -> np.ndarray:
        """Which of the ten groups each lead falls into."""
        return np.searchsorted(np.array(self.score_cuts), points, side="left")

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "base": self.base,
            "features": [asdict(each) for each in self.features],
            "score_cuts": list(self.score_cuts),
            "score_shares": list(self.score_shares),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """As it was before it was stored."""
        tuples = ("values", "cuts", "points", "shares")
        features = tuple(
            Feature(**{**each, **{name: tuple(each[name]) for name in tuples}})
            for each in said["features"]
        )
        scores = (tuple(said[name]) for name in ("score_cuts", "score_shares"))
        return cls(said["base"], features, *scores)


def chance(points: float | np.ndarray) -> Any:
    """The probability behind points."""
    return 1 / (1 + np.exp(-np.asarray(points, dtype=float) * POINT))


# Which levels a column has

COUNTS = (1.0, 2.0, 4.0, 10.0)
QUIET = (1.0, 3.0, 7.0, 14.0, 30.0)
MOST_VALUES = 20
MOST_BANDS = 8
FEWEST = 30  # cases of a level of its own
SELDOM = 0.005  # of the cases say anything but the usual


def feature_of(column: Column) -> Feature | None:
    """The feature a column of cases makes; None when it says the same of nearly all of them."""
    if column.is_number:
        feature = Feature(column.name, True, cuts=_cuts(column))
    else:
        feature = Feature(column.name, False, values=_values(column.words))
    counts = np.bincount(feature.levels(column), minlength=feature.size)
    is_telling = counts.sum() - counts.max() >= max(FEWEST, SELDOM * counts.sum())
    return feature if is_telling else None


def _values(words: Words) -> tuple[str, ...]:
    known = words.codes[words.codes >= 0]
    counts = np.bincount(known, minlength=len(words.said))
    frequent = np.argsort(-counts, kind="stable")[:MOST_VALUES]
    return tuple(words.said[each] for each in frequent if counts[each] >= FEWEST)


def _cuts(column: Column) -> tuple[float, ...]:
    if column.name == "quiet":
        return QUIET
    if column.name.startswith(("did:", "page:")):
        return COUNTS
    known = column.numbers[column.is_known]
    bands = min(MOST_BANDS, len(known) // FEWEST)
    if bands < 2:
        return ()
    ends = np.unique(np.quantile(known, np.arange(1, bands) / bands))
    if len(ends) and ends[0] == known.min():  # many have the lowest value: a band of their own
        above = known[known > ends[0]]
        ends = np.unique(np.append(ends[1:], above.min())) if len(above) else ends[1:]
    return tuple(float(each) for each in ends)
