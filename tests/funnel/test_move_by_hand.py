"""Where a lead may be moved by hand, and why it leaves: as the definitions in force say."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from funnel.actions.definitions import start_funnel
from funnel.actions.leaving import CannotMoveLead
from funnel.actions.stages import move_lead
from funnel.bulk import STAGE
from funnel.models import Definition, StageMove
from funnel.panels import stage_panel
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.bulk import Work
from leads.models import Lead
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def lead(world: object) -> Lead:
    start_funnel(now=NOW)
    return a_lead(stage="mql")


@pytest.fixture
def browser(max: Member) -> Client:
    return client_of(max)


def define(stage: str, **given: Any) -> None:
    Definition.objects.filter(stage=stage).update(**given)


def test_only_the_stages_the_definition_names_may_follow(lead: Lead, max: Member) -> None:
    define("mql", moves_to=["sql", "nurturing"])
    sentence = "From MQL a lead does not go to Lead, but to: SQL, Nurturing."
    with pytest.raises(CannotMoveLead, match=sentence):
        move_lead(lead, stage="lead", reason="Too early", by=max, now=NOW)
    move_lead(lead, stage="nurturing", reason="", exit_reason="Not now", by=max, now=NOW)


def test_a_dead_end_says_so(lead: Lead, max: Member) -> None:
    define("mql", moves_to=[])
    with pytest.raises(CannotMoveLead, match="Nobody goes on from MQL by hand"):
        move_lead(lead, stage="lead", reason="Too early", by=max, now=NOW)


def test_who_leaves_backwards_leaves_for_a_reason_of_the_list(lead: Lead, max: Member) -> None:
    with pytest.raises(CannotMoveLead, match="Choose why the lead leaves MQL: No need, No budget"):
        move_lead(lead, stage="nurturing", reason="Holidays", by=max, now=NOW)
    with pytest.raises(CannotMoveLead, match="“Bored” is no exit reason of MQL"):
        move_lead(lead, stage="nurturing", reason="", exit_reason="Bored", by=max, now=NOW)
    told: dict[str, Any] = {"reason": "until May", "exit_reason": "No budget"}
    move_lead(lead, stage="nurturing", **told, by=max, now=NOW)
    move = StageMove.objects.get()
    assert (move.exit_reason, move.reason) == ("No budget", "No budget: until May")


def test_who_goes_on_needs_no_exit_reason(max: Member, lead: Lead) -> None:
    fresh = a_lead(stage="lead")
    move_lead(fresh, stage="mql", reason="Called us", by=max, now=NOW)
    assert StageMove.objects.get().exit_reason == ""


def test_criteria_bind_if_the_definition_says_so(lead: Lead, max: Member) -> None:
    low = a_lead(stage="lead", score=20)
    move_lead(low, stage="mql", reason="Called us", by=max, now=NOW)
    define("mql", is_binding=True)
    sentence = "does not meet what MQL, version 1 asks for. Missing: score is at least 50."
    with pytest.raises(CannotMoveLead, match=sentence):
        move_lead(a_lead(score=20), stage="mql", reason="Called us", by=max, now=NOW)
    move_lead(a_lead(score=50), stage="mql", reason="Called us", by=max, now=NOW)


def test_the_form_offers_what_the_definition_allows(browser: Client, lead: Lead) -> None:
    define("mql", moves_to=["sql", "nurturing"])
    address = workspace_reverse("funnel:move", id=lead.pk)
    page = browser.get(address).content.decode()
    assert 'value="nurturing"' in page
    assert 'value="disqualified"' not in page
    assert "Not a fit" in page
    answer = browser.post(address, {"stage": "nurturing", "reason": "Holidays"})
    assert answer.status_code == 422
    assert "Choose why the lead leaves MQL" in answer.content.decode()
    browser.post(address, {"stage": "nurturing", "exit_reason": "Not now"})
    lead.refresh_from_db()
    assert lead.stage == "nurturing"


def test_the_api_refuses_with_the_same_sentence(ada: Member, lead: Lead) -> None:
    client = api_of(a_key(ada))
    body = {"lead": str(lead.pk), "stage": "customer", "reason": "Nice"}
    refused = client.post("/api/v1/moves/", body)
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "From MQL a lead does not go to Customer, but to: Lead, SQL, Nurturing, Disqualified.",
    )
    body = {"lead": str(lead.pk), "stage": "lead", "exit_reason": "Not now"}
    moved = client.post("/api/v1/moves/", body).json()
    assert (moved["exit_reason"], moved["left_at"]) == ("Not now", None)


def test_many_are_moved_where_their_stage_allows_it(lead: Lead, max: Member) -> None:
    define("mql", moves_to=["sql"])
    fresh = a_lead(stage="lead")
    work = Work(
        [lead.pk, fresh.pk],
        {"stage": "nurturing", "reason": "Fair"},
        by=max,
        now=NOW,
        bulk_id=uuid4(),
    )
    assert [change.lead_id for change in STAGE.do(work)] == [fresh.pk]


def test_the_log_says_how_long_it_stayed(lead: Lead, max: Member) -> None:
    at = NOW.replace(hour=1)
    move_lead(lead, stage="nurturing", reason="", exit_reason="Not now", by=max, now=at)
    lead.refresh_from_db()
    move_lead(lead, stage="mql", reason="Back", by=max, now=NOW)
    lead.refresh_from_db()
    stays = stage_panel(lead)["stays"]
    assert [stay.move.to_stage for stay in stays] == ["mql", "nurturing"]
    assert stays[1].lasted == NOW - at
