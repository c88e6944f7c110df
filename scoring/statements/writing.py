"""Contributions to scores, and to what lists show."""

from datetime import datetime

from leads.conditions import Calendar
from scoring.rules import Scorer
from scoring.statements.batches import Batch, Statement
from scoring.statements.classes import CLASS
from scoring.statements.contributions import contributions

REMEMBERED = """
    INSERT INTO scoring_scorechange
        (workspace_id, lead_id, model_id, old_score, new_score, old_class, new_class, at)
    SELECT %(workspace)s, lead_id, %(model)s, shown_score, value, shown_class, lead_class, %(now)s
    FROM moved
    RETURNING lead_id, new_score, new_class
"""


def work_out(scorer: Scorer, batch: Batch, calendar: Calendar, now: datetime) -> Statement:
    """Contributions and scores of the batch by one version, writing only what differs.

    Also the history of those that are shown and are about to move; these leads.
    """
    given = contributions(scorer, batch, calendar)
    value = "coalesce(total.value, 0)"
    return Statement(
        f"""
        WITH {given.text},
        total AS (
            SELECT lead_id, sum(points)::int AS value,
                bit_xor(uuid_hash_extended(rule_id, raw * 1000003 + facts)) AS digest
            FROM fresh GROUP BY lead_id
        ), due AS (
            SELECT lead_id, min(next_day) AS day FROM counted GROUP BY lead_id
        ), scored AS (
            SELECT lead.id AS lead_id, {value} AS value, {CLASS.format(value=value)} AS lead_class,
                coalesce(total.digest, 0) AS digest,
                least(due.day, %(next_day)s)::timestamp AT TIME ZONE %(zone)s AS due_at,
                lead.score AS shown_score, lead.lead_class AS shown_class
            FROM lead
            LEFT JOIN total ON total.lead_id = lead.id LEFT JOIN due ON due.lead_id = lead.id
        ), changed AS MATERIALIZED (
            SELECT scored.* FROM scored LEFT JOIN scoring_leadscore AS old
                ON old.workspace_id = %(workspace)s AND old.lead_id = scored.lead_id
                AND old.model_id = %(model)s AND old.lead_id {batch.text}
            WHERE (old.value, old.lead_class, old.digest, old.due_at) IS DISTINCT FROM
                (scored.value, scored.lead_class, scored.digest, scored.due_at)
        ), reasons AS (
            SELECT lead_id, array_agg(rule_id) AS rules, array_agg(facts) AS facts,
                array_agg(raw) AS raw, array_agg(points) AS points
            FROM fresh JOIN changed USING (lead_id) GROUP BY lead_id
        ), written AS (
            INSERT INTO scoring_leadscore (workspace_id, lead_id, model_id, value, lead_class,
                as_of, due_at, digest, rules, facts, raw, points)
            SELECT %(workspace)s, lead_id, %(model)s, value, lead_class, %(now)s, due_at, digest,
                coalesce(rules, '{{}}'), coalesce(facts, '{{}}'), coalesce(raw, '{{}}'),
                coalesce(points, '{{}}')
            FROM changed LEFT JOIN reasons USING (lead_id)
            ORDER BY lead_id
            ON CONFLICT (workspace_id, lead_id, model_id) DO UPDATE
            SET value = excluded.value, lead_class = excluded.lead_class, as_of = excluded.as_of,
                due_at = excluded.due_at, digest = excluded.digest, rules = excluded.rules,
                facts = excluded.facts, raw = excluded.raw, points = excluded.points
        ), moved AS (
            SELECT * FROM scored WHERE %(is_shown)s
              AND (shown_score, shown_class) IS DISTINCT FROM (value, lead_class)
        )
        {REMEMBERED}
        """,  # noqa: S608
        given.values
        | {
            "model": scorer.model_id,
            "is_shown": scorer.is_shown,
            "hot_from": scorer.hot_from,
            "warm_from": scorer.warm_from,
            "next_day": calendar.day(1) if scorer.is_timed else None,
            "zone": str(calendar.zone),
            "now": now,
        },
    )


def remember_changes(scorer: Scorer, batch: Batch, now: datetime) -> Statement:
    """The history of leads whose shown score or class is about to become what is worked out."""
    return Statement(
        f"""
        WITH moved AS (
            SELECT exact.*, lead.score AS shown_score, lead.lead_class AS shown_class
            FROM leads_lead AS lead JOIN scoring_leadscore AS exact
                ON exact.workspace_id = %(workspace)s AND exact.lead_id = lead.id
                AND exact.model_id = %(model)s AND exact.lead_id {batch.text}
            WHERE lead.workspace_id = %(workspace)s AND lead.id {batch.text}
              AND (lead.score, lead.lead_class) IS DISTINCT FROM (exact.value, exact.lead_class)
        )
        {REMEMBERED}
        """,  # noqa: S608
        batch.values | {"model": scorer.model_id, "now": now},
    )
