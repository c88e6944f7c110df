"""Hits and profiles to contributions: what each rule, and each cap, gives each lead.

The SQL is written for the version at hand: what it does not use costs nothing.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from leadmgmt.kernel.strict import as_jsonb
from leads.conditions import Calendar
from leads.conditions.sql.nodes import node_sql
from leads.conditions.sql.pieces import Setting, Sql, joined
from scoring.rules import BehaviourRule, ProfileRule, Scorer
from scoring.statements.batches import STORED, Batch, Source, Statement
from scoring.statements.caps import capped_sql, is_capped
from scoring.statements.decay import next_fading_sql, next_step_sql, rounded_sql, shares_sql
from scoring.statements.hits import numbers_of

MOST_POINTS = 1_000_000_000  # what one rule can give, however many facts there are

HITS = """
    SELECT lead_id, pattern, day, count FROM scoring_hit
    WHERE workspace_id = %(workspace)s AND lead_id {batch}
"""
LEAD = """
    lead AS MATERIALIZED (
        SELECT lead.id, lead.score, lead.lead_class, lead.grade, {asked} FROM {leads} AS lead
        WHERE lead.workspace_id = %(workspace)s AND lead.id {batch}
    )
"""
COUNTED = """
    hit AS ({hits}),
    rule AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb) AS rule(
            place int, grp int, points int, pattern int, per text, since date, days int, cap int,
            least int, most int, half int)
    ), counted AS MATERIALIZED (
        SELECT hit.lead_id, rule.place,
            coalesce(sum(hit.count) FILTER (WHERE hit.day <= {today}), 0) AS facts,
            count(*) FILTER (WHERE hit.day <= {today}) AS days,
            min(CASE WHEN hit.day > {today} THEN hit.day ELSE {next_day} END) AS next_day{shares}
        FROM hit JOIN rule ON rule.pattern = hit.pattern AND {in_window}
        GROUP BY 1, 2
    )
"""
GIVEN = """
    given AS (
        SELECT lead.id AS lead_id, rule.place, rule.grp, 1 AS facts, NULL::int AS cap,
            rule.points::bigint AS raw{as_given}
        FROM lead CROSS JOIN unnest(lead.met) AS met(place) JOIN rule USING (place)
        UNION ALL
        SELECT counted.lead_id, rule.place, rule.grp, counted.facts, rule.cap,
            rule.points * CASE rule.per
                WHEN 'once' THEN 1 WHEN 'day' THEN counted.days ELSE counted.facts END{left_over}
        FROM counted JOIN rule USING (place)
        WHERE counted.facts >= greatest(rule.least, 1)
          AND (rule.most IS NULL OR counted.facts <= rule.most)
        {missing}
    )
"""
# Rules such as “never in the last 30 days” give points to leads without any fact.
MISSING = """
    UNION ALL
    SELECT lead.id, rule.place, rule.grp, 0, rule.cap, rule.points{as_given}
    FROM lead CROSS JOIN rule
    WHERE rule.least = 0 AND NOT EXISTS (
        SELECT FROM counted
        WHERE counted.lead_id = lead.id AND counted.place = rule.place AND counted.facts > 0)
"""
AS_GIVEN = ", rule.points::float8 AS left_over, rule.half"
LEFT_OVER = """,
    rule.points * CASE rule.per WHEN 'once' THEN counted.newest_share
        WHEN 'day' THEN counted.day_shares ELSE counted.fact_shares END, rule.half
"""
FRESH = """
    {name} AS MATERIALIZED (
        SELECT lead_id, place, facts::int AS facts, raw::bigint AS raw, {faded} AS faded,
            greatest(least({faded}, coalesce(cap, {most})), -coalesce(cap, {most}))::int AS points
            {besides}
        FROM {rows}
    )
"""
ROUNDED = "rounded AS (SELECT *, {faded} AS faded FROM given)"
DUE = "due AS (SELECT lead_id, min(next_day) AS day FROM {coming} GROUP BY lead_id)"
COMING = """(
    SELECT lead_id, next_day FROM counted UNION ALL SELECT lead_id, next_day FROM {name}
) AS coming"""
DECIDED = """
    contribution AS (
        SELECT id AS lead_id, decided AS place, 1 AS facts, 0::bigint AS raw, 0::bigint AS faded,
            0 AS points
        FROM lead WHERE decided IS NOT NULL
    ), due AS (SELECT NULL::uuid AS lead_id, NULL::date AS day WHERE false)
