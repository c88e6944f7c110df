"""The levels leads have at a moment, for a trained model."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import numpy as np

from leads.conditions import known_fields
from scoring.cases import Moments
from scoring.cases.values import Column, Words, read_columns
from scoring.predicting.behaviour import Usual, read_behaviour
from scoring.predicting.features import Weights


def levels_at(weights: Weights, ids: Sequence[UUID], now: datetime) -> list[np.ndarray]:
    """For each feature the level of each of these leads now."""
    return levels_of(weights, [Moments(ids, [now] * len(ids))])


def levels_of(weights: Weights, parts: Sequence[Moments]) -> list[np.ndarray]:
    """For each feature the level of each lead at its moment."""
    names = [feature.name for feature in weights.features]
    known = known_fields(with_retired=True)
    fields = {name: known[name] for name in names if name in known}
    columns = [
        *read_columns(fields, parts),
        *read_behaviour(Usual.of_names(names), parts),
    ]
    by_name = {column.name: column for column in columns}
    count = sum(len(part.ids) for part in parts)
    return [
        feature.levels(
            by_name.get(feature.name) or _nothing(feature.name, feature.is_number, count)
        )
        for feature in weights.features
    ]


def _nothing(name: str, is_number: bool, count: int) -> Column:
    """A field that has been deleted since: unknown for everybody."""
    if is_number:
        return Column(name, name, True, np.full(count, np.nan))
    return Column(name, name, False, words=Words(np.full(count, -1, dtype=np.int32), ()))
