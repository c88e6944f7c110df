"""Blast radius: a draft worked out for all leads before it is published."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import comparing_sets, execute, fetch
from leads.conditions import calendar_at
from leads.models import Lead
from scoring.actions.recomputing import NEXT_LEADS, scorer_beside
from scoring.backtest.fingerprints import fingerprint
from scoring.events import RadiiMoved
from scoring.following import Supposed, following
from scoring.lending import Supposing, supposing
from scoring.line import can_follow, mql_line
from scoring.models import BlastRadius, ModelVersion, Purpose
from scoring.queries.radius import figures_of
from scoring.statements import Batch, between, scored

CHUNK = 10_000  # leads looked at in one transaction
SMALL = 2_000  # so few are looked at while one waits

# What lists show: of the main model score and class, of the model for fit the grade.
TOUCH = """
, touched AS (
    SELECT id, shown_score, {score} AS new_score, shown_class, {lead_class} AS new_class, {grade}
        AS new_grade
    FROM scored
    WHERE (shown_score, shown_class, shown_grade) IS DISTINCT FROM ({score}, {lead_class}, {grade})
)
INSERT INTO scoring_touchedlead (workspace_id, radius_id, lead_id, old_score, new_score, old_class,
    new_class, new_grade, is_promoted)
SELECT %(workspace)s, %(radius)s, id, shown_score, new_score, shown_class, new_class, new_grade,
    false
FROM touched
RETURNING lead_id, new_score, new_class, new_grade
"""
# Of a product line what is kept of it; what lists show stays, and is supposed to.
TOUCH_LINE = """
, touched AS MATERIALIZED (
    SELECT scored.*, kept.value AS old_value, coalesce(kept.lead_class, '') AS old_class
    FROM scored LEFT JOIN scoring_modelscore AS kept
        ON kept.workspace_id = %(workspace)s AND kept.lead_id = scored.id
        AND kept.model_id = %(line)s
    WHERE (kept.value, kept.lead_class) IS DISTINCT FROM (scored.value, scored.lead_class)
), written AS (
    INSERT INTO scoring_touchedlead (workspace_id, radius_id, lead_id, old_score, new_score,
        old_class, new_class, new_grade, is_promoted)
    SELECT %(workspace)s, %(radius)s, id, old_value, value, old_class, lead_class, '', false
    FROM touched
)
SELECT id, shown_score, shown_class, shown_grade, value FROM touched
"""
PROMOTE = """
UPDATE scoring_touchedlead SET is_promoted = true
WHERE workspace_id = %(workspace)s AND radius_id = %(radius)s
  AND lead_id = ANY(%(leads)s::uuid[])
"""
FORGET = """
DELETE FROM scoring_touchedlead
WHERE workspace_id = %(workspace)s AND radius_id = ANY(%(radii)s::uuid[])
"""


def ask_radius(version: ModelVersion, *, now: datetime) -> BlastRadius:
    """Work out what publishing the draft would do; in the background if there are many leads."""
    with transaction.atomic():
        ModelVersion.objects.select_for_update().get(pk=version.pk)
        before = BlastRadius.objects.filter(version=version)
        execute(FORGET, radii=list(before.values_list("pk", flat=True)))
        before.delete()
        total = Lead.objects.count()
        radius: BlastRadius = BlastRadius.objects.create(
            version=version, digest=digest_of_draft(version), asked_at=now, total=total
        )
        if total > SMALL:
            publish(RadiiMoved((radius.pk,)))
        while total <= SMALL and radius.finished_at is None:
            _advance(radius, now)
    return radius


def advance_radii(ids: Iterable[UUID], *, now: datetime) -> None:
    """Look at the next leads of each of these, and announce that there are more."""
    with transaction.atomic():
        wanted = BlastRadius.objects.select_for_update(of=["self"]).filter(pk__in=list(ids))
        for radius in wanted.filter(finished_at=None).select_related("version__model"):
            _advance(radius, now)
            if radius.finished_at is None:
                publish(RadiiMoved((radius.pk,)))


def digest_of_draft(version: ModelVersion) -> str:
    """Equal while nothing has changed that decides whom publishing would move."""
    grading = ModelVersion.objects.published().filter(model__purpose=Purpose.FIT)
    fits = [str(each) for each in grading.values_list("pk", flat=True)]
    by = [can_follow(version)] if version.model.purpose == Purpose.PRODUCT else []
    told = json.dumps([fingerprint(version), fits, mql_line(), *by])
    return hashlib.sha256(told.encode()).hexdigest()


def _advance(radius: BlastRadius, now: datetime) -> None:
    ((first, last, count),) = fetch(NEXT_LEADS, cursor=radius.cursor, most=CHUNK)
    if count == 0:
        radius.figures, radius.finished_at = figures_of(radius), now
    elif radius.version.model.purpose == Purpose.PRODUCT:
        _promote(radius, _supposed_by_line(radius, between(first, last), now))
    else:
        supposed = _touch(radius, between(first, last), now)
        _promote(radius, following().supposed_mqls(supposed, now))
    radius.cursor = last
    radius.done += count
    radius.save()


def _touch(radius: BlastRadius, chunk: Batch, now: datetime) -> Supposed:
    """Write down who would move; they, with what they would have."""
    found = scored(scorer_beside(radius.version), chunk, calendar_at(now))
    is_main = radius.version.model.purpose == Purpose.MAIN
    text = TOUCH.format(
        score="value" if is_main else "shown_score",
        lead_class="lead_class" if is_main else "shown_class",
        grade="grade",
    )
    with comparing_sets():
        rows = fetch(found.text + text, **found.values, radius=radius.pk)
    return Supposed(*(list(column) for column in zip(*rows, strict=True))) if rows else Supposed()


def _supposed_by_line(radius: BlastRadius, chunk: Batch, now: datetime) -> Sequence[UUID]:
    """Write down whose score of the product line would move; those it would make MQLs."""
    version = radius.version
    found = scored(scorer_beside(version), chunk, calendar_at(now))
    values = found.values | {"radius": radius.pk, "line": version.model_id}
    with comparing_sets():
        rows = fetch(found.text + TOUCH_LINE, **values)
    if not rows or not can_follow(version):
        return ()
    ids, shown, classes, grades, scores = (list(column) for column in zip(*rows, strict=True))
    with supposing(Supposing(version.model_id, ids, scores)):
        return following().supposed_mqls(Supposed(ids, shown, classes, grades), now)


def _promote(radius: BlastRadius, promoted: Sequence[UUID]) -> None:
    if promoted:
        execute(PROMOTE, radius=radius.pk, leads=list(promoted))