"""


def contributions(
    scorer: Scorer, batch: Batch, calendar: Calendar, source: Source = STORED
) -> Statement:
    """Common table expressions `lead`, `contribution` and `due`.

    `lead` is looked at once for all conditions. `due` says on which day the points of a lead can
    change by themselves. A hit of today or earlier counts from the first day of its rule's
    window; a later one waits for its day. Rules are called by their place.
    """
    if not source.is_now:
        scorer = replace(scorer, is_cycled=False)  # cycles of the past are not looked at
    asked, values = _asked(scorer, batch, calendar)
    lead = LEAD.format(asked=asked, leads=source.leads, batch=batch.text)
    text = DECIDED if scorer.is_by_decisions else _points_sql(scorer, batch, source)
    return Statement(
        f"{lead}, {text}",
        values
        | batch.values
        | source.values
        | {"rules": as_jsonb(_rows(scorer, calendar)), "today": calendar.today}
        | {"model": scorer.model_id},
    )


def _asked(scorer: Scorer, batch: Batch, calendar: Calendar) -> tuple[str, dict[str, Any]]:
    """The columns of a lead that say which conditions hold."""
    setting = Setting(lambda: calendar, among=batch.among, is_in_cycle=scorer.is_cycled)
    columns = [_decided(scorer, setting) if scorer.is_by_decisions else _met(scorer, setting)]
    if scorer.sorting.urgency is not None:
        urgent = node_sql(scorer.sorting.urgency.root, setting)
        columns.append(urgent.inside("(", ") IS TRUE AS is_urgent"))
    if scorer.is_carrying:
        columns.append(Sql("lead.cycle"))
    return joined(", ", columns).named("asked")


def _met(scorer: Scorer, setting: Setting) -> Sql:
    """The places of the profile rules it meets."""
    met = ((rule.place, node_sql(rule.condition.root, setting)) for rule in scorer.profile)
    return numbers_of(met).inside("", " AS met")


def _decided(scorer: Scorer, setting: Setting) -> Sql:
    """The place of the first decision rule that holds."""
    cases = (
        node_sql(each.condition.root, setting).inside("WHEN ", f" THEN {each.place}")
        for each in scorer.decisions
    )
    return joined(" ", cases).inside("CASE ", " END AS decided")


def _points_sql(scorer: Scorer, batch: Batch, source: Source) -> str:
    today = source.day or "%(today)s::date"
    name = "fresh" if is_capped(scorer) else "contribution"
    pieces = [_counted_sql(scorer, batch, source, today), _given_sql(scorer)]
    pieces += _fresh_sql(scorer, name, "" if source.day else today)
    if is_capped(scorer):
        pieces.append(capped_sql(scorer, batch.text))
    pieces.append(DUE.format(coming=COMING.format(name=name) if scorer.is_fading else "counted"))
    return ", ".join(pieces)


def _counted_sql(scorer: Scorer, batch: Batch, source: Source, today: str) -> str:
    age, next_day, shares = f"({today} - hit.day)", "hit.day + rule.days + 1", ""
    if scorer.is_fading:
        shares = shares_sql(scorer.behaviour, age, today)
        next_day = f"least({next_day}, {next_step_sql(scorer.behaviour, age)})"
    is_in_window = f"(rule.days IS NULL OR hit.day >= {today} - rule.days)"
    return COUNTED.format(
        hits=source.hits or HITS.format(batch=batch.text),
        today=today,
        next_day=next_day,
        shares=shares,
        in_window=is_in_window if source.day else "hit.day >= rule.since",
    )


def _given_sql(scorer: Scorer) -> str:
    as_given = AS_GIVEN if scorer.is_fading else ""
    may_be_missing = any(rule.least == 0 for rule in scorer.behaviour)
    return GIVEN.format(
        as_given=as_given,
        left_over=LEFT_OVER if scorer.is_fading else "",
        missing=MISSING.format(as_given=as_given) if may_be_missing else "",
    )


def _fresh_sql(scorer: Scorer, name: str, today: str) -> list[str]:
    """Without `today` nobody asks when points will fade further."""
    besides = ", grp" if scorer.groups else ""
    if not scorer.is_fading:
        return [_fresh("given", name, "raw::bigint", besides)]
    fades_on = next_fading_sql("left_over", "faded", "half", today) if today else "NULL::date"
    return [
        ROUNDED.format(faded=rounded_sql("left_over")),
        _fresh("rounded", name, "faded", f"{besides}, {fades_on} AS next_day"),
    ]


def _fresh(rows: str, name: str, faded: str, besides: str) -> str:
    return FRESH.format(rows=rows, name=name, faded=faded, besides=besides, most=MOST_POINTS)


def _rows(scorer: Scorer, calendar: Calendar) -> list[dict[str, Any]]:
    behaviour = (_row(rule, calendar) for rule in scorer.behaviour)
    return [*map(_profile_row, scorer.profile), *behaviour]


def _profile_row(rule: ProfileRule) -> dict[str, Any]:
    return {"place": rule.place, "grp": rule.group, "points": rule.points}


def _row(rule: BehaviourRule, calendar: Calendar) -> dict[str, Any]:
    window = rule.window_days
    return {
        "place": rule.place,
        "grp": rule.group,
        "pattern": rule.pattern,
        "points": rule.points,
        "per": rule.per,
        "since": date.min if window is None else calendar.day(-window),
        "days": window,
        "cap": rule.cap,
        "least": rule.least,
        "most": rule.most,
        "half": rule.fading.half_life if rule.fading else None,
    }
