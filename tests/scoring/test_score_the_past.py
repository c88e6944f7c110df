"""The statements can be given leads and hits as they were, each lead with a day of its own."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from leadmgmt.kernel.sql import fetch
from leads.conditions import Calendar
from scoring.rules import scorer_of
from scoring.statements import Source, scored, these
from tests.builders import a_lead, an_activity
from tests.scoring.builders import PRICING, a_behaviour_rule, a_draft, a_profile_rule
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CALENDAR = Calendar(date(2026, 3, 30), ZoneInfo("UTC"), column="lead.decided_on")
THEN = "(SELECT *, first_seen_at::date AS decided_on FROM leads_lead)"
HITS = """
    SELECT lead.id AS lead_id, 1 AS pattern, activity.occurred_at::date AS day, count(*) AS count,
        lead.first_seen_at::date AS decided_on
    FROM leads_lead AS lead JOIN leads_activity AS activity
        ON activity.workspace_id = lead.workspace_id AND activity.lead_id = lead.id
    WHERE lead.workspace_id = %(workspace)s AND activity.occurred_at <= lead.first_seen_at
    GROUP BY 1, 3, 5
"""


def test_points_are_those_of_the_day_that_mattered(world: World) -> None:
    early, late = (
        a_lead(country="India", created_at=NOW, first_seen_at=NOW.replace(day=day))
        for day in (12, 17)
    )
    for lead in (early, late):
        for day in (10, 14):  # the second one is not known yet when the early one is decided
            at = NOW.replace(day=day)
            an_activity(lead, properties={"path": "/pricing"}, occurred_at=at)
    rules = (
        a_behaviour_rule(16, PRICING, decay="half_life", half_life_days=1, window_days=6),
        a_profile_rule(100, {"field": "created_at", "within_days": 5}),
    )
    scorer = scorer_of(a_draft(*rules))
    source = Source(leads=THEN, hits=HITS, day="hit.decided_on")

    found = scored(scorer, these([early.pk, late.pk]), CALENDAR, source)
    rows = fetch(found.text + "SELECT id, value FROM scored", **found.values)

    assert dict(rows) == {early.pk: 4 + 100, late.pk: 2}
