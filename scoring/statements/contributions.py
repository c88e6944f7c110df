"""Hits and profiles to contributions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from leadmgmt.kernel.strict import as_jsonb
from leads.conditions import Calendar
from leads.conditions.sql.nodes import node_sql
from leads.conditions.sql.pieces import Setting
from scoring.rules import BehaviourRule, ProfileRule, Scorer
from scoring.statements.batches import Batch, Statement
from scoring.statements.hits import numbers_of

MOST_POINTS = 1_000_000_000  # what one rule can give, however many facts there are


HITS = """
    SELECT lead_id, pattern, day, count FROM scoring_hit
    WHERE workspace_id = %(workspace)s AND lead_id {batch}
"""


def contributions(scorer: Scorer, batch: Batch, calendar: Calendar, hits: str = "") -> Statement:
    """Common table expressions `lead`, `counted` and `fresh`: what each rule gives each lead.

    `lead` is looked at once for all profile rules. `counted` also says on which day the count can
    change by itself (`next_day`). A hit of today or earlier counts from the first day of its
    rule's window; a later one waits for its day. Rules are called by their number in the scorer.
    """
    met, values = _profile_tests(scorer.profile, calendar)
    text = f"""
        lead AS MATERIALIZED (
            SELECT lead.id, lead.score, lead.lead_class, {met} AS met FROM leads_lead AS lead
            WHERE lead.workspace_id = %(workspace)s AND lead.id {batch.text}
        ),
        hit AS ({hits or HITS.format(batch=batch.text)}),
        rule AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb) AS rule(
                number int, id uuid, points int, pattern int, per text, since date, days int,
                cap int, least int, most int)
        ), counted AS MATERIALIZED (
            SELECT hit.lead_id, rule.number,
                coalesce(sum(hit.count) FILTER (WHERE hit.day <= %(today)s), 0) AS facts,
                count(*) FILTER (WHERE hit.day <= %(today)s) AS days,
                min(CASE WHEN hit.day > %(today)s THEN hit.day
                         ELSE hit.day + rule.days + 1 END) AS next_day
            FROM hit JOIN rule ON rule.pattern = hit.pattern AND hit.day >= rule.since
            GROUP BY 1, 2
        ), given AS (
            SELECT lead.id AS lead_id, rule.id AS rule_id, 1 AS facts, NULL::int AS cap,
                rule.points::bigint AS raw
            FROM lead CROSS JOIN unnest(lead.met) AS met(number) JOIN rule USING (number)
            UNION ALL
            SELECT counted.lead_id, rule.id, counted.facts, rule.cap,
                rule.points * CASE rule.per
                    WHEN 'once' THEN 1 WHEN 'day' THEN counted.days ELSE counted.facts END
            FROM counted JOIN rule USING (number)
            WHERE counted.facts >= greatest(rule.least, 1)
              AND (rule.most IS NULL OR counted.facts <= rule.most)
            {_missing(scorer.behaviour)}
        ), fresh AS MATERIALIZED (
            SELECT lead_id, rule_id, facts::int AS facts, raw::bigint AS raw,
                greatest(least(raw, coalesce(cap, {MOST_POINTS})),
                    -coalesce(cap, {MOST_POINTS}))::int AS points
            FROM given
        )
    """  # noqa: S608
    return Statement(
        text,
        values
        | batch.values
        | {"rules": as_jsonb(_rows(scorer, calendar)), "today": calendar.today},
    )


def _rows(scorer: Scorer, calendar: Calendar) -> list[dict[str, Any]]:
    profile = [{"id": rule.id, "points": rule.points} for rule in scorer.profile]
    behaviour = [_row(rule, calendar) for rule in scorer.behaviour]
    return [{"number": n} | row for n, row in enumerate([*profile, *behaviour])]


def _row(rule: BehaviourRule, calendar: Calendar) -> dict[str, Any]:
    window = rule.window_days
    since = date.min if window is None else calendar.day(-window)
    return {
        "id": rule.id,
        "pattern": rule.pattern,
        "points": rule.points,
        "per": rule.per,
        "since": since,
        "days": window,
        "cap": rule.cap,
        "least": rule.least,
        "most": rule.most,
    }


def _missing(rules: Sequence[BehaviourRule]) -> str:
    """Rules such as “never in the last 30 days” give points to leads without any fact."""
    if all(rule.least > 0 for rule in rules):
        return ""
    return """
        UNION ALL
        SELECT lead.id, rule.id, 0, rule.cap, rule.points
        FROM lead CROSS JOIN rule
        WHERE rule.least = 0 AND NOT EXISTS (
            SELECT FROM counted
            WHERE counted.lead_id = lead.id AND counted.number = rule.number
              AND counted.facts > 0)
    """


def _profile_tests(rules: Sequence[ProfileRule], calendar: Calendar) -> tuple[str, dict[str, Any]]:
    """The numbers of the profile rules a lead meets."""
    setting = Setting(lambda: calendar)
    conditions = (node_sql(rule.condition.root, setting) for rule in rules)
    return numbers_of(enumerate(conditions)).named("profile")
