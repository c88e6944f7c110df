"""How many people came how far: visits, leads, MQLs, SQLs, customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from reports.scope import Counting, Scope

# When each lead first came at least as far as a stage: a customer was also an MQL and an SQL, be
# it for a moment, so that no rate between two stages can exceed one in a cohort.
JOURNEYS = """
reached AS (
    SELECT lead_id,
        min(moved_at) FILTER (WHERE to_stage IN ('mql', 'sql', 'customer')) AS mql_at,
        min(moved_at) FILTER (WHERE to_stage IN ('sql', 'customer')) AS sql_at,
        min(moved_at) FILTER (WHERE to_stage = 'customer') AS customer_at
    FROM funnel_stagemove WHERE workspace_id = %(workspace)s
      AND (%(cycles)s = 'all' OR (cycle = 1) = (%(cycles)s = 'first'))
    GROUP BY lead_id
),
second AS (
    SELECT lead_id, min(closed_at) AS begun_at FROM funnel_closedcycle
    WHERE workspace_id = %(workspace)s AND %(cycles)s = 'later' GROUP BY lead_id
),
journey AS (
    SELECT lead.id, lead.source, lead.campaign_id,
        coalesce(second.begun_at, lead.created_at) AS created_at,
        least(lead.first_seen_at, lead.created_at) AS first_contact_at,
        reached.mql_at, reached.sql_at, reached.customer_at
    FROM leads_lead AS lead LEFT JOIN reached ON reached.lead_id = lead.id
    LEFT JOIN second ON second.lead_id = lead.id
    WHERE lead.workspace_id = %(workspace)s
      AND (%(cycles)s <> 'later' OR second.begun_at IS NOT NULL)
      AND (%(source)s = '' OR lead.source = %(source)s)
      AND (%(campaign)s::uuid IS NULL OR lead.campaign_id = %(campaign)s::uuid)
)
"""

IN_PERIOD = "{moment} >= %(since)s AND {moment} < %(until)s"

COUNTS = {
    Counting.PERIOD: ", ".join(
        f"count(*) FILTER (WHERE {IN_PERIOD.format(moment=moment)})"
        for moment in ("created_at", "mql_at", "sql_at", "customer_at")
    ),
    Counting.COHORT: "count(*), count(mql_at), count(sql_at), count(customer_at)",
}
WITHIN = {Counting.PERIOD: "TRUE", Counting.COHORT: IN_PERIOD.format(moment="created_at")}

STAGES = """
WITH {journeys} SELECT {dimension}, {counts} FROM journey WHERE {within} GROUP BY 1
"""

VISITS = """
SELECT {dimension}, count(*), count(DISTINCT visitor_id) FROM leads_activity
WHERE workspace_id = %(workspace)s AND kind = 'visit' AND NOT is_machine
  AND occurred_at >= %(since)s AND occurred_at < %(until)s
  AND (%(source)s = '' OR source = %(source)s)
  AND (%(campaign)s::uuid IS NULL OR campaign_id = %(campaign)s::uuid)
GROUP BY 1
"""

DAILY = """
WITH {journeys}
SELECT (mql_at AT TIME ZONE %(zone)s)::date, count(*) FROM journey
WHERE mql_at >= %(since)s AND mql_at < %(until)s GROUP BY 1
"""

CONSIDERATION = """
WITH {journeys},
bought AS (
    SELECT min(deal.closed_at) - journey.first_contact_at AS took
    FROM journey JOIN funnel_deal AS deal
      ON deal.workspace_id = %(workspace)s AND deal.lead_id = journey.id AND deal.status = 'won'
    WHERE {customers}
    GROUP BY journey.id, journey.first_contact_at
)
SELECT count(*), {percentiles} FROM bought
"""
PERCENTILES = ", ".join(
    f"percentile_disc({share}) WITHIN GROUP (ORDER BY took)" for share in (0.5, 0.75, 0.9)
)
CUSTOMERS = {
    Counting.PERIOD: IN_PERIOD.format(moment="customer_at"),
    Counting.COHORT: IN_PERIOD.format(moment="journey.created_at"),
}


class Dimension(StrEnum):
    """What a table is broken down by; the value is the column."""

    TOTAL = "''::text"
    SOURCE = "source"
    CAMPAIGN = "campaign_id"


@dataclass(frozen=True)
class People:
    """Counts of people, but `visits` (visits) and `visitors` (browsers)."""

    visits: int = 0
    visitors: int = 0
    leads: int = 0
    mqls: int = 0
    sqls: int = 0
    customers: int = 0


@dataclass(frozen=True)
class Durations:
    """How long it took `count` people: median, 75th and 90th percentile (nearest rank)."""

    count: int
    median: timedelta | None
    p75: timedelta | None
    p90: timedelta | None


def people(scope: Scope) -> People:
    """All counts of the scope; two statements."""
    return people_by(Dimension.TOTAL, scope).get("", People())


def people_by(dimension: Dimension, scope: Scope) -> dict[Any, People]:
    """Counts by source or campaign: of the visit for visits, of the first touch for people.

    Visits always count in the period, also in a cohort. Two statements.
    """
    stages = {row[0]: row[1:] for row in _rows(_stages_sql(dimension, scope.counting), scope)}
    visits = {row[0]: row[1:] for row in _rows(VISITS.format(dimension=dimension.value), scope)}
    found = {
        key: People(*visits.get(key, (0, 0)), *stages.get(key, (0, 0, 0, 0)))
        for key in visits.keys() | stages.keys()
    }
    return {key: counts for key, counts in found.items() if counts != People()}


def daily_mqls(scope: Scope) -> list[tuple[date, int]]:
    """New MQLs on each day of the period, days without any included."""
    counts: dict[date, int] = dict(_rows(DAILY.format(journeys=JOURNEYS), scope))
    return [(day, counts.get(day, 0)) for day in scope.period]


def consideration_time(scope: Scope) -> Durations:
    """First contact → first won deal, of the scope's customers (see Counting)."""
    sql = CONSIDERATION.format(
        journeys=JOURNEYS, percentiles=PERCENTILES, customers=CUSTOMERS[scope.counting]
    )
    return Durations(*_rows(sql, scope)[0])


def _stages_sql(dimension: Dimension, counting: Counting) -> str:
    return STAGES.format(
        journeys=JOURNEYS,
        dimension=dimension.value,
        counts=COUNTS[counting],
        within=WITHIN[counting],
    )


def _rows(sql: str, scope: Scope) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, scope.values())
        return cursor.fetchall()
