"""Customers and health rules over the API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.closing_deals import win_deal
from funnel.models import Customer
from leadmgmt.workspaces.models import Member
from tests.builders import a_customer, a_deal, a_key, a_lead, a_line, a_product
from tests.clients import JsonClient, api_of, drain

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GREEK: dict[str, Any] = {"field": "country", "is": "Greece"}


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def test_the_list_tells_current_customers_narrowed(api: JsonClient, rita: Member) -> None:
    well = a_customer(health="good", owner=rita)
    a_customer(health="at_risk")
    former = a_customer(ended_at=NOW)

    def ids(query: str = "") -> set[str]:
        return {each["id"] for each in api.get(f"/api/v1/customers/{query}").json()["results"]}

    assert len(ids()) == 2
    assert ids("?health=good") == ids(f"?owner={rita.pk}") == {str(well.pk)}
    assert ids(f"?company={well.company_id}") == {str(well.pk)}
    assert ids("?which=former") == {str(former.pk)}
    assert api.get("/api/v1/customers/?owner=x").status_code == 422


def test_one_customer_with_what_it_bought(api: JsonClient, rita: Member) -> None:
    deal = a_deal(a_lead(stage="sql"))
    product = a_product(name="Seat", price=1_000, cost=400)
    a_line(deal, product, 3)
    deal.refresh_from_db()
    win_deal(deal, amount=deal.amount, margin=deal.margin, by=rita, now=NOW)
    customer = Customer.objects.get()
    told = api.get(f"/api/v1/customers/{customer.pk}/").json()
    assert (told["revenue"], told["margin"], told["deals_won"]) == (3_000, 1_800, 1)
    (bought,) = api.get(f"/api/v1/customers/{customer.pk}/bought/").json()
    assert (bought["product"], bought["amount"], bought["margin"]) == (
        str(product.pk),
        3_000,
        1_800,
    )


def test_the_owner_changes_and_the_history_tells(
    api: JsonClient, rita: Member, ana: Member
) -> None:
    customer = a_customer()
    address = f"/api/v1/customers/{customer.pk}/"
    assert api.patch(address, {"owner": str(rita.pk)}).json()["owner"] == str(rita.pk)
    assert api.patch(address, {"owner": str(ana.pk)}).status_code == 422
    assert api.patch(address, {"margin": 5}).status_code == 422
    history = api.get(f"{address}history/").json()["results"]
    assert [(each["field"], each["new"]) for each in history] == [
        ("owner", "Rita"),
        ("state", "customer"),
    ]


def test_rules_are_written_tried_and_published(api: JsonClient) -> None:
    customer = a_customer()
    rules = [{"name": "No Greek", "whose": "none", "condition": GREEK, "level": "at_risk"}]
    assert api.get("/api/v1/health-rules/").status_code == 404
    assert api.put("/api/v1/health-rules/draft/", {"rules": rules}).status_code == 200
    preview = api.get("/api/v1/health-rules/draft/preview/").json()
    assert preview["movers"] == [
        {"customer": str(customer.pk), "was": "", "would": "at_risk", "why": "No Greek"}
    ]
    told = {"reason": "First"}
    assert api.post("/api/v1/health-rules/draft/publish/", told).json()["plan"]["number"] == 1
    drain()
    (rule,) = api.get("/api/v1/health-rules/").json()["rules"]
    assert rule["customers"] == 1
    told = api.get(f"/api/v1/customers/{customer.pk}/").json()
    assert (told["health"], told["why"]) == ("at_risk", "Rule 1: No Greek (Version 1).")


def test_a_wrong_rule_names_its_place(api: JsonClient) -> None:
    wrong = [{"name": "x", "condition": {"field": "nonsense", "is": 1}, "level": "watch"}]
    answer = api.put("/api/v1/health-rules/draft/", {"rules": wrong})
    assert answer.status_code == 422
    assert "nonsense" in answer.content.decode()
