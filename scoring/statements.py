"""The set-wise SQL of scoring: facts to hits, hits and profiles to contributions and scores.

Each statement works on a batch of leads: a list, or a range of ids (chunks of a recompute).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from leadmgmt.kernel.strict import as_jsonb
from leads.conditions import Calendar
from leads.conditions.sql.activities import match_sql
from leads.conditions.sql.nodes import node_sql
from leads.conditions.sql.pieces import Setting, Sql, joined
from scoring.rules import BehaviourRule, Looked, ProfileRule, Scorer

CLOCK_SKEW = 3  # days ahead of today that may hold facts
MOST_POINTS = 1_000_000_000  # what one rule can give, however many facts there are


@dataclass(frozen=True)
class Batch:
    """Which leads: text to follow a column, and its values."""

    text: str
    values: dict[str, Any]


def these(lead_ids: Sequence[UUID]) -> Batch:
    """A list of leads."""
    return Batch("= ANY(%(leads)s::uuid[])", {"leads": list(lead_ids)})


def between(first: UUID, last: UUID) -> Batch:
    """All leads from one id to another."""
    return Batch("BETWEEN %(first)s AND %(last)s", {"first": first, "last": last})


@dataclass(frozen=True)
class Statement:
    """SQL and its named values."""

    text: str
    values: dict[str, Any]


# Facts → hits


def facts(
    patterns: Sequence[Looked], batch: Batch, calendar: Calendar, since: date | None = None
) -> Statement:
    """Which pattern was matched how often on which day: each fact is read once.

    Both ends of time are named, so that months without facts are not looked at; a clock may be
    ahead of ours by a day.
    """
    text, values = _numbers((each.number, match_sql(each.test)) for each in patterns).named("match")
    earliest = "" if since is None else "AND activity.occurred_at >= %(from)s"
    return Statement(
        f"""
        SELECT lead_id, pattern, day, count(*) AS count FROM (
            SELECT activity.lead_id, unnest({text}) AS pattern,
                (activity.occurred_at AT TIME ZONE %(zone)s)::date AS day
            FROM leads_activity AS activity
            WHERE activity.workspace_id = %(workspace)s AND activity.lead_id {batch.text}
              AND activity.occurred_at < %(until)s {earliest}
              AND activity.kind = ANY(%(kinds)s)
        ) AS matched
        GROUP BY 1, 2, 3
        """,  # noqa: S608
        {
            **values,
            **batch.values,
            "zone": str(calendar.zone),
            "from": None if since is None else calendar.start_of(since),
            "until": calendar.start_of(calendar.day(CLOCK_SKEW)),
            "kinds": sorted({each.test.kind for each in patterns}),
        },
    )


def _numbers(tests: Iterable[tuple[int, Sql]]) -> Sql:
    """The numbers of the tests a row passes, as an array."""
    cases = joined(", ", (test.inside("CASE WHEN ", f" THEN {n} END") for n, test in tests))
    return cases.inside("array_remove(ARRAY[", "]::int[], NULL)")


def refresh_hits(
    patterns: Sequence[Looked], batch: Batch, calendar: Calendar, since: date | None = None
) -> Statement:
    """Make the hits of the batch what the facts say, from a day on; write only what differs."""
    fact = facts(patterns, batch, calendar, since)
    return Statement(
        f"""
        WITH fact AS MATERIALIZED ({fact.text}),
        old AS MATERIALIZED (
            SELECT lead_id, pattern, day, count FROM scoring_hit
            WHERE workspace_id = %(workspace)s AND lead_id {batch.text}
              AND pattern = ANY(%(patterns)s) AND day >= %(since)s
        ), gone AS (
            DELETE FROM scoring_hit AS hit USING (
                SELECT lead_id, pattern, day FROM old
                EXCEPT SELECT lead_id, pattern, day FROM fact
            ) AS lost
            WHERE hit.workspace_id = %(workspace)s AND hit.lead_id {batch.text}
              AND hit.lead_id = lost.lead_id
              AND hit.pattern = lost.pattern AND hit.day = lost.day
        )
        INSERT INTO scoring_hit (workspace_id, lead_id, pattern, day, count)
        SELECT %(workspace)s, lead_id, pattern, day, fact.count
        FROM fact LEFT JOIN old USING (lead_id, pattern, day)
        WHERE old.count IS DISTINCT FROM fact.count
        ORDER BY lead_id
        ON CONFLICT (workspace_id, lead_id, pattern, day) DO UPDATE SET count = excluded.count
        """,  # noqa: S608
        fact.values | {"patterns": [each.number for each in patterns], "since": since or date.min},
    )


# Hits and profiles → contributions

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
    return _numbers(enumerate(conditions)).named("profile")


# Contributions → scores

CLASS = """
    CASE WHEN {value} >= %(hot_from)s THEN 'hot' WHEN {value} >= %(warm_from)s THEN 'warm'
         ELSE 'cold' END
"""

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


# Scores → what lists show


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


# A version nobody has published yet

NO_FACTS = Statement(
    "SELECT NULL::uuid AS lead_id, 0 AS pattern, NULL::date AS day, 0 AS count WHERE false", {}
)

SIMULATED = """
    WITH {given},
    total AS (SELECT lead_id, sum(points)::int AS value FROM fresh GROUP BY lead_id)
    SELECT lead.lead_class, {lead_class}, (lead.score >= %(line)s) IS TRUE,
        coalesce(total.value, 0) >= %(line)s, count(*)
    FROM lead LEFT JOIN total ON total.lead_id = lead.id
    GROUP BY 1, 2, 3, 4
"""


def simulate(scorer: Scorer, batch: Batch, calendar: Calendar, line: int) -> Statement:
    """How leads would be classed, straight from the facts, beside how they are now; no writing.

    Rows: class now, class then, at or above `line` now, then, how many leads.
    """
    fact = facts(scorer.patterns, batch, calendar) if scorer.patterns else NO_FACTS
    given = contributions(scorer, batch, calendar, hits=fact.text)
    lead_class = CLASS.format(value="coalesce(total.value, 0)")
    return Statement(
        SIMULATED.format(given=given.text, lead_class=lead_class),
        fact.values
        | given.values
        | {"line": line, "hot_from": scorer.hot_from, "warm_from": scorer.warm_from},
    )
