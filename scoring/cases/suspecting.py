"""Fields that were probably written when the outcome was known, or on the way to it.

A model that looks at them predicts the past well and the future not at all. Nothing is left out by
itself: the field is named, with the reason and its figures, and a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.formatting import percent
from leads.conditions import known_fields
from leads.kinds import ATTEMPTS
from scoring.cases.finding import Cases
from scoring.cases.values import Column
from scoring.statistics.ranking import auc

TELLING = 0.9  # area under the curve of one field alone
ODDS, APART = 3.0, 0.15  # how much more often a field is filled for winners
PRIOR = 10  # cases of the average: rare values say little
BANDS = 8
FEWEST_TOGETHER, SELDOM = 3, 0.05
BY_HAND = 0.2


class Reason(StrEnum):
    """Why a field is under suspicion."""

    TELLING = "telling"
    FILLED = "filled"
    TOGETHER = "together"
    BY_HAND = "by_hand"


@dataclass(frozen=True)
class Suspect:
    """A field, the reason, and the figures of the reason (from 0 to 1)."""

    field: str
    reason: str
    share: float
    other: float = 0.0
    fields: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {"fields": list(self.fields)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Suspect":
        """As it was before it was stored."""
        return cls(**{**said, "fields": tuple(said["fields"])})


def suspects(columns: Sequence[Column], cases: Cases) -> list[Suspect]:
    """Fields under suspicion, with every reason there is."""
    is_won = np.array(cases.is_won, dtype=bool)
    if is_won.all() or not is_won.any():
        return []
    found = [
        *_telling(columns, is_won),
        *_filled(columns, is_won),
        *_together(columns),
        *_by_hand(columns, cases),
    ]
    return sorted(found, key=lambda each: each.field)


# By what they say


def _telling(columns: Sequence[Column], is_won: np.ndarray) -> Iterable[Suspect]:
    for column in columns:
        area = auc(_rates(column, is_won), is_won).value
        if area >= TELLING:
            yield Suspect(column.name, Reason.TELLING, area)


def _rates(column: Column, is_won: np.ndarray) -> np.ndarray:
    """How often those with the same value won, drawn towards the average for rare values."""
    codes = _codes(column)
    size = int(codes.max()) + 1
    count, won = np.bincount(codes, minlength=size), np.bincount(codes, is_won, minlength=size)
    return ((won + PRIOR * is_won.mean()) / (count + PRIOR))[codes]


def _codes(column: Column) -> np.ndarray:
    if not column.is_number:
        return column.words.codes + 1
    known = column.numbers[column.is_known]
    if not len(known):
        return np.zeros(len(column.numbers), dtype=int)
    cuts = np.unique(np.quantile(known, np.arange(1, BANDS) / BANDS))
    codes = np.searchsorted(cuts, column.numbers, side="left") + 1
    return np.where(column.is_known, codes, 0)


# By when they say something


def _filled(columns: Sequence[Column], is_won: np.ndarray) -> Iterable[Suspect]:
    for column in columns:
        won, lost = column.is_known[is_won].mean(), column.is_known[~is_won].mean()
        if won - lost >= APART and won * (1 - lost) >= ODDS * lost * (1 - won):
            yield Suspect(column.name, Reason.FILLED, float(won), float(lost))


def _together(columns: Sequence[Column]) -> Iterable[Suspect]:
    """Filled for the same leads, and not for all: somebody writes them in one go."""
    groups: dict[bytes, list[Column]] = {}
    for column in columns:
        if not column.name.startswith("company.") and SELDOM < column.is_known.mean() < 1 - SELDOM:
            groups.setdefault(np.packbits(column.is_known).tobytes(), []).append(column)
    for group in groups.values():
        if len(group) < FEWEST_TOGETHER:
            continue
        for column in group:
            others = tuple(each.name for each in group if each is not column)
            share = float(column.is_known.mean())
            yield Suspect(column.name, Reason.TOGETHER, share, fields=others)


# By who wrote them

# Of the cases whose profile a member changed after the first contact, or after the decision.
WRITTEN = """
WITH cases AS MATERIALIZED (
    SELECT * FROM unnest(%(cases)s::uuid[], %(moments)s::timestamptz[]) AS row(lead_id, moment)
), met AS (
    SELECT fact.lead_id, min(fact.occurred_at) AS at FROM leads_activity AS fact
    WHERE fact.workspace_id = %(workspace)s AND fact.kind = ANY(%(attempts)s::text[])
      AND fact.lead_id IS NOT NULL GROUP BY fact.lead_id
)
SELECT change.field, count(DISTINCT change.lead_id)
FROM cases JOIN leads_profilechange AS change
    ON change.workspace_id = %(workspace)s AND change.lead_id = cases.lead_id
LEFT JOIN met ON met.lead_id = cases.lead_id
WHERE change.by_id IS NOT NULL AND change.via IN ('person', 'bulk')
  AND change.changed_at > least(met.at, cases.moment)
GROUP BY change.field
"""


def _by_hand(columns: Sequence[Column], cases: Cases) -> Iterable[Suspect]:
    values = {"cases": list(cases.ids), "moments": list(cases.moments)}
    attempts = [str(kind) for kind in ATTEMPTS]
    written = dict(fetch(WRITTEN, **values, attempts=attempts))
    for column in columns:
        share = written.get(column.name, 0) / max(len(cases), 1)
        if share >= BY_HAND:
            yield Suspect(column.name, Reason.BY_HAND, share)


# In words


def sentence_of(suspect: Suspect, labels: Mapping[str, str]) -> str:
    """The reason, for a person."""
    figures = {"share": percent(suspect.share, 0), "other": percent(suspect.other, 0)}
    if suspect.reason == Reason.TELLING:
        return (
            _(
                "Alone it tells winners from the others in %(share)s of all pairs. Little that is "
                "known before the outcome does that."
            )
            % figures
        )
    if suspect.reason == Reason.FILLED:
        return (
            _(
                "Filled in for %(share)s of those who reached the outcome, for %(other)s of the "
                "others: somebody may fill it in on the way there."
            )
            % figures
        )
    if suspect.reason == Reason.TOGETHER:
        others = ", ".join(f"“{labels.get(each, each)}”" for each in suspect.fields)
        return _(
            "Filled in for %(share)s of the leads, always together with %(others)s: they are "
            "written in one go. Ask whether that is after first contact."
        ) % {**figures, "others": others}
    return _("Your people wrote it after first contact for %(share)s of the leads.") % figures


def labels_of_fields() -> dict[str, str]:
    """What fields are called, by name."""
    return {name: str(each.label) for name, each in known_fields(with_retired=True).items()}
