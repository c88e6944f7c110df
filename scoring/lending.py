"""What scoring lends to conditions and lists: the score of each product line, and the chance.

A chance is asked about as it is shown: in whole percent.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from uuid import UUID

import numpy as np
from django.db.models import CharField, Exists, SmallIntegerField, Value
from django.db.models.functions import Cast
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions import Sql, ValueKind
from leads.conditions.calendar import Calendar
from leads.conditions.sql.comparing import test_sql
from leads.conditions.tree import Test
from leads.lending import WITHHELD, Lender, Rows
from scoring.events import CHANCE, SCORE_OF
from scoring.models import Mode, ModelVersion, PredictiveModel, Purpose, ScoreModel
from scoring.predicting.features import chance

NOWHERE = Value(0, SmallIntegerField())

# Product lines

WITH_SCORE = """
SELECT lent.lead_id FROM scoring_modelscore lent
WHERE lent.workspace_id = %s AND lent.model_id = %s AND {whose} AND {passes}
"""
AS_SUPPOSED = """
SELECT lent.lead_id FROM unnest(%s::uuid[], %s::int[]) AS lent (lead_id, value)
WHERE {whose} AND {passes}
"""
SCORE = """(SELECT lent.value FROM scoring_modelscore lent
    WHERE lent.workspace_id = lead.workspace_id AND lent.lead_id = lead.id
      AND lent.model_id = '{model}')"""


@dataclass(frozen=True)
class Supposing:
    """A product line, leads, and the scores they would have by it; the last two of equal length."""

    model_id: UUID
    ids: list[UUID]
    scores: list[int]


_supposed: ContextVar[Supposing | None] = ContextVar("supposed_scores", default=None)


@contextmanager
def supposing(supposed: Supposing) -> Iterator[None]:
    """Conditions ask these leads' score of this product line as it would be."""
    token = _supposed.set(supposed)
    try:
        yield
    finally:
        _supposed.reset(token)


def _products(with_retired: bool) -> Rows:
    """In use, where scores are shown at all; retired ones may stand in old conditions."""
    rows = ScoreModel.objects.filter(purpose=Purpose.PRODUCT)
    if not with_retired:
        rows = rows.filter(retired_at=None).exclude(Exists(_without_points()))
    key = Cast("pk", CharField())
    return rows.values_list(Value(SCORE_OF), key, "name", "position")


def _without_points() -> Rows:
    return ModelVersion.objects.main().published().filter(mode=Mode.DECISIONS)


def _scored(key: str, test: Test | None, whose: Sql) -> Sql:
    passes = Sql("true") if test is None else _passes(test)
    supposed = _supposed.get()
    if supposed is not None and supposed.model_id == UUID(key):
        text = AS_SUPPOSED.format(whose=whose.text, passes=passes.text)
        return Sql(text, (supposed.ids, supposed.scores, *whose.params, *passes.params))
    values = (current_workspace_id(), UUID(key), *whose.params, *passes.params)
    return Sql(WITH_SCORE.format(whose=whose.text, passes=passes.text), values)


def _passes(test: Test) -> Sql:
    return test_sql(Sql("lent.value"), ValueKind.NUMBER, test, _no_calendar)


def _no_calendar() -> Calendar:
    raise LookupError("A score is not compared with the calendar.")


def _score_of(key: str) -> str:
    return SCORE.format(model=UUID(key))


PRODUCTS = Lender(
    prefix=SCORE_OF,
    offers=_products,
    label=lambda name: format_lazy("{score}: {name}", score=_("score"), name=name),
    leads=_scored,
    column=_score_of,
)

# The chance

WITH_CHANCE = """
SELECT lent.lead_id FROM scoring_probability lent
WHERE lent.workspace_id = %s AND lent.model_id = (
    SELECT chosen.id FROM scoring_predictivemodel chosen
    WHERE chosen.workspace_id = %s AND chosen.state = 'chosen')
  AND {whose} AND {word}(lent.points >= %s AND lent.points < %s)
"""
SHOWN_CHANCE = """(SELECT round(100 / (1 + 2 ^ (-lent.points / 100.0::float8)))::int
    FROM scoring_probability lent JOIN scoring_predictivemodel chosen
        ON chosen.workspace_id = lent.workspace_id AND chosen.id = lent.model_id
        AND chosen.state = 'chosen'
    WHERE lent.workspace_id = lead.workspace_id AND lent.lead_id = lead.id)"""
ALL = 100
FURTHEST = 2_000  # points; a chance that far out is 0 or 100 per cent


@cache
def _bounds() -> Sequence[int]:
    """The least points with which a chance is shown as 1, 2 … 100 per cent."""
    shown = [round(float(each) * ALL) for each in chance(np.arange(-FURTHEST, FURTHEST + 1))]
    return [bisect_left(shown, percent) - FURTHEST for percent in range(1, ALL + 1)]


def least_points(percent: int) -> int:
    """The least points with which so many per cent are shown, or more."""
    if percent <= 0:
        return -(2**31)
    return _bounds()[percent - 1] if percent <= ALL else 2**31 - 1


def _between(test: Test) -> tuple[int, int]:
    """From which per cent on a test holds, and from which on not any more."""
    asked = test.value
    if not isinstance(asked, tuple | str | bool | UUID):
        low, high = ceil(asked), floor(asked)
        return {
            "is": (low, high + 1),
            "is_not": (low, high + 1),
            "is_at_least": (low, ALL + 1),
            "is_more_than": (high + 1, ALL + 1),
            "is_at_most": (0, high + 1),
            "is_less_than": (0, low),
        }[test.operator]
    raise TypeError(f"The parser let {asked!r} through as a chance.")


def _likely(_key: str, test: Test | None, whose: Sql) -> Sql:
    first, beyond = (0, ALL + 1) if test is None else _between(test)
    word = "NOT " if test is not None and test.operator == "is_not" else ""
    workspace = current_workspace_id()
    points = (least_points(first), least_points(beyond))
    return Sql(
        WITH_CHANCE.format(whose=whose.text, word=word),
        (workspace, workspace, *whose.params, *points),
    )


def _offered_chance(with_retired: bool) -> Rows:
    """One row where a model is chosen, or in old conditions where one ever was trained."""
    models = PredictiveModel.objects.all() if with_retired else PredictiveModel.objects.chosen()
    named = models.order_by().values_list(Value(CHANCE), Value(""), Value(""), NOWHERE)
    return named.distinct()


CHANCES = Lender(
    prefix=CHANCE,
    offers=_offered_chance,
    label=lambda _name: _("chance of buying"),
    leads=_likely,
    column=lambda _key: SHOWN_CHANCE,
    unit="%",
)


def withheld() -> Sequence[Rows]:
    """Where decision rules sort, the score says nothing."""
    modes = _without_points().order_by()
    return (modes.values_list(Value(WITHHELD), Value("score"), Value(""), NOWHERE),)
