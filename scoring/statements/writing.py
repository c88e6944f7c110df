"""Contributions to scores, and to what lists show."""

from datetime import datetime

from leads.conditions import Calendar
from scoring.rules import Scorer
from scoring.statements.batches import Batch, Statement
from scoring.statements.classes import sorted_sql
from scoring.statements.contributions import contributions

REMEMBERED = """
    INSERT INTO scoring_scorechange (workspace_id, lead_id, version_id, reason, old_score,
        new_score, old_class, new_class, old_grade, new_grade, at, places, points)
    SELECT %(workspace)s, lead_id, %(version)s, %(reason)s, shown_score, value, shown_class,
        lead_class, shown_grade, grade, %(now)s, places, points
    FROM moved
    RETURNING lead_id, new_score, new_class, new_grade
"""
# A score is written when it differs from what is stored, or from what lists show.
WORK_OUT = """
    WITH {given},
    total AS (
        SELECT lead_id, sum(points)::int AS value, bit_xor({digest}) AS digest
        FROM contribution GROUP BY lead_id
    ), scored AS (
        SELECT lead.id AS lead_id, {value} AS value, {lead_class} AS lead_class, {grade} AS grade,
            coalesce(total.digest, 0) AS digest,
            least(due.day, %(next_day)s)::timestamp AT TIME ZONE %(zone)s AS due_at,
            lead.score AS shown_score, lead.lead_class AS shown_class, lead.grade AS shown_grade
        FROM lead
        LEFT JOIN total ON total.lead_id = lead.id LEFT JOIN due ON due.lead_id = lead.id
        {joins}
    ), compared AS (
        SELECT scored.*, {is_moved} AS is_moved,
            (old.value, old.lead_class, old.grade, old.digest, old.due_at) IS DISTINCT FROM
            (scored.value, scored.lead_class, scored.grade, scored.digest, scored.due_at)
            AS is_new
        FROM scored LEFT JOIN scoring_leadscore AS old
            ON old.workspace_id = %(workspace)s AND old.lead_id = scored.lead_id
            AND old.version_id = %(version)s AND old.lead_id {batch}
    ), changed AS MATERIALIZED (
        SELECT * FROM compared WHERE is_new OR is_moved
    ), reasons AS (
        SELECT lead_id, array_agg(place) AS places, array_agg(facts) AS facts,
            array_agg(raw) AS raw, {faded} AS faded, array_agg(points) AS points
        FROM contribution JOIN changed USING (lead_id) GROUP BY lead_id
    ), explained AS MATERIALIZED (
        SELECT changed.*, coalesce(places, '{{}}') AS places, coalesce(facts, '{{}}') AS facts,
            coalesce(raw, '{{}}') AS raw, coalesce(faded, '{{}}') AS faded,
            coalesce(points, '{{}}') AS points
        FROM changed LEFT JOIN reasons USING (lead_id)
        ORDER BY lead_id
    ), written AS (
        INSERT INTO scoring_leadscore (workspace_id, lead_id, version_id, value, lead_class, grade,
            as_of, due_at, digest, places, facts, raw, faded, points)
        SELECT %(workspace)s, lead_id, %(version)s, value, lead_class, grade, %(now)s, due_at,
            digest, places, facts, raw, faded, points
        FROM explained WHERE is_new
        ON CONFLICT (workspace_id, lead_id, version_id) DO UPDATE
        SET value = excluded.value, lead_class = excluded.lead_class, grade = excluded.grade,
            as_of = excluded.as_of, due_at = excluded.due_at, digest = excluded.digest,
            places = excluded.places, facts = excluded.facts, raw = excluded.raw,
            faded = excluded.faded, points = excluded.points
    ), moved AS (
        SELECT * FROM explained WHERE is_moved
    )
"""
DIGEST = "hashint8extended(raw * 1000003 + facts, place)"
IS_MOVED = """
    (shown_score, shown_class, shown_grade)
    IS DISTINCT FROM (scored.value, scored.lead_class, scored.grade)
"""
STORED_MOVED = """
    WITH moved AS (
        SELECT exact.*, lead.score AS shown_score, lead.lead_class AS shown_class,
            lead.grade AS shown_grade
        FROM leads_lead AS lead JOIN scoring_leadscore AS exact
            ON exact.workspace_id = %(workspace)s AND exact.lead_id = lead.id
            AND exact.version_id = %(version)s AND exact.lead_id {batch}
        WHERE lead.workspace_id = %(workspace)s AND lead.id {batch}
          AND (lead.score, lead.lead_class, lead.grade)
            IS DISTINCT FROM (exact.value, exact.lead_class, exact.grade)
    )
"""


def work_out(
    scorer: Scorer, batch: Batch, calendar: Calendar, now: datetime, reason: str
) -> Statement:
    """Contributions and scores of the batch by one version, writing only what differs.

    Also the history of those that are shown and are about to move; these leads.
    """
    given = contributions(scorer, batch, calendar)
    value = "NULL::int" if scorer.is_by_decisions else "coalesce(total.value, 0)"
    sorting = sorted_sql(scorer, value, batch.text)
    text = WORK_OUT.format(
        given=given.text,
        value=value,
        lead_class=sorting.lead_class,
        grade=sorting.grade,
        joins=sorting.joins,
        batch=batch.text,
        digest=f"{DIGEST} # hashint8extended(faded, place)" if scorer.is_fading else DIGEST,
        faded="array_agg(faded)" if scorer.is_fading else "'{}'::bigint[]",
        is_moved=IS_MOVED if scorer.is_shown else "false",
    )
    return Statement(
        text + REMEMBERED,
        given.values
        | sorting.values
        | {
            "version": scorer.version_id,
            "reason": reason,
            "next_day": calendar.day(1) if scorer.is_timed else None,
            "zone": str(calendar.zone),
            "now": now,
        },
    )


def remember_changes(scorer: Scorer, batch: Batch, now: datetime, reason: str) -> Statement:
    """The history of leads whose shown score or class is about to become what is worked out."""
    return Statement(
        STORED_MOVED.format(batch=batch.text) + REMEMBERED,
        batch.values | {"version": scorer.version_id, "now": now, "reason": reason},
    )
