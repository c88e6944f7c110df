"""What the figures of the dashboard mean, in the words people read, and what opens behind each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.scope import Counting, Cycles


class Unit(StrEnum):
    """How a value is written."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"


@dataclass(frozen=True)
class Definition:
    """One figure: its name and unit, the rows behind it, how it is worked out, what is good."""

    key: str
    label: Any
    unit: Unit
    rows: str
    definition: Any
    good: str = "up"


DEFINITIONS = (
    Definition(
        "visits", _("Visits"), Unit.COUNT, "visits",
        _("Visits to the tracked site in the period, without those judged to be machines."),
    ),
    Definition(
        "leads", _("New leads"), Unit.COUNT, "leads",
        _("People who became leads in the period."),
    ),
    Definition(
        "mqls", _("New MQLs"), Unit.COUNT, "mqls",
        _("People who came at least as far as MQL, counted once, at the first time."),
    ),
    Definition(
        "sqls", _("New SQLs"), Unit.COUNT, "sqls",
        _("People who came at least as far as SQL, counted once, at the first time."),
    ),
    Definition(
        "customers", _("New customers"), Unit.COUNT, "customers",
        _("People who bought for the first time."),
    ),
    Definition(
        "cost", _("Acquisition cost"), Unit.MONEY, "costs",
        _("Cost lines, each by the days it has in the period; shared costs included."), "none",
    ),
    Definition(
        "cost_per_lead", _("CPL, cost per lead"), Unit.MONEY, "costs",
        _("Acquisition cost / new leads."), "down",
    ),
    Definition(
        "cost_per_customer", _("CPA, cost per customer"), Unit.MONEY, "costs",
        _("Acquisition cost / new customers, over all levers."), "down",
    ),
    Definition(
        "revenue", _("Revenue"), Unit.MONEY, "deals", _("Amounts of the deals won."),
    ),
    Definition(
        "average_deal", _("Average deal"), Unit.MONEY, "deals", _("Revenue / deals won."),
    ),
    Definition(
        "margin", _("Gross margin of new customers"), Unit.MONEY, "deals",
        _("Margin of deals won by people who first bought in the period."),
    ),
    Definition(
        "roi", _("ROI on gross margin"), Unit.SHARE, "costs",
        _("(Gross margin of new customers − acquisition cost) / acquisition cost."),
    ),
    Definition(
        "consideration", _("Consideration time"), Unit.DAYS, "customers",
        _("Days from first contact to first purchase; the median of new customers."), "down",
    ),
    Definition(
        "sla", _("SLA attainment"), Unit.SHARE, "clocks",
        _("First responses made by their deadline / deadlines in the period."),
    ),
)  # fmt: skip

OF_CYCLES: dict[Cycles, tuple[Definition, ...]] = {
    Cycles.ALL: (),
    Cycles.FIRST: (
        Definition(
            "leads", _("New leads"), Unit.COUNT, "leads",
            _("People who became leads in the period: their first cycle began."),
        ),
        Definition(
            "mqls", _("New MQLs"), Unit.COUNT, "mqls",
            _("People who came at least as far as MQL in their first cycle, counted once."),
        ),
        Definition(
            "sqls", _("New SQLs"), Unit.COUNT, "sqls",
            _("People who came at least as far as SQL in their first cycle, counted once."),
        ),
        Definition(
            "customers", _("New customers"), Unit.COUNT, "customers",
            _("People who became customers in their first cycle."),
        ),
    ),
    Cycles.LATER: (
        Definition(
            "leads", _("People who began again"), Unit.COUNT, "leads",
            _("People whose first cycle was closed in the period, so that their second one began."),
        ),
        Definition(
            "mqls", _("MQLs of later cycles"), Unit.COUNT, "mqls",
            _("People who came at least as far as MQL after their first cycle, counted once."),
        ),
        Definition(
            "sqls", _("SQLs of later cycles"), Unit.COUNT, "sqls",
            _("People who came at least as far as SQL after their first cycle, counted once."),
        ),
        Definition(
            "customers", _("Customers of later cycles"), Unit.COUNT, "customers",
            _("People who became customers after their first cycle."),
        ),
    ),
}  # fmt: skip
CYCLES = {
    Cycles.ALL: _("All cycles"),
    Cycles.FIRST: _("First cycles"),
    Cycles.LATER: _("Later cycles"),
}

OF_COST = frozenset({"cost", "cost_per_lead", "cost_per_customer", "roi"})
COUNTINGS = {
    Counting.PERIOD: _("What happened in the period"),
    Counting.COHORT: _("Leads of the period, until today"),
}
