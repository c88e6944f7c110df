"""The pages of simulations and back-tests."""

from typing import Any

import pytest
from django.test import Client

from leadmgmt.workspaces.models import Member
from leads.models import Lead
from scoring import line
from scoring.actions.backtesting import start_back_test
from scoring.actions.simulating import start_simulation
from scoring.models import BackTest, ModelVersion, Simulation
from tests.builders import a_lead
from tests.clients import client_of, drain
from tests.scoring.backtest.past import NOW, STUDY, people
from tests.scoring.builders import a_behaviour_rule, a_draft, a_profile_rule, a_published_model

SIMULATE = "/w/acme/scoring/draft/simulate/"
BACK_TESTS = "/w/acme/scoring/back-tests/"
ASKED = {
    "outcome": "sql",
    "created_from": "2026-01-05",
    "created_to": "2026-04-14",
    "wait_days": "14",
    "within_days": "30",
}


@pytest.fixture
def browser(mara: Member, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(line, "_provider", lambda: 40)
    return client_of(mara)


@pytest.fixture
def draft(mara: Member) -> ModelVersion:
    """Beside a version in force that likes Norway."""
    norway = {"field": "country", "is": "Norway"}
    a_published_model(a_profile_rule(75, norway), by=mara, now=NOW)
    nobody = a_profile_rule(5, {"field": "country", "is": "Atlantis"})
    return a_draft(a_profile_rule(20), a_behaviour_rule(30, window_days=30), nobody)


def test_a_draft_is_simulated_and_its_leads_listed(
    browser: Client, draft: ModelVersion, django_assert_max_num_queries: Any
) -> None:
    lead = a_lead(name="Nora Nilsen", country="India")
    empty = browser.get(SIMULATE).content.decode()
    assert "Not simulated yet" in empty
    assert browser.post(SIMULATE).status_code == 302
    assert "Waiting for a worker" in browser.get(SIMULATE).content.decode()
    drain()
    with django_assert_max_num_queries(25):
        page = browser.get(SIMULATE).content.decode()
    assert "leads/?old=none&amp;new=cold" in page
    with django_assert_max_num_queries(30):
        rows = browser.get(f"{SIMULATE}leads/?old=none&new=cold").content.decode()
    assert "Nora Nilsen" in rows
    assert f"/leads/{lead.pk}/" in rows


def test_a_row_says_what_changed_most(browser: Client, mara: Member) -> None:
    a_lead(name="Nora", country="Norway")
    norway = {"field": "country", "is": "Norway"}
    a_published_model(a_profile_rule(75, norway, name="From Norway"), by=mara, now=NOW)
    draft = a_draft(a_profile_rule(50, norway, name="From Norway"))
    start_simulation(draft, by=mara, now=NOW)
    drain()
    page = browser.get(SIMULATE).content.decode()
    assert "leads/?old=hot&amp;new=warm" in page
    rows = browser.get(f"{SIMULATE}leads/?old=hot&new=warm").content.decode()
    assert "From Norway" in rows
    assert "−25" in rows
    assert "From hot to warm" in rows
    losing = browser.get(f"{SIMULATE}leads/?crossing=losing").content.decode()
    assert "No lead is here" in losing


def test_a_changed_draft_makes_the_simulation_stale(
    browser: Client, mara: Member, draft: ModelVersion
) -> None:
    start_simulation(draft, by=mara, now=NOW)
    drain()
    assert "has changed since" not in browser.get(SIMULATE).content.decode()
    draft.rules.update(points=3)
    assert "has changed since" in browser.get(SIMULATE).content.decode()
    assert "not told any more" in browser.get(f"{SIMULATE}leads/").content.decode()


def test_a_simulation_is_cancelled(browser: Client, mara: Member, draft: ModelVersion) -> None:
    start_simulation(draft, by=mara, now=NOW)
    assert "Cancel" in browser.get(f"{SIMULATE}progress/").content.decode()
    browser.post(f"{SIMULATE}cancel/")
    assert Simulation.objects.get().state == "cancelled"
    assert browser.get(f"{SIMULATE}progress/")["HX-Refresh"] == "true"


def test_a_back_test_is_asked_and_read(
    browser: Client, draft: ModelVersion, django_assert_max_num_queries: Any
) -> None:
    people(35, 120)
    page = browser.get(BACK_TESTS).content.decode()
    assert "Nothing back-tested yet" in page
    assert 'value="country"' in page  # may be left out
    answer = browser.post(BACK_TESTS, ASKED | {"version": str(draft.pk)})
    test = BackTest.objects.get()
    assert answer["Location"] == f"{BACK_TESTS}{test.pk}/"
    assert "Waiting for a worker" in browser.get(answer["Location"]).content.decode()
    drain()
    with django_assert_max_num_queries(30):
        page = browser.get(answer["Location"]).content.decode()
    assert "The draft finds more of the SQLs among its best fifth: 77% against" in page
    assert "surely above 0" in page
    assert "Over all leads the order by the draft is surely the better one" in page
    assert "MQL line" in page
    assert "wins more" in page
    assert "nobody got them" in page
    listed = browser.get(BACK_TESTS).content.decode()
    assert "Finds more" in listed
    assert "Learn from leads" not in listed


def test_too_few_cases_are_said_so(browser: Client, mara: Member, draft: ModelVersion) -> None:
    people(3, 4)
    test = start_back_test(draft, STUDY, by=mara, now=NOW)
    drain()
    page = browser.get(f"{BACK_TESTS}{test.pk}/").content.decode()
    assert "Too few cases to judge: 7 leads could be decided about, 3 of them" in page
    assert "At least 30 good ones and 30 others are needed" in page


def test_a_wrong_question_is_said_at_its_field(browser: Client, draft: ModelVersion) -> None:
    asked = ASKED | {"version": str(draft.pk)}
    backwards = browser.post(BACK_TESTS, asked | {"created_to": "2025-01-01"})
    assert backwards.status_code == 422
    assert "must begin before it ends" in backwards.content.decode()
    unknown = browser.post(BACK_TESTS, asked | {"version": "x"})
    assert unknown.status_code == 422
    assert not BackTest.objects.exists()


def test_whoever_reads_sees_results_and_no_form(
    ana: Member, mara: Member, draft: ModelVersion
) -> None:
    people()
    test = start_back_test(draft, STUDY, by=mara, now=NOW)
    drain()
    analyst = client_of(ana)
    assert "Start back-test" not in analyst.get(BACK_TESTS).content.decode()
    assert analyst.get(f"{BACK_TESTS}{test.pk}/").status_code == 200
    assert analyst.post(BACK_TESTS, ASKED).status_code == 403
    assert analyst.get(SIMULATE).status_code == 403


def test_a_running_back_test_is_cancelled(
    browser: Client, mara: Member, draft: ModelVersion
) -> None:
    test = start_back_test(draft, STUDY, by=mara, now=NOW)
    browser.post(f"{BACK_TESTS}{test.pk}/cancel/")
    test.refresh_from_db()
    assert test.state == "cancelled"
    assert "was cancelled" in browser.get(f"{BACK_TESTS}{test.pk}/").content.decode()
    assert not Lead.objects.exists()
