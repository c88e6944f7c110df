"""A version worked out for all leads, chunk by chunk; then it takes its place, and is shown."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import execute, fetch
from leads.conditions import calendar_at
from scoring.actions.beside import keep_chunk
from scoring.actions.releasing import begin_release
from scoring.actions.rescoring import Turn, live_scorers, match_facts, show, take_turn, work_out
from scoring.events import RecomputesAdvanced
from scoring.models import (
    LIVE,
    OPEN,
    ChangeReason,
    ModelState,
    ModelVersion,
    Pattern,
    Phase,
    Purpose,
    Recompute,
    Release,
    Rule,
)
from scoring.rules import Scorer, looked, scorer_of
from scoring.statements import Batch, between

CHUNK = 20_000  # leads worked out in one transaction

NEXT_LEADS = """
SELECT (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1], count(*) FROM (
    SELECT id FROM leads_lead
    WHERE workspace_id = %(workspace)s AND (%(cursor)s::uuid IS NULL OR id > %(cursor)s::uuid)
    ORDER BY id LIMIT %(most)s
) AS chunk
"""
FORGET = """
DELETE FROM scoring_leadscore
WHERE workspace_id = %(workspace)s AND version_id = ANY(%(versions)s::uuid[]) AND lead_id {batch}
"""
DROP_HITS = """
DELETE FROM scoring_hit WHERE workspace_id = %(workspace)s AND pattern <> ALL(%(used)s::int[])
"""


def advance_recomputes(ids: Iterable[UUID], *, now: datetime) -> None:
    """Do the next chunk of each of these recomputes, and announce that there is more to do."""
    with transaction.atomic():
        take_turn()
        recomputes = Recompute.objects.filter(pk__in=list(ids), finished_at=None)
        for recompute in recomputes.select_related("version__model"):
            _advance(recompute, now)
            if recompute.finished_at is None:
                publish(RecomputesAdvanced((recompute.pk,)))


def _advance(recompute: Recompute, now: datetime) -> None:
    ((first, last, count),) = fetch(NEXT_LEADS, cursor=recompute.cursor, most=CHUNK)
    if count == 0:
        _next_phase(recompute, now)
    else:
        recompute.changed += _do(recompute, between(first, last), now)
    recompute.cursor = last
    recompute.done += count
    recompute.save()


def _do(recompute: Recompute, chunk: Batch, now: datetime) -> int:
    """A chunk of a phase; how many shown scores moved."""
    reason = ChangeReason.RECOMPUTE if recompute.is_repeated else ChangeReason.VERSION
    turn = Turn(calendar_at(now), now, reason, recompute.is_quiet, _holder(recompute))
    if recompute.forgets:
        execute(FORGET.format(batch=chunk.text), versions=recompute.forgets, **chunk.values)
    is_first = recompute.phase == Phase.WORKING_OUT or recompute.is_repeated
    moved = (_work_out if is_first else _show)(recompute.version, chunk, turn)
    if recompute.version.model.purpose != Purpose.MAIN:
        keep_chunk(chunk, now=now, reason=reason, release=turn.release)
    return moved


def _holder(recompute: Recompute) -> UUID | None:
    """The release that is to hold whom this moves, if something is to follow."""
    coming = Release.objects.filter(version_id=recompute.version_id, begun_at=None)
    return (
        None
        if recompute.is_repeated
        else coming.filter(state__in=OPEN).values_list("pk", flat=True).first()
    )


def _work_out(version: ModelVersion, chunk: Batch, turn: Turn) -> int:
    scorer = scorer_beside(version)
    _match_new(scorer, chunk, turn)
    moved = work_out(scorer, chunk, turn)
    return moved + (_follow_grades(chunk, turn) if _grades(version) else 0)


def _show(version: ModelVersion, chunk: Batch, turn: Turn) -> int:
    """What lists show follows the version that has just come into force, or has just gone."""
    if version.model.purpose == Purpose.FIT:
        return _follow_grades(chunk, turn)
    scorer = scorer_beside(version)
    return show(scorer, chunk, turn) if scorer.is_shown else 0


def _grades(version: ModelVersion) -> bool:
    """The main model goes by its grades."""
    return version.model.purpose == Purpose.FIT and version.state == ModelState.PUBLISHED


def _follow_grades(chunk: Batch, turn: Turn) -> int:
    """Grades may have moved, so classes may move."""
    return sum(work_out(each, chunk, turn) for each in live_scorers(Purpose.MAIN))


def scorer_beside(version: ModelVersion) -> Scorer:
    """The version, with the grades in force."""
    fits = ModelVersion.objects.published().filter(model__purpose=Purpose.FIT)
    is_main = version.model.purpose == Purpose.MAIN
    return scorer_of(version, fit_id=fits.values_list("pk", flat=True).first() if is_main else None)


def _match_new(scorer: Scorer, chunk: Batch, turn: Turn) -> None:
    """Match the facts with the patterns whose hits are not all there."""
    numbers = [each.number for each in scorer.patterns]
    unfilled = Pattern.objects.filter(filled_at=None, number__in=numbers)
    match_facts(map(looked, unfilled), chunk, turn.calendar, is_cycled=scorer.is_cycled)


def _next_phase(recompute: Recompute, now: datetime) -> None:
    if recompute.phase == Phase.WORKING_OUT or recompute.is_repeated:
        numbers = recompute.version.rules.exclude(pattern=None).values("pattern")
        Pattern.objects.filter(number__in=numbers, filled_at=None).update(filled_at=now)
    if recompute.phase == Phase.WORKING_OUT:
        recompute.forgets = _switch(recompute.version, now)
        recompute.phase, recompute.done = Phase.SHOWING, 0
    else:
        recompute.phase, recompute.finished_at = Phase.DONE, now
        begin_release(recompute.version, now)
        _drop_idle_patterns()


def _switch(version: ModelVersion, now: datetime) -> list[UUID]:
    """From here on this version is in force; those whose scores can be forgotten."""
    before = ModelVersion.objects.filter(model_id=version.model_id).published()
    replaced = list(before.values_list("pk", flat=True))
    before.update(state=ModelState.RETIRED, retired_at=now)
    ModelVersion.objects.filter(pk=version.pk).update(state=ModelState.PUBLISHED, effective_at=now)
    return replaced


def _drop_idle_patterns() -> None:
    """Nobody keeps the hits of a pattern up to date that no live version uses."""
    rules = Rule.objects.filter(version__state__in=LIVE).exclude(pattern=None)
    used = sorted(set(rules.values_list("pattern", flat=True)))
    idle = Pattern.objects.exclude(number__in=used)
    if idle.exists():
        execute(DROP_HITS, used=used)
        idle.delete()
