"""A deal opened over the API together with the products it is made of."""

from typing import Any
from uuid import uuid4

import pytest

from funnel.actions.deal_sums import wrong_deal_sums
from funnel.models import Deal, DealLine
from funnel.products.catalogue import retire_product
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Activity
from tests.builders import a_deal, a_key, a_lead, a_line, a_product
from tests.clients import JsonClient, api_of

DEALS = "/api/v1/deals/"


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


@pytest.fixture
def told() -> dict[str, Any]:
    """Ten seats at a discount and a course, for somebody who is an SQL."""
    seat, course = a_product(name="Seat"), a_product(name="Course", price=50_000, cost=20_000)
    lines = [
        {"product": str(course.pk), "quantity": 1},
        {"product": str(seat.pk), "quantity": 10, "discount": "5", "unit_cost": 300},
    ]
    return {"lead": str(a_lead(stage="sql").pk), "name": "Seats", "lines": lines}


def test_a_deal_is_opened_with_its_lines_in_their_order(
    api: JsonClient, told: dict[str, Any]
) -> None:
    answer = api.post(DEALS, told)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["amount"], made["margin"]) == (59_500, 36_500)
    read = api.get(f"{DEALS}{made['id']}/lines/")
    assert [each["amount"] for each in read.json()["lines"]] == [50_000, 9_500]
    assert read["ETag"] == answer["ETag"]
    (fact,) = Activity.objects.filter(kind="deal_opened")
    assert fact.properties["amount"] == 59_500
    assert wrong_deal_sums() == []


def test_the_same_key_opens_one_deal_and_leaves_its_lines_alone(
    api: JsonClient, told: dict[str, Any]
) -> None:
    told["key"] = "offer-7"
    first = api.post(DEALS, told).json()
    api.put(f"{DEALS}{first['id']}/lines/", {"lines": told["lines"][:1]})
    again = api.post(DEALS, told)
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert again.json()["amount"] == 50_000
    other = api.post(DEALS, {**told, "lead": str(a_lead(stage="sql").pk)})
    assert other.status_code == 409
    assert (Deal.objects.count(), DealLine.objects.count()) == (1, 1)


def test_a_request_that_is_sent_again_opens_nothing_more(
    api: JsonClient, told: dict[str, Any]
) -> None:
    for _ in range(2):
        answer = api.post(DEALS, told, headers={"Idempotency-Key": "a-b-c"})
        assert answer.status_code == 201
    assert (Deal.objects.count(), DealLine.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quantity": 0}, "out of range"),
        ({"discount": "101"}, "allowed are 0 to 100"),
        ({"id": str(uuid4())}, "removed meanwhile, or never was one"),
        ({"unit_price": -1}, "nothing or more"),
        ({"product": str(uuid4())}, "object does not exist"),
        ({"colour": "red"}, "known are: discount"),
    ],
)
def test_a_line_that_cannot_be_opens_no_deal(
    api: JsonClient, told: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    told["lines"][1] |= change
    answer = api.post(DEALS, told)
    assert (answer.status_code, said in answer.content.decode()) == (422, True), answer.content
    assert not Deal.objects.exists()
    assert not Activity.objects.filter(kind="deal_opened").exists()


def test_an_amount_that_the_lines_say_otherwise_is_refused(
    api: JsonClient, told: dict[str, Any]
) -> None:
    refused = api.post(DEALS, told | {"amount": 60_000})
    assert refused.status_code == 422
    assert "the sum of its 2 lines" in refused.json()["detail"]
    assert not Deal.objects.exists()
    assert api.post(DEALS, told | {"amount": 59_500, "margin": None}).status_code == 201


def test_what_is_sold_no_more_or_elsewhere_opens_no_deal(
    api: JsonClient, told: dict[str, Any], globex: Workspace
) -> None:
    retired = a_product(name="Old")
    line = a_line(a_deal(), retired)
    retire_product(retired, by=None, now=line.deal.opened_at)
    with inside(globex.pk):
        foreign = a_product()
    for product in (retired, foreign):
        lines = [{"product": str(product.pk), "quantity": 1}]
        assert api.post(DEALS, told | {"lines": lines}).status_code == 422
    assert Deal.objects.count() == 1


def test_a_deal_without_lines_is_typed_as_before(api: JsonClient, told: dict[str, Any]) -> None:
    answer = api.post(DEALS, told | {"lines": [], "amount": 700})
    assert (answer.status_code, answer.json()["amount"]) == (201, 700)
