"""The ways people and companies go: how many took each step, how long it took, and who.

One table of moments is behind the counts and the rows, so that a bar opens exactly whom it counts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from leads.models import Company, Lead
from reports.queries.people import IN_PERIOD, JOURNEYS
from reports.scope import Counting, Scope


class Counted(StrEnum):
    """Who goes the way; a company has come as far as the first of its people."""

    PEOPLE = "people"
    COMPANIES = "companies"


KEYS = {Counted.PEOPLE: "lead.id", Counted.COMPANIES: "lead.company_id"}

# Bought: the first won deal; again: the second one, of the person or of anybody in the company.
WAY = """
WITH {journeys},
step AS (
    SELECT {key} AS id, min(journey.created_at) AS began_at, min(journey.mql_at) AS mql_at,
        min(journey.sql_at) AS sql_at, min(journey.customer_at) AS customer_at
    FROM journey JOIN leads_lead AS lead USING (id)
    WHERE {key} IS NOT NULL
      AND (%(segment)s::uuid IS NULL OR EXISTS (
        SELECT FROM leads_membership AS membership
        WHERE membership.workspace_id = %(workspace)s AND membership.lead_id = lead.id
          AND membership.segment_id = %(segment)s::uuid AND membership.left_at IS NULL))
    GROUP BY 1
),
sold AS (
    SELECT {key} AS id, array_agg(deal.closed_at ORDER BY deal.closed_at) AS moments
    FROM journey JOIN leads_lead AS lead USING (id)
    JOIN funnel_deal AS deal ON deal.workspace_id = %(workspace)s
      AND deal.lead_id = lead.id AND deal.status = 'won'
    GROUP BY 1
),
way AS (
    SELECT step.*, sold.moments[1] AS bought_at, sold.moments[2] AS again_at
    FROM step LEFT JOIN sold USING (id)
)
"""

STEPS = ("began", "mql", "sql", "customer", "bought", "again")

STAYS = """
WITH {journeys},
stay AS (
    SELECT move.from_stage AS stage, move.moved_at AS left_at, journey.created_at,
        move.moved_at - coalesce(
            lag(move.moved_at) OVER (PARTITION BY move.lead_id ORDER BY move.moved_at, move.id),
            journey.created_at) AS lasted
    FROM journey JOIN funnel_stagemove AS move
      ON move.workspace_id = %(workspace)s AND move.lead_id = journey.id
    WHERE %(segment)s::uuid IS NULL OR EXISTS (
        SELECT FROM leads_membership AS membership
        WHERE membership.workspace_id = %(workspace)s AND membership.lead_id = journey.id
          AND membership.segment_id = %(segment)s::uuid AND membership.left_at IS NULL)
)
SELECT stage, count(*), avg(lasted), percentile_disc(0.5) WITHIN GROUP (ORDER BY lasted)
FROM stay WHERE lasted >= interval '0' AND {within} GROUP BY 1
"""


@dataclass(frozen=True)
class Taken:
    """How many took a step, and the median time since the step before it."""

    count: int
    median: timedelta | None


@dataclass(frozen=True)
class Stayed:
    """How long people stayed in a stage they left."""

    stage: str
    count: int
    average: timedelta
    median: timedelta


def taken(steps: Sequence[str], scope: Scope, counted: Counted, segment: Any) -> list[Taken]:
    """The counts and times of these steps, in their order; one statement."""
    parts = [_count(step, steps[nth - 1] if nth else "", scope) for nth, step in enumerate(steps)]
    sql = f"{_way(counted)} SELECT {', '.join(parts)} FROM way"  # noqa: S608 (our own names)
    (row,) = _fetch(sql, scope, segment)
    return [Taken(row[2 * nth], row[2 * nth + 1]) for nth in range(len(steps))]


def who(step: str, scope: Scope, counted: Counted, segment: Any) -> "QuerySet[Any]":
    """The very people or companies a step counts."""
    sql = f"{_way(counted)} SELECT id FROM way WHERE {_counts(step, scope)}"  # noqa: S608
    chosen = RawSQL(*_positional(sql, _values(scope, segment)))  # noqa: S611 (ditto)
    if counted is Counted.COMPANIES:
        return Company.objects.filter(pk__in=chosen)
    return Lead.objects.filter(pk__in=chosen).select_related("company", "owner", "campaign")


def stayed(scope: Scope, segment: Any) -> list[Stayed]:
    """Time in each stage that was left in the period, or by the leads of the period."""
    moment = "created_at" if scope.counting is Counting.COHORT else "left_at"
    sql = STAYS.format(journeys=JOURNEYS, within=IN_PERIOD.format(moment=moment))
    return [Stayed(*row) for row in _fetch(sql, scope, segment)]


def _way(counted: Counted) -> str:
    return WAY.format(journeys=JOURNEYS, key=KEYS[counted])


def _counts(step: str, scope: Scope) -> str:
    """Whom a step counts: who took it in the period, or of those who began in it."""
    moment = f"{step}_at"
    if scope.counting is Counting.COHORT:
        return f"{moment} IS NOT NULL AND {IN_PERIOD.format(moment='began_at')}"
    return IN_PERIOD.format(moment=moment)


def _count(step: str, before: str, scope: Scope) -> str:
    counts = _counts(step, scope)
    if not before:
        return f"count(*) FILTER (WHERE {counts}), NULL::interval"
    took = f"{step}_at - {before}_at"
    return (
        f"count(*) FILTER (WHERE {counts}), percentile_disc(0.5) WITHIN GROUP (ORDER BY {took})"
        f" FILTER (WHERE {counts} AND {step}_at >= {before}_at)"
    )


def _values(scope: Scope, segment: Any) -> dict[str, Any]:
    return scope.values() | {"segment": segment}


def _fetch(sql: str, scope: Scope, segment: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(scope, segment))
        return list(cursor.fetchall())


def _positional(sql: str, values: dict[str, Any]) -> tuple[str, list[Any]]:
    """The statement with its parameters in their order, as an expression takes them."""
    names: list[str] = re.findall(r"%\((\w+)\)s", sql)
    return re.sub(r"%\(\w+\)s", "%s", sql), [values[name] for name in names]
