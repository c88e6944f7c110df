"""Each lead may have a “today” of its own: the day on which something about it was decided."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from leadmgmt.workspaces.models import Workspace
from leads.conditions import Calendar, parse
from leads.conditions.sql.nodes import node_sql
from leads.conditions.sql.pieces import Setting
from tests.builders import a_lead, an_activity

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OWN = Calendar(date(2026, 3, 30), ZoneInfo("Europe/Athens"), column="lead.decided_on")


def holding(tree: dict[str, Any], acme: Workspace) -> set[str]:
    """Names of the leads for which the condition held on the day each was first seen."""
    asked = node_sql(parse(tree).root, Setting(lambda: OWN))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM (SELECT *, (first_seen_at AT TIME ZONE 'Europe/Athens')::date"
            " AS decided_on FROM leads_lead WHERE workspace_id = %s) AS lead"
            f" WHERE {asked.text}",
            [acme.pk, *asked.params],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def acme_of_old(acme: Workspace) -> Workspace:
    """Two leads who did the same on the same day; one was decided on then, one a month later."""
    for name, decided_at in (("Early", NOW + DAY), ("Late", NOW + 30 * DAY)):
        lead = a_lead(name=name, created_at=NOW, stage_entered_at=NOW, first_seen_at=decided_at)
        an_activity(lead, kind="form_submitted", occurred_at=NOW)
    return acme


@pytest.mark.parametrize(
    ("tree", "names"),
    [
        ({"field": "created_at", "within_days": 1}, {"Early"}),
        ({"field": "created_at", "more_than_days_ago": 1}, {"Late"}),
        ({"field": "created_at", "is_on": "2026-03-10"}, {"Early", "Late"}),
        ({"field": "days_in_stage", "is": 30}, {"Late"}),
        ({"activity": "form_submitted", "within_days": 7}, {"Early"}),
        ({"activity": "form_submitted", "more_than_days_ago": 7}, {"Late"}),
        ({"activity": "form_submitted", "at_least": 2}, set()),
        ({"activity": "form_submitted", "within_days": 7, "never": True}, {"Late"}),
    ],
)
def test_days_are_counted_from_the_lead_s_own(
    tree: dict[str, Any], names: set[str], acme_of_old: Workspace
) -> None:
    assert holding(tree, acme_of_old) == names
