"""Why a lead has its score: the page, the sentence, what is near, and the history."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from funnel.actions.cycles import Ending, close_cycles
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from scoring.actions.cycles import Carried
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.actions.rescoring import rescore_leads
from scoring.models import RuleGroup
from scoring.queries import explain_scores
from scoring.telling.whole import Told, tell_scores
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of, client_of
from tests.scoring.builders import (
    INDIA,
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
    finish,
)

NOW = timezone.now()
DAY = timedelta(days=1)
ASKED = {"activity": "form_submitted", "within_days": 7}


@pytest.fixture
def lead(mara: Member) -> Lead:
    return a_lead(country="India")


@pytest.fixture
def mara_online(mara: Member) -> Client:
    return client_of(mara)


def told(lead: Lead) -> list[Told]:
    return tell_scores(explain_scores(lead), lead, NOW)


def looks_at_prices(lead: Lead, *days_ago: int) -> None:
    for days in days_ago:
        an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW - days * DAY)


def nearest(lead: Lead) -> list[str]:
    return [each.sentence for each in told(lead)[0].nearest]


def test_one_sentence_says_what_it_did_when_and_what_is_unknown(lead: Lead, mara: Member) -> None:
    looks_at_prices(lead, 0, 1, 2)
    an_activity(lead, kind="form_submitted", occurred_at=NOW - DAY)
    form = a_behaviour_rule(60, {"activity": "form_submitted"}, name="Asks", per="once")
    title = a_profile_rule(5, {"field": "job_title", "contains": "head"}, name="Decides")
    a_published_model(a_behaviour_rule(10), form, title, by=mara, now=NOW)

    [main] = told(lead)

    assert main.sentence == (
        "Hot: sent a form yesterday, viewed “/pricing” 3 times this week; unknown: job title."
    )


def test_points_to_the_next_class_and_to_the_one_below(lead: Lead, mara: Member) -> None:
    a_published_model(a_profile_rule(62), by=mara, now=NOW)

    assert nearest(lead) == ["+8 to hot", "−28 to cold"]


def test_in_the_matrix_urgency_or_a_grade_may_be_nearer(lead: Lead, mara: Member) -> None:
    matrix = {"warm": {"C": ["warm", "hot"], "B": ["hot", "hot"]}, "hot": {"C": ["warm", "hot"]}}
    a_published_model(a_profile_rule(40), by=mara, now=NOW, matrix=matrix, urgency=ASKED)
    fit = add_model(purpose="fit", name="Fit", now=NOW)
    a_published_model(a_profile_rule(31), by=mara, now=NOW, model=fit)

    assert nearest(lead) == [
        "Hot once “Sent a form” happened in the last 7 days",
        "Hot with a grade of B, which is C+ now",
    ]


def test_what_happened_before_the_cycle_is_no_urgency(lead: Lead, mara: Member) -> None:
    an_activity(lead, kind="form_submitted", occurred_at=NOW - DAY)
    matrix = {"warm": {"": ["warm", "hot"]}}
    a_published_model(a_profile_rule(40), by=mara, now=NOW, matrix=matrix, urgency=ASKED)
    assert (told(lead)[0].score.lead_class, nearest(lead)) == ("hot", [])

    close_cycles([lead.pk], Ending("Next year", Carried("profile")), by=None, now=NOW)

    once = "Hot once “Sent a form” happened in the last 7 days"
    assert (told(lead)[0].score.lead_class, nearest(lead)) == ("warm", ["+30 to hot", once])


def test_decision_rules_say_what_they_still_ask(lead: Lead, mara: Member) -> None:
    draft = a_draft(mode="decisions")
    asks = {"all": [INDIA, ASKED, {"field": "phone", "is_known": True}]}
    for place, (name, tree, to) in enumerate(
        [("Ready", asks, "hot"), ("From India", INDIA, "warm")], start=1
    ):
        draft.decisions.create(name=name, condition=tree, lead_class=to, position=place)
    finish(publish_model(draft, by=mara, reason="Simple", now=NOW), now=NOW)

    [main] = told(lead)

    assert main.sentence == "Warm: from India."
    assert nearest(lead) == [
        "Hot by “Ready” once “Sent a form” happened in the last 7 days and phone is known"
    ]


def test_the_page_sums_and_leads_to_the_very_facts(
    mara_online: Client, lead: Lead, mara: Member, django_assert_max_num_queries: Any
) -> None:
    looks_at_prices(lead, 0, 1, 40)
    an_activity(lead, properties={"path": "/about"}, occurred_at=NOW)
    group = RuleGroup(name="Web", cap=15)
    rule = a_behaviour_rule(10, group=group, window_days=30, name="Prices")
    a_published_model(rule, a_profile_rule(40), by=mara, now=NOW)
    [main] = told(lead)
    urls = [each.url for each in main.lines if each.url]

    with django_assert_max_num_queries(30):
        page = mara_online.get(f"/w/acme/scoring/leads/{lead.pk}/").content.decode()
    facts = mara_online.get(urls[0]).content.decode()

    assert [each.given.points for each in main.lines] == [20, 40, -5]
    assert sum(each.given.points for each in main.lines) == main.score.score == 55
    assert "Cap of “Web”" in page
    assert "2 facts" in page
    assert "Only what counts for" in facts
    assert facts.count("/pricing") > 0
    assert "/about" not in facts
    assert "within_days" in parse_qs(urlsplit(urls[0]).query)["facts"][0]


@pytest.mark.parametrize("odd", ["{", "[]", '{"field": "score", "is": 3}', '{"activity": 5}', "1"])
def test_what_is_no_test_of_activities_narrows_nothing(
    mara_online: Client, lead: Lead, odd: str
) -> None:
    an_activity(lead, properties={"path": "/about"}, occurred_at=NOW)

    page = mara_online.get(f"/w/acme/leads/{lead.pk}/", {"facts": odd})

    assert page.status_code == 200
    assert "/about" in page.content.decode()


def test_every_change_tells_why_and_what_moved(
    mara_online: Client, lead: Lead, mara: Member
) -> None:
    a_published_model(
        a_profile_rule(40, name="Place"), a_behaviour_rule(10, name="Prices"), by=mara, now=NOW
    )
    looks_at_prices(lead, 0)
    rescore_leads([lead.pk], now=NOW)

    page = mara_online.get(f"/w/acme/scoring/leads/{lead.pk}/").content.decode()
    changes = api_of(a_key(mara)).get(f"/api/v1/leads/{lead.pk}/score/changes/").json()["results"]

    assert "Something happened" in page
    assert "Prices" in page
    assert [(each["reason"], each["new_score"]) for each in changes] == [
        ("fact", 50),
        ("version", 40),
    ]
    assert changes[0]["contributions"] == [
        {"name": "Place", "points": 40},
        {"name": "Prices", "points": 10},
    ]


def test_the_api_tells_the_same(lead: Lead, mara: Member) -> None:
    looks_at_prices(lead, 1)
    a_published_model(a_behaviour_rule(10, cap=5), by=mara, now=NOW)

    score = api_of(a_key(mara)).get(f"/api/v1/leads/{lead.pk}/score/").json()

    assert score["told"] == "Cold: viewed “/pricing” yesterday."
    assert score["nearest"][0] == {"lead_class": "warm", "sentence": "+30 to warm", "points": 30}
    [given] = score["contributions"]
    assert (given["raw"], given["cap"], given["points"]) == (10, 5, 5)
    assert given["last_on"] is not None


def test_a_foreign_lead_has_no_explanation(mara_online: Client) -> None:
    missing = "01900000-0000-7000-8000-00000000dead"

    assert mara_online.get(f"/w/acme/scoring/leads/{missing}/").status_code == 404
