"""What would let a lead in, on its page."""

from datetime import UTC, datetime, timedelta

import pytest

from funnel.actions.definitions import start_funnel
from funnel.actions.stages import enter_stage
from funnel.models import Definition
from funnel.queries.entry import entry_check
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Stage
from tests.builders import a_lead
from tests.clients import client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
EITHER = {"any": [{"field": "score", "is_at_least": 50}, {"field": "country", "is": "Greece"}]}


@pytest.fixture(autouse=True)
def funnel(world: object) -> None:
    start_funnel(now=NOW)


def test_any_of_several_is_told_as_such() -> None:
    Definition.objects.filter(stage="mql").update(condition=EITHER)
    entry = entry_check(a_lead(score=60), now=NOW)
    assert entry is not None
    (part,) = entry.parts
    assert (part.sentence, part.is_met) == ("One of these", True)
    assert [each.is_met for each in part.parts] == [True, False]


def test_whom_a_colleague_sent_back_waits(max: Member) -> None:
    lead = a_lead(score=60, stage="mql")
    enter_stage([lead.pk], stage="lead", reason="A student", by=max, now=NOW)
    lead.refresh_from_db()
    entry = entry_check(lead, now=NOW + timedelta(days=1))
    assert entry is not None
    assert entry.is_open
    assert "A colleague sent it back" in entry.waits[0]


def test_a_stage_that_may_not_follow_is_told() -> None:
    Definition.objects.filter(stage="lead").update(moves_to=["nurturing"])
    entry = entry_check(a_lead(), Stage.SQL, now=NOW)
    assert entry is not None
    assert not entry.is_allowed


def test_the_page_says_what_is_missing(rita: Member) -> None:
    told = [{"name": "Others", "explanation": "", "condition": {}}]
    Definition.objects.filter(stage="lead").update(subcategories=told)
    lead = a_lead(score=20, highest_stage="sql")
    page = client_of(rita).get(workspace_reverse("leads:lead", id=lead.pk)).content.decode()
    assert "What would let this lead in" in page
    assert "1 thing missing" in page
    assert "Score is at least 50" in page
    assert "Came as far as" in page
    assert "<strong>Others</strong>" in page
