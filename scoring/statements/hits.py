"""Facts to hits."""

from collections.abc import Iterable, Sequence
from datetime import date

from leads.conditions import Calendar
from leads.conditions.sql.activities import match_sql
from leads.conditions.sql.pieces import IN_CYCLE, Sql, joined
from scoring.rules import Looked
from scoring.statements.batches import Batch, Statement

CLOCK_SKEW = 3  # days ahead of today that may hold facts


def facts(
    patterns: Sequence[Looked],
    batch: Batch,
    calendar: Calendar,
    since: date | None = None,
    *,
    is_cycled: bool = False,
) -> Statement:
    """Which pattern was matched how often on which day: each fact is read once.

    Both ends of time are named, so that months without facts are not looked at; a clock may be
    ahead of ours by a day. `is_cycled`: some leads are in a later cycle; what happened before it
    began counts no more.
    """
    text, values = numbers_of((each.number, match_sql(each.test)) for each in patterns).named(
        "match"
    )
    earliest = "" if since is None else "AND activity.occurred_at >= %(from)s"
    return Statement(
        f"""
        SELECT lead_id, pattern, day, count(*) AS count FROM (
            SELECT activity.lead_id, unnest({text}) AS pattern,
                (activity.occurred_at AT TIME ZONE %(zone)s)::date AS day
            FROM leads_activity AS activity
            WHERE activity.workspace_id = %(workspace)s AND activity.lead_id {batch.text}
              AND activity.occurred_at < %(until)s {earliest}
              AND activity.kind = ANY(%(kinds)s) {f"AND {IN_CYCLE}" if is_cycled else ""}
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


def numbers_of(tests: Iterable[tuple[int, Sql]]) -> Sql:
    """The numbers of the tests a row passes, as an array."""
    cases = joined(", ", (test.inside("CASE WHEN ", f" THEN {n} END") for n, test in tests))
    return cases.inside("array_remove(ARRAY[", "]::int[], NULL)")


def refresh_hits(
    patterns: Sequence[Looked],
    batch: Batch,
    calendar: Calendar,
    since: date | None = None,
    *,
    is_cycled: bool = False,
) -> Statement:
    """Make the hits of the batch what the facts say, from a day on; write only what differs."""
    fact = facts(patterns, batch, calendar, since, is_cycled=is_cycled)
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
