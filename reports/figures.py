"""The figures of the dashboard: each with its formula's value and its rows; see `definitions`.

Where a rate is shown its label names both ends and what is counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports import formulas
from reports.definitions import DEFINITIONS, OF_COST, OF_CYCLES, Definition, Unit
from reports.queries import money, people
from reports.queries.people import Dimension, Durations, People
from reports.scope import Cycles, Scope
from sla.queries import Attainment, attainment


@dataclass(frozen=True)
class Figure:
    """One number: what it is called, how it is defined, and which list opens behind it."""

    key: str
    label: str
    value: Any
    unit: Unit
    definition: str
    rows: str
    change: float | None = None
    good: str = "up"


@dataclass(frozen=True)
class Results:
    """Everything the figures of one scope are made of; money in cents."""

    people: People
    sales: money.Sales
    cost: int
    consideration: Durations
    sla: Attainment


@dataclass(frozen=True)
class Line:
    """One row of the table of sources or campaigns; `cost` is None where none can be told."""

    key: Any
    people: People
    sales: money.Sales
    cost: int | None = None

    @property
    def cost_per_lead(self) -> int | None:
        """CPL in cents."""
        return None if self.cost is None else formulas.cost_per(self.cost, self.people.leads)

    @property
    def cost_per_customer(self) -> int | None:
        """CPA in cents."""
        return None if self.cost is None else formulas.cost_per(self.cost, self.people.customers)

    @property
    def roi(self) -> float | None:
        """Return on gross margin of new customers."""
        return None if self.cost is None else formulas.roi(self.sales.margin_of_new, self.cost)

    @property
    def lead_to_customer(self) -> float | None:
        """Customers as a share of leads."""
        return formulas.rate(self.people.customers, self.people.leads)


@dataclass(frozen=True)
class StageRate:
    """From one named end to the other."""

    label: Any
    value: float | None


def results(scope: Scope) -> Results:
    """All measures of a scope; six statements."""
    period = scope.period
    return Results(
        people=people.people(scope),
        sales=money.sales(scope),
        cost=sum(money.costs_by_campaign(scope).values()),
        consideration=people.consideration_time(scope),
        sla=attainment(period.since, period.until, **scope.of_leads()),
    )


def figures(
    now: Results,
    before: Results | None,
    *,
    has_cost: bool = True,
    cycles: Cycles = Cycles.ALL,
) -> list[Figure]:
    """Every figure of the dashboard, in reading order, with its change where there is one.

    A single source has no cost of its own (`has_cost`): what it cost cannot be said. Of some
    cycles alone (`cycles`) people are counted, and nothing else.
    """
    known = [*OF_CYCLES[cycles], *(each for each in DEFINITIONS if cycles is Cycles.ALL)]
    made = [_figure(definition, now, before) for definition in known]
    return [each for each in made if has_cost or each.key not in OF_COST]


def stage_rates(counts: People, *, is_by_cycle: bool = False) -> list[StageRate]:
    """Each step of the funnel as a rate that names both ends; visits are of no cycle."""
    steps = (
        (_("Visitors → leads"), counts.leads, counts.visitors),
        (_("Visits → leads"), counts.leads, counts.visits),
        (_("Leads → MQLs"), counts.mqls, counts.leads),
        (_("MQLs → SQLs"), counts.sqls, counts.mqls),
        (_("SQLs → customers"), counts.customers, counts.sqls),
        (_("Leads → customers"), counts.customers, counts.leads),
    )
    told = steps[2:] if is_by_cycle else steps
    return [StageRate(label, formulas.rate(reached, of)) for label, reached, of in told]


def source_lines(scope: Scope) -> list[Line]:
    """One line a source, most leads first; a source has no cost of its own."""
    return _lines(Dimension.SOURCE, scope, costs=None)


def campaign_lines(scope: Scope) -> list[Line]:
    """One line a campaign, and None for people and costs without one; most leads first."""
    return _lines(Dimension.CAMPAIGN, scope, costs=money.costs_by_campaign(scope))


def _lines(dimension: Dimension, scope: Scope, costs: dict[Any, int] | None) -> list[Line]:
    counts = people.people_by(dimension, scope)
    sold = money.sales_by(dimension, scope)
    keys = counts.keys() | sold.keys() | (costs or {}).keys()
    made = [
        Line(
            key,
            counts.get(key, People()),
            sold.get(key, money.Sales()),
            None if costs is None else costs.get(key, 0),
        )
        for key in keys
    ]
    return sorted(made, key=lambda line: (-line.people.leads, str(line.key)))


def _figure(definition: Definition, now: Results, before: Results | None) -> Figure:
    value = VALUES[definition.key](now)
    earlier = VALUES[definition.key](before) if before else None
    return Figure(
        definition.key,
        str(definition.label),
        value,
        definition.unit,
        str(definition.definition),
        definition.rows,
        _change(value, earlier),
        definition.good,
    )


def _change(value: Any, earlier: Any) -> float | None:
    return float(value / earlier - 1) if value is not None and earlier and earlier > 0 else None


def _days(measure: Durations) -> float | None:
    return measure.median.total_seconds() / 86_400 if measure.median is not None else None


VALUES: dict[str, Callable[[Results], Any]] = {
    "visits": lambda r: r.people.visits,
    "leads": lambda r: r.people.leads,
    "mqls": lambda r: r.people.mqls,
    "sqls": lambda r: r.people.sqls,
    "customers": lambda r: r.people.customers,
    "cost": lambda r: r.cost,
    "cost_per_lead": lambda r: formulas.cost_per(r.cost, r.people.leads),
    "cost_per_customer": lambda r: formulas.cost_per(r.cost, r.people.customers),
    "revenue": lambda r: r.sales.revenue,
    "average_deal": lambda r: formulas.average(r.sales.revenue, r.sales.deals),
    "margin": lambda r: r.sales.margin_of_new,
    "roi": lambda r: formulas.roi(r.sales.margin_of_new, r.cost),
    "consideration": lambda r: _days(r.consideration),
    "sla": lambda r: r.sla.share,
}
