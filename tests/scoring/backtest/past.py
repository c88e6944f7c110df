"""A past with leads that became SQLs and leads that did not."""

from datetime import UTC, datetime, timedelta
from typing import Any

from leads.kinds import Kind
from leads.models import Lead
from scoring.cases import Study
from tests.builders import a_lead, an_activity

A_DAY = timedelta(days=1)
START = datetime(2026, 1, 5, tzinfo=UTC)
NOW = START + 300 * A_DAY
STUDY = Study(START, START + 100 * A_DAY, "sql", wait_days=14, within_days=30)


def one(day: int, *, wins: bool = False, views: int = 0, **given: Any) -> Lead:
    """A lead that looked at prices so often in its first days, and became an SQL or not."""
    lead = a_lead(created_at=START + day * A_DAY, **given)
    for nth in range(views):
        happened(lead, 1 + nth, Kind.PAGE_VIEW, path="/pricing/")
    if wins:
        happened(lead, 20, Kind.STAGE_ENTERED, to="sql")
    return lead


def happened(lead: Lead, after: int, kind: str, **properties: Any) -> None:
    at = lead.created_at + after * A_DAY
    an_activity(lead, kind=kind, occurred_at=at, received_at=at, properties=properties)


def people(won: int = 30, lost: int = 30) -> list[Lead]:
    """Winners from India who looked twice, losers from Norway who looked once."""
    winners = [one(nth, wins=True, views=2, country="India") for nth in range(won)]
    return winners + [one(nth, views=1, country="Norway") for nth in range(lost)]
