"""Simulations and back-tests as integrations see them."""

import pytest

from leadmgmt.workspaces.models import Member, Scope, Workspace
from scoring.models import ModelVersion
from tests.builders import a_key, a_lead
from tests.clients import JsonClient, api_of, drain
from tests.scoring.backtest.past import STUDY, people
from tests.scoring.builders import a_draft, a_profile_rule

ASKED = {
    "created_from": STUDY.created_from.isoformat(),
    "created_to": STUDY.created_to.isoformat(),
    "within_days": 30,
}
TESTS, SIMULATIONS = "/api/v1/back-tests/", "/api/v1/simulations/"


@pytest.fixture
def client(ada: Member) -> JsonClient:
    return api_of(a_key(ada, Scope.LEADS_READ, Scope.SCORING_WRITE))


@pytest.fixture
def draft(acme: Workspace) -> ModelVersion:
    return a_draft(a_profile_rule(50))


def test_a_back_test_is_started_and_read(client: JsonClient, draft: ModelVersion) -> None:
    people()
    asked = client.post(TESTS, ASKED | {"version": str(draft.pk)})
    assert (asked.status_code, asked.json()["state"]) == (202, "asked")
    drain()
    told = client.get(f"{TESTS}{asked.json()['id']}/").json()
    assert (told["state"], told["verdict"], told["result"]["won"]) == ("done", "orders", 30)
    assert told["sentence"].startswith("The draft puts good leads first")
    assert told["confidence"].startswith("Only 30 of 60 cases were good")
    assert any("Filled" in each or "Alone" in each for each in told["warnings"])
    (listed,) = client.get(TESTS).json()["results"]
    assert (listed["id"], "result" in listed) == (told["id"], False)


def test_a_simulation_is_started_and_its_leads_listed(
    client: JsonClient, draft: ModelVersion
) -> None:
    lead = a_lead(country="India")
    a_lead(country="Norway")
    asked = client.post(SIMULATIONS, {"version": str(draft.pk)})
    assert (asked.status_code, asked.json()["leads"]) == (202, None)
    drain()
    url = f"{SIMULATIONS}{asked.json()['id']}/"
    told = client.get(url).json()
    assert (told["leads"], told["is_stale"]) == (2, False)
    assert {"old": "", "new": "warm", "leads": 1} in told["classes"]
    (row,) = client.get(f"{url}leads/?old=none&new=warm").json()["results"]
    assert (row["lead"], row["new_score"]) == (str(lead.pk), 50)


def test_both_are_cancelled_once(client: JsonClient, draft: ModelVersion) -> None:
    asked = client.post(TESTS, ASKED | {"version": str(draft.pk)}).json()
    simulated = client.post(SIMULATIONS, {"version": str(draft.pk)}).json()
    for url in (f"{TESTS}{asked['id']}/cancel/", f"{SIMULATIONS}{simulated['id']}/cancel/"):
        assert client.post(url, {}).json()["state"] == "cancelled"
        assert client.post(url, {}).status_code == 422


def test_what_is_wrong_is_named(client: JsonClient, draft: ModelVersion) -> None:
    for body in (
        {"version": str(draft.pk), "shoes": 1},
        {"version": "x"},
        {"version": str(draft.pk), "without": ["shoes"]},
        {"version": str(draft.pk), "wait_days": -1},
    ):
        assert client.post(TESTS, ASKED | body).status_code in (400, 422)
    strange = client.post(TESTS, ASKED | {"version": str(draft.pk), "without": ["shoes"]})
    assert "no field “shoes”" in strange.json()["detail"]
