"""The scores of the demo: worked out by the scoring app, with the year's changes before them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from leadmgmt.demo.chance import Dice
from leadmgmt.demo.history import Life
from leadmgmt.demo.writing import insert
from leadmgmt.kernel.drain import drain_workspace
from scoring.models import LeadScore, ScoreChange, ScoreModel

WARMED_UP = (52, 84)  # where the score stood when a lead became an MQL
FADES_AFTER = timedelta(days=30)


def show_scores(lives: Iterable[Life], *, now: datetime, dice: Dice) -> None:
    """Let the outbox score everybody, then tell how the scores came to be what they are."""
    drain_workspace()
    with transaction.atomic():
        ScoreChange.objects.all().delete()
        insert(ScoreChange, _changes(lives, now=now, dice=dice))


def _changes(lives: Iterable[Life], *, now: datetime, dice: Dice) -> Iterator[dict[str, Any]]:
    model = ScoreModel.objects.published().get()
    shown = {row.lead_id: row for row in LeadScore.objects.filter(model=model)}
    for life in lives:
        end = shown.get(life.lead_id)
        if end is not None:
            yield from _of_one(life, end, model, now=now, dice=dice)


def _of_one(
    life: Life, end: LeadScore, model: ScoreModel, *, now: datetime, dice: Dice
) -> Iterator[dict[str, Any]]:
    steps = [(life.born_at, dice.randint(8, 30))]
    if life.mql_at:
        steps.append((life.mql_at, dice.randint(*WARMED_UP)))
    last_at = min(now, (life.last_at or life.born_at) + FADES_AFTER)
    steps.append((max(last_at, steps[-1][0]), end.value))
    old: tuple[int | None, str] = (None, "")
    for at, value in steps:
        new = (value, _class(value, model))
        if new != old:
            yield _change(life.lead_id, model, old, new, at)
        old = new


def _change(
    lead_id: UUID,
    model: ScoreModel,
    old: tuple[int | None, str],
    new: tuple[int, str],
    at: datetime,
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "lead_id": lead_id,
        "model_id": model.pk,
        "old_score": old[0],
        "old_class": old[1],
        "new_score": new[0],
        "new_class": new[1],
        "at": at,
    }


def _class(value: int, model: ScoreModel) -> str:
    if value >= model.hot_from:
        return "hot"
    return "warm" if value >= model.warm_from else "cold"
