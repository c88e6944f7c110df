"""The funnel's verbs through the API."""

import pytest

from funnel.actions.stages import enter_stage
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Lead
from tests.builders import a_deal, a_key, a_lead
from tests.builders import told as answers
from tests.clients import JsonClient, api_of


@pytest.fixture
def client(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def test_a_member_claims_the_next_lead(client: JsonClient, rita: Member, rob: Member) -> None:
    lead = a_lead(stage="mql", score=60)
    assert client.get("/api/v1/queue/").json()["results"][0]["lead"] == str(lead.pk)
    body = {"member": str(rita.pk)}
    assert client.post("/api/v1/queue/next/", body).json() == {"lead": str(lead.pk)}
    assert client.post("/api/v1/queue/next/", body).json() == {"lead": None}
    assert client.post(f"/api/v1/queue/{lead.pk}/hand-back/", body).status_code == 204
    assert client.post(f"/api/v1/queue/{lead.pk}/claim/", body).status_code == 200


def test_a_lead_is_worked_on_and_sold_to(client: JsonClient, rita: Member) -> None:
    lead = a_lead(stage="mql", owner=rita)
    who = {"lead": str(lead.pk), "by": str(rita.pk)}
    attempt = client.post("/api/v1/attempts/", {**who, "kind": "call", "outcome": "reached"})
    assert attempt.status_code == 201
    told = client.post("/api/v1/qualifications/", {**who, **answers(outcome="positive")})
    assert (told.status_code, told.json()["by"]) == (201, str(rita.pk))
    deal = client.post("/api/v1/deals/", {**who, "name": "Seats", "amount": 900, "key": "k"}).json()
    assert client.patch(f"/api/v1/deals/{deal['id']}/", {"amount": 1000}).json()["amount"] == 1000
    won = client.post(f"/api/v1/deals/{deal['id']}/win/", {"amount": 1000, "margin": 300})
    assert won.json()["status"] == "won"
    moves = client.get("/api/v1/moves/", {"lead": str(lead.pk)}).json()
    assert [row["to_stage"] for row in moves["results"]] == ["customer", "sql"]


def test_a_lead_is_moved_with_a_reason(client: JsonClient) -> None:
    lead = a_lead()
    body = {"lead": str(lead.pk), "stage": "nurturing", "reason": "Too early"}
    assert client.post("/api/v1/moves/", body).json()["to_stage"] == "nurturing"
    assert client.post("/api/v1/moves/", {**body, "reason": ""}).status_code == 422


def test_a_key_that_only_reads_changes_nothing(ada: Member) -> None:
    deal = a_deal()
    reader = api_of(a_key(ada, "leads:read"))
    assert reader.get(f"/api/v1/deals/{deal.pk}/").status_code == 200
    assert reader.post(f"/api/v1/deals/{deal.pk}/lose/", {"reason": "x"}).status_code == 403
    assert reader.post("/api/v1/queue/next/", {}).status_code == 403


def test_another_workspaces_rows_do_not_exist(client: JsonClient, globex: Workspace) -> None:
    with inside(globex.pk):
        lead: Lead = a_lead(stage="mql")
        enter_stage([lead.pk], stage="sql", reason="x", now=lead.created_at)
        deal = a_deal(lead)
    assert client.get(f"/api/v1/deals/{deal.pk}/").status_code == 404
    assert client.get("/api/v1/queue/").json()["results"] == []
    body = {"lead": str(lead.pk), "stage": "mql", "reason": "x"}
    assert client.post("/api/v1/moves/", body).status_code == 422
