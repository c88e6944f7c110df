"""The scores of the demo: worked out by the scoring app, with the year's changes before them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from leadmgmt.demo.foresight import behaviour_points
from leadmgmt.demo.lives import Life
from leadmgmt.demo.writing import insert
from leadmgmt.kernel.drain import drain_workspace
from scoring.models import LeadScore, ModelVersion, ScoreChange

FADES_AFTER = timedelta(days=30)


def show_scores(lives: Iterable[Life], *, now: datetime) -> None:
    """Let the outbox score everybody, then tell how the scores came to be what they are."""
    drain_workspace()
    with transaction.atomic():
        ScoreChange.objects.main().delete()  # the others begin today
        insert(ScoreChange, _changes(lives, now=now))


def _changes(lives: Iterable[Life], *, now: datetime) -> Iterator[dict[str, Any]]:
    version = ModelVersion.objects.main().published().get()
    shown = {row.lead_id: row for row in LeadScore.objects.filter(version=version)}
    for life in lives:
        end = shown.get(life.lead_id)
        if end is not None:
            yield from _of_one(life, end, version, now=now)


def _of_one(
    life: Life, end: LeadScore, version: ModelVersion, *, now: datetime
) -> Iterator[dict[str, Any]]:
    moments = [life.born_at, *([life.mql_at] if life.mql_at else [])]
    steps = [(at, life.profile + behaviour_points(life.facts, at)) for at in moments]
    last_at = min(now, (life.last_at or life.born_at) + FADES_AFTER)
    steps.append((max(last_at, steps[-1][0]), end.value or 0))
    old: tuple[int | None, str] = (None, "")
    for at, value in steps:
        new = (value, _class(value, version))
        if new != old:
            yield _change(life.lead_id, version, old, new, at)
        old = new


def _change(
    lead_id: UUID,
    version: ModelVersion,
    old: tuple[int | None, str],
    new: tuple[int, str],
    at: datetime,
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "lead_id": lead_id,
        "version_id": version.pk,
        "old_score": old[0],
        "old_class": old[1],
        "new_score": new[0],
        "new_class": new[1],
        "at": at,
    }


def _class(value: int, version: ModelVersion) -> str:
    if value >= version.hot_from:
        return "hot"
    return "warm" if value >= version.warm_from else "cold"
