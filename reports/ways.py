"""The two ways we look at: the funnel of stages, and the journey from a visit to a regular."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reports import formulas
from reports.queries import people
from reports.queries.ways import Counted, Taken, taken
from reports.scope import Scope


@dataclass(frozen=True)
class WayStep:
    """A step: its key, what it is called, how it is defined; `rate` says both ends."""

    key: str
    label: Any
    definition: Any
    rate_label: Any = ""


@dataclass(frozen=True)
class Walked:
    """One step with its count, its rate and the median time since the step before."""

    step: WayStep
    taken: Taken
    rate: float | None


FUNNEL = (
    WayStep("began", _("Leads"), _("Became known.")),
    WayStep("mql", _("MQLs"), _("Came at least as far as MQL."), _("Leads → MQLs")),
    WayStep("sql", _("SQLs"), _("Came at least as far as SQL."), _("MQLs → SQLs")),
    WayStep("customer", _("Customers"), _("Became customers."), _("SQLs → customers")),
)
JOURNEY = (
    WayStep("began", _("First contact"), _("Became known.")),
    WayStep(
        "mql", _("Development"), _("Came at least as far as MQL."), _("First contact → development")
    ),
    WayStep("bought", _("First sale"), _("Won the first deal."), _("Development → first sale")),
    WayStep(
        "again", _("Regular customer"), _("Won a second deal."), _("First sale → regular customer")
    ),
)
WAYS = {"funnel": FUNNEL, "journey": JOURNEY}
TITLES = {"funnel": _("Funnel"), "journey": _("Journey")}
LABELS = {each.key: each for each in (*JOURNEY, *FUNNEL)}


@dataclass(frozen=True)
class Asked:
    """Which way, of whom, and within which limits."""

    scope: Scope
    counted: Counted = Counted.PEOPLE
    segment_id: UUID | None = None


def walk(way: str, asked: Asked) -> list[Walked]:
    """Every step with its figures; one statement."""
    steps = WAYS[way]
    found = taken([step.key for step in steps], asked.scope, asked.counted, asked.segment_id)
    before = [None, *found[:-1]]
    return [
        Walked(step, here, formulas.rate(here.count, former.count) if former else None)
        for step, here, former in zip(steps, found, before, strict=True)
    ]


def attraction(asked: Asked) -> int | None:
    """Visits that came first; none can be told of companies, or of a segment."""
    if asked.counted is Counted.COMPANIES or asked.segment_id:
        return None
    return people.people(asked.scope).visits
