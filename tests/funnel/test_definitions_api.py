"""Definitions over the API: read, proposed, approved by both sides, published, compared."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.definitions import start_funnel
from funnel.models import CompanyRule, Definition
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_company, a_deal, a_key, a_lead
from tests.clients import JsonClient, api_of, drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROPOSAL: dict[str, Any] = {
    "stage": "mql",
    "explanation": "Fits and is keen.",
    "reason": "Too many calls",
    "condition": {"field": "score", "is_at_least": 70},
    "subcategories": [{"name": "Greek", "condition": {"field": "country", "is": "Greece"}}],
    "moves_to": ["sql", "nurturing"],
    "exit_reasons": ["No need"],
}


@pytest.fixture
def client(ada: Member) -> JsonClient:
    start_funnel(now=NOW)
    return api_of(a_key(ada))


def test_a_definition_goes_from_proposal_to_force(client: JsonClient, world: World) -> None:
    keen = a_lead(score=80)
    draft = client.post("/api/v1/definitions/", PROPOSAL | {"by": str(world.mara.pk)}).json()
    assert (draft["state"], draft["waits_for"]) == ("draft", ["marketing", "sales"])
    at = f"/api/v1/definitions/{draft['id']}"
    assert client.post(f"{at}/publish/", {}).status_code == 409
    for side, by in (("marketing", world.mara), ("sales", world.max)):
        told = {"side": side, "by": str(by.pk), "revision": 1}
        assert api_of(a_key(by)).post(f"{at}/approve/", told).status_code == 200
    told = {"by": str(world.max.pk), "is_applied": True}
    bound = client.post(f"{at}/publish/", told).json()
    assert (bound["state"], bound["version"], bound["sales_by"]) == (
        "published",
        2,
        str(world.max.pk),
    )
    drain()
    keen.refresh_from_db()
    assert keen.stage == "mql"
    changes = {each["what"]: each for each in client.get(f"{at}/changes/").json()}
    assert changes["May go on to"]["after"] == "SQL, Nurturing"
    versions = client.get("/api/v1/definitions/", {"stage": "mql"}).json()["results"]
    assert {each["state"] for each in versions} == {"retired", "published"}


def test_refusals_name_field_value_and_what_is_allowed(client: JsonClient, world: World) -> None:
    wrong = client.post("/api/v1/definitions/", PROPOSAL | {"exit_reasons": ["No", "no"]})
    assert (wrong.status_code, "“no” stands there twice" in wrong.json()["detail"]) == (422, True)
    unknown = client.post("/api/v1/definitions/", PROPOSAL | {"moves": ["sql"]})
    assert "There is no such field" in unknown.content.decode()
    draft = client.post("/api/v1/definitions/", PROPOSAL).json()
    mara = api_of(a_key(world.mara))
    refused = mara.post(f"/api/v1/definitions/{draft['id']}/approve/", {"side": "sales"})
    assert "For sales one of these may approve" in refused.json()["detail"]


@pytest.mark.parametrize("route", ["definitions", "company-rules"])
def test_one_key_does_not_approve_for_two_people(
    client: JsonClient, world: World, route: str
) -> None:
    rule = {"least_people": 2, "reason": "Steadier"}
    draft = client.post(f"/api/v1/{route}/", PROPOSAL if route == "definitions" else rule).json()
    at = f"/api/v1/{route}/{draft['id']}"
    for side, by in (("marketing", world.mara), ("sales", world.max)):
        refused = client.post(f"{at}/approve/", {"side": side, "by": str(by.pk)})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "by")
    assert f"{world.max.name} did not make this key" in refused.json()["detail"]
    own = client.post(f"{at}/approve/", {"side": "marketing", "by": str(world.ada.pk)})
    assert own.json()["marketing_by"] == str(world.ada.pk)
    again = client.post(f"{at}/approve/", {"side": "sales"})
    assert "Somebody else is to approve for sales" in again.json()["detail"]
    assert client.post(f"{at}/publish/", {"by": str(world.max.pk)}).status_code == 409


def test_an_approval_is_taken_back_by_who_may_give_it(client: JsonClient, world: World) -> None:
    draft = client.post("/api/v1/definitions/", PROPOSAL).json()
    at = f"/api/v1/definitions/{draft['id']}"
    api_of(a_key(world.max)).post(f"{at}/approve/", {"side": "sales"})
    rita, max = a_key(world.rita), {"side": "sales", "by": str(world.max.pk)}
    assert api_of(rita).post(f"{at}/withdraw/", max).status_code == 422
    assert api_of(rita).post(f"{at}/withdraw/", {"side": "sales"}).status_code == 422
    back = client.post(f"{at}/withdraw/", {"side": "sales"})
    assert "sales" in back.json()["waits_for"]


def test_the_key_of_who_has_left_approves_nothing(client: JsonClient, world: World) -> None:
    key = a_key(world.max)
    draft = client.post("/api/v1/definitions/", PROPOSAL).json()
    Member.objects.filter(pk=world.max.pk).update(left_at=NOW)
    at = f"/api/v1/definitions/{draft['id']}/approve/"
    assert api_of(key).post(at, {"side": "sales"}).status_code == 422
    assert client.get(at.replace("approve/", "")).json()["sales_at"] is None


def test_only_proposals_are_discarded(client: JsonClient) -> None:
    draft = client.post("/api/v1/definitions/", PROPOSAL).json()
    assert client.delete(f"/api/v1/definitions/{draft['id']}/").status_code == 204
    bound = Definition.objects.published().get(stage="mql")
    assert client.delete(f"/api/v1/definitions/{bound.pk}/").status_code == 409


def test_the_company_rule_goes_the_same_way(client: JsonClient, world: World) -> None:
    company = a_company(stage="sql")
    a_lead(company=company, stage="sql")
    a_lead(company=company, stage="mql")
    told = {"least_people": 2, "reason": "Steadier", "by": str(world.mara.pk)}
    draft = client.post("/api/v1/company-rules/", told).json()
    assert "at least 2 of its people" in draft["words"]
    at = f"/api/v1/company-rules/{draft['id']}"
    for side, by in (("marketing", world.mara), ("sales", world.max)):
        api_of(a_key(by)).post(f"{at}/approve/", {"side": side})
    assert client.post(f"{at}/publish/", {}).json()["state"] == "published"
    drain()
    company.refresh_from_db()
    assert (company.stage, CompanyRule.objects.published().get().least_people) == ("mql", 2)


def test_what_would_let_a_lead_in_is_told_part_by_part(client: JsonClient) -> None:
    condition = {
        "all": [{"field": "score", "is_at_least": 50}, {"field": "phone", "is_known": True}]
    }
    Definition.objects.filter(stage="mql").update(condition=condition)
    lead = a_lead(score=60)
    told = client.get(f"/api/v1/leads/{lead.pk}/entry/").json()
    assert (told["stage"], told["is_open"], told["is_by_rule"]) == ("mql", False, True)
    assert [part["is_met"] for part in told["parts"]] == [True, False]


def test_people_must_qualify_and_sell(client: JsonClient) -> None:
    lead = a_lead(stage="sql")
    at = f"/api/v1/leads/{lead.pk}/entry/"
    (part,) = client.get(at).json()["parts"]
    assert (part["by_people"], part["is_met"]) == (True, False)
    a_deal(lead, status="won", closed_at=NOW)
    assert client.get(at).json()["is_open"] is True
    assert client.get(at, {"stage": "mql"}).json()["parts"][0]["is_met"] is False
    assert client.get(at, {"stage": "vip"}).status_code == 422


def test_who_has_arrived_goes_nowhere(client: JsonClient) -> None:
    lead = a_lead(stage="customer")
    assert client.get(f"/api/v1/leads/{lead.pk}/entry/").json()["stage"] is None


def test_another_workspaces_lead_has_no_entry(client: JsonClient, globex: Workspace) -> None:
    with inside(globex.pk):
        lead = a_lead()
    assert client.get(f"/api/v1/leads/{lead.pk}/entry/").status_code == 404
