"""What it cost and what it brought, in cents."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from reports.models import CostLine
from reports.queries.people import IN_PERIOD, JOURNEYS, Dimension
from reports.scope import Counting, Scope

SALES = """
WITH {journeys}
SELECT {dimension}, count(*), coalesce(sum(deal.amount), 0)::bigint,
    coalesce(sum(deal.margin) FILTER (WHERE {is_new}), 0)::bigint
FROM journey JOIN funnel_deal AS deal
  ON deal.workspace_id = %(workspace)s AND deal.lead_id = journey.id AND deal.status = 'won'
WHERE {within} GROUP BY 1
"""
WITHIN = {
    Counting.PERIOD: IN_PERIOD.format(moment="deal.closed_at"),
    Counting.COHORT: IN_PERIOD.format(moment="journey.created_at"),
}
IS_NEW = {
    Counting.PERIOD: IN_PERIOD.format(moment="journey.customer_at"),
    Counting.COHORT: "TRUE",
}

# A cost counts by the days it has in the period; parts of adjoining periods add up exactly
# (formulas.spread says the same in Python).
PART = """
(cost.amount * (least(cost.ends_on, %(last)s::date) - cost.starts_on + 1)
    / (cost.ends_on - cost.starts_on + 1)
 - cost.amount * greatest(%(first)s::date - cost.starts_on, 0)
    / (cost.ends_on - cost.starts_on + 1))
"""
COSTS = """
SELECT campaign_id, sum({part})::bigint FROM reports_costline AS cost
WHERE workspace_id = %(workspace)s AND starts_on <= %(last)s AND ends_on >= %(first)s
  AND (%(campaign)s::uuid IS NULL OR campaign_id = %(campaign)s::uuid)
GROUP BY 1
""".replace("{part}", PART)


@dataclass(frozen=True)
class Sales:
    """Won deals: how many, what they brought in, and the gross margin of new customers."""

    deals: int = 0
    revenue: int = 0
    margin_of_new: int = 0


def sales(scope: Scope) -> Sales:
    """Won deals of the scope; one statement."""
    return sales_by(Dimension.TOTAL, scope).get("", Sales())


def sales_by(dimension: Dimension, scope: Scope) -> dict[Any, Sales]:
    """Won deals by the source or campaign their lead first came with; one statement."""
    column = dimension.value if dimension is Dimension.TOTAL else f"journey.{dimension.value}"
    sql = SALES.format(
        journeys=JOURNEYS,
        dimension=column,
        is_new=IS_NEW[scope.counting],
        within=WITHIN[scope.counting],
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, scope.values())
        return {key: Sales(*rest) for key, *rest in cursor.fetchall()}


def costs_by_campaign(scope: Scope) -> dict[Any, int]:
    """Cost in the period by campaign; the key None holds what all campaigns share."""
    with connection.cursor() as cursor:
        cursor.execute(COSTS, scope.values())
        return dict(cursor.fetchall())


def cost_lines(scope: Scope) -> QuerySet[CostLine]:
    """The lines behind the cost of the scope, each with its `part` that falls into the period."""
    period = scope.period
    lines = CostLine.objects.filter(starts_on__lte=period.last, ends_on__gte=period.first)
    if scope.campaign_id:
        lines = lines.filter(campaign_id=scope.campaign_id)
    return lines.select_related("campaign", "entered_by").annotate(part=_part(scope))


def _part(scope: Scope) -> Any:
    named = PART.replace("cost.", "reports_costline.")
    sql = named.replace("%(first)s", "%s").replace("%(last)s", "%s")
    return RawSQL(sql, [scope.period.last, scope.period.first], BigIntegerField())  # noqa: S611
