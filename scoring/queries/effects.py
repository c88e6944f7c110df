"""What publishing a draft would change."""

from dataclasses import dataclass
from datetime import datetime

from leadmgmt.kernel.sql import fetch
from leads.conditions import calendar_at
from leads.models import LeadClass
from scoring import statements
from scoring.line import mql_line
from scoring.models import ModelVersion
from scoring.rules import scorer_of
from scoring.statements import Batch

EVERYBODY = Batch("IS NOT NULL", {})


@dataclass(frozen=True)
class Effect:
    """How many leads there are by class, now and then, and who crosses the line to MQL.

    `line`: the score that makes an MQL, None where no score does.
    """

    leads: int
    changed: int
    now: dict[str, int]
    then: dict[str, int]
    line: int | None
    gaining: int
    losing: int


def effect_of(version: ModelVersion, now: datetime) -> Effect:
    """Work the version out for all leads, straight from the facts, without writing anything."""
    line = None if version.is_by_decisions else mql_line()
    statement = statements.simulate(
        scorer_of(version), EVERYBODY, calendar_at(now), 0 if line is None else line
    )
    rows = fetch(statement.text, **statement.values)
    return Effect(
        leads=sum(count for *_, count in rows),
        changed=sum(count for before, after, *_, count in rows if before != after),
        now={name: sum(row[-1] for row in rows if row[0] == name) for name in LeadClass.values},
        then={name: sum(row[-1] for row in rows if row[1] == name) for name in LeadClass.values},
        line=line,
        gaining=sum(count for _, _, was, will, count in rows if will and not was),
        losing=sum(count for _, _, was, will, count in rows if was and not will),
    )
