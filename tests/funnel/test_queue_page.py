"""The page a rep keeps open all day."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from funnel.actions.stages import enter_stage
from funnel.models import NextStep, Qualification
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Activity, Lead
from tests.builders import a_company, a_lead, a_qualification, an_activity
from tests.clients import client_of
from tests.scoring.builders import a_profile_rule, a_published_model

HTMX: Any = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


@pytest.fixture
def mine(rita: Member) -> Lead:
    return a_lead(name="Nina Holm", stage="mql", owner=rita, phone="+4930123", score=72)


def page(browser: Client, **query: Any) -> Any:
    return browser.get(workspace_reverse("funnel:queue"), query)


def post(browser: Client, name: str, lead: Lead, **data: Any) -> Any:
    return browser.post(workspace_reverse(f"funnel:{name}", id=lead.pk), data)


def test_the_queue_shows_my_leads_the_pool_and_the_story(browser: Client, mine: Lead) -> None:
    free = a_lead(name="Piet Vos", stage="mql")
    enter_stage([free.pk], stage="mql", reason="x", now=timezone.now())
    an_activity(mine, kind="page_view", properties={"path": "/pricing"})
    answer = page(browser).content.decode()
    assert "Nina Holm" in answer
    assert "Piet Vos" in answer
    assert "tel:+4930123" in answer
    assert "/pricing" in answer


def test_the_queue_says_why_one_got_this_lead(browser: Client, rita: Member) -> None:
    lead = a_lead(owner=rita)
    enter_stage([lead.pk], stage="mql", reason="Asked for a demo.", now=timezone.now())
    assert "Asked for a demo." in page(browser, lead=lead.pk).content.decode()


def test_the_queue_says_what_weighs_most_in_the_score(
    browser: Client, mine: Lead, rita: Member
) -> None:
    Lead.objects.filter(pk=mine.pk).update(country="India")
    rules = [a_profile_rule(points, name=f"Rule {points}") for points in (5, 40, -10, 30)]
    a_published_model(*rules, by=rita, now=timezone.now())
    answer = page(browser).content.decode()
    assert "Score 65: Rule 40 (+40); Rule 30 (+30); Rule -10 (-10)." in answer


def test_an_empty_queue_says_what_will_be_here(browser: Client) -> None:
    assert "All quiet" in page(browser).content.decode()


def test_polling_answers_with_the_list_alone(browser: Client, mine: Lead) -> None:
    answer = browser.get(
        workspace_reverse("funnel:queue"), {"list": "", "lead": str(mine.pk)}, **HTMX
    )
    assert b"queue-rows" in answer.content
    assert b"<html" not in answer.content
    assert b"story-head" not in answer.content
    stamp = re.search(r'data-stamp="(\w+)"', answer.content.decode())
    assert stamp
    again = {"list": "", "lead": str(mine.pk), "seen": stamp[1]}
    address = workspace_reverse("funnel:queue")
    assert browser.get(address, again, **HTMX).status_code == 204
    a_lead(name="Piet", stage="mql")
    assert b"Piet" in browser.get(address, again, **HTMX).content


def test_the_queue_costs_the_same_for_one_lead_and_many(
    browser: Client, rita: Member, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        a_lead(stage="mql", company=a_company(), score=number, owner=None if number % 2 else rita)
    with django_assert_max_num_queries(24):
        page(browser)


def test_claim_next_opens_the_lead_it_took(browser: Client, rita: Member) -> None:
    lead = a_lead(stage="mql")
    answer: Any = browser.post(workspace_reverse("funnel:claim_next"))
    assert answer.url.endswith(f"?lead={lead.pk}")
    lead.refresh_from_db()
    assert lead.owner == rita
    assert (
        "There is nothing in the pool for you"
        in browser.post(workspace_reverse("funnel:claim_next"), follow=True).content.decode()
    )


def test_claim_and_hand_back(browser: Client, rita: Member) -> None:
    lead = a_lead(stage="mql")
    post(browser, "claim", lead)
    lead.refresh_from_db()
    assert lead.owner == rita
    post(browser, "hand_back", lead)
    lead.refresh_from_db()
    assert lead.owner is None


def test_one_key_logs_a_call_and_the_next_step(browser: Client, mine: Lead) -> None:
    soon = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = post(
        browser,
        "attempt",
        mine,
        **{"from": "queue", "key": "k", "attempt": "call:no_answer"},
        next_step="Call again",
        next_step_at=soon,
    )
    assert answer.status_code == 302
    assert Activity.objects.get(kind="call").properties["outcome"] == "no_answer"
    assert NextStep.objects.get().what == "Call again"


def test_what_was_typed_comes_back_with_what_is_wrong(browser: Client, mine: Lead) -> None:
    told = {"from": "queue", "key": "k", "attempt": "call:reached", "note": "Likes tea"}
    answer = post(browser, "attempt", mine, **told, next_step="Send offer")
    assert answer.status_code == 422
    assert "Say when the next step is due." in answer.content.decode()
    assert "Likes tea" in answer.content.decode()


def test_bant_is_saved_as_one_types(browser: Client, mine: Lead, rita: Member) -> None:
    address = workspace_reverse("funnel:qualification", id=mine.pk)
    typed = {"budget": "partly", "budget_note": "50k", "budget_by": "Ben", "timing_when": "May"}
    answer = browser.post(address, typed, headers={"accept": "application/json"})
    assert "saved" in answer.json()
    told = Qualification.objects.get(lead=mine)
    assert (told.outcome, told.by) == ("", rita)
    assert told.answers["budget"] == {
        "answer": "partly", "note": "50k", "by": "Ben", "on": told.answers["budget"]["on"],
    }  # fmt: skip
    assert told.answers["timing"]["when"] == "May"
    assert 'value="50k"' in page(browser).content.decode()


def test_what_cannot_be_saved_says_why_and_keeps_nothing(
    browser: Client, mine: Lead, rob: Member
) -> None:
    address = workspace_reverse("funnel:qualification", id=mine.pk)
    Lead.objects.filter(pk=mine.pk).update(owner=rob)
    answer = browser.post(address, {"budget": "yes"}, headers={"accept": "application/json"})
    assert (answer.status_code, "Rob has" in answer.json()["problem"]) == (422, True)
    assert not Qualification.objects.exists()


def test_an_old_page_does_not_begin_another_qualification(browser: Client, mine: Lead) -> None:
    seen = timezone.now().isoformat()
    told = a_qualification(outcome="not_now", return_on="2099-01-01")
    told["return_on"] = (timezone.now() + timedelta(days=60)).date().isoformat()
    assert post(browser, "qualification", mine, **told).status_code == 302
    address = workspace_reverse("funnel:qualification", id=mine.pk)
    late = {"budget": "no", "seen": seen}
    answer = browser.post(address, late, headers={"accept": "application/json"})
    assert "qualified meanwhile" in answer.json()["problem"]
    assert Qualification.objects.get().answers["budget"]["answer"] == "yes"


def test_a_qualified_lead_becomes_an_sql(browser: Client, mine: Lead) -> None:
    told = a_qualification(outcome="positive")
    assert post(browser, "qualification", mine, **told).status_code == 302
    mine.refresh_from_db()
    assert mine.stage == "sql"


def test_a_refused_qualification_shows_the_sentence_at_its_field(
    browser: Client, mine: Lead
) -> None:
    told = a_qualification(outcome="positive", spoken_to="", **{"from": "queue"})
    answer = post(browser, "qualification", mine, **told)
    assert answer.status_code == 422
    assert "Name the person you spoke to." in answer.content.decode()


FOREIGN = ["claim", "hand_back", "attempt", "qualification", "move", "snooze", "wake"]
FOREIGN += ["hand_over", "accept", "reject", "recycle"]


@pytest.mark.parametrize("name", FOREIGN)
def test_a_lead_of_another_workspace_is_not_found(
    browser: Client, globex: Workspace, name: str
) -> None:
    with inside(globex.pk):
        foreign = a_lead(stage="mql")
    assert post(browser, name, foreign).status_code == 404
    assert page(browser, lead=foreign.pk).status_code == 404


def test_a_colleagues_lead_is_shown_and_not_worked_on(
    browser: Client, rob: Member, rita: Member
) -> None:
    lead = a_lead(name="Nina", stage="mql", owner=rob)
    assert "Rob has this lead" in page(browser, lead=lead.pk).content.decode()
    told = {"from": "queue", "key": "k", "attempt": "call:reached"}
    assert "Rob has Nina" in post(browser, "attempt", lead, **told).content.decode()


def test_a_manager_moves_a_lead_with_a_reason(max: Member, mine: Lead) -> None:
    browser = client_of(max)
    address = workspace_reverse("funnel:move", id=mine.pk)
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"stage": "sql", "reason": "x"}).status_code == 422
    assert browser.post(address, {"stage": "nurturing", "reason": "Too early"}).status_code == 302
    mine.refresh_from_db()
    assert mine.stage == "nurturing"


def test_the_story_leaves_out_how_long_a_page_was_looked_at(rita: Member) -> None:
    lead = a_lead(owner=rita, stage="mql")
    an_activity(kind="page_left", lead=lead, properties={"seconds": 1.8})
    page = client_of(rita).get(workspace_reverse("funnel:queue") + f"?lead={lead.pk}")
    assert "seconds" not in page.content.decode()
    assert "Page left" not in page.content.decode()


def test_an_sql_in_ones_hands_leads_to_a_deal(rita: Member) -> None:
    lead = a_lead(owner=rita, stage="sql")
    page = client_of(rita).get(workspace_reverse("funnel:queue") + f"?lead={lead.pk}")
    assert f"{workspace_reverse('funnel:deal_add')}?lead={lead.pk}" in page.content.decode()
