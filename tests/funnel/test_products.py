"""The catalogue: products people may sell, and its pages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.models import Product, ProductChange
from funnel.products import catalogue
from funnel.products.catalogue import (
    CannotShapeProduct,
    add_product,
    change_product,
    restore_product,
    retire_product,
)
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.normalising import WrongValue
from tests.builders import a_key, a_product
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")
LIST = "funnel:product_list"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY: Any = {"by": None, "now": NOW}


def test_a_product_says_what_one_of_it_leaves() -> None:
    made = add_product(name=" Seat ", price=4_900, cost=1_225, code="S-1", unit="seat", **BY)
    assert (made.name, made.margin, made.share) == ("Seat", 3_675, 0.75)
    assert add_product(name="Gift", price=0, **BY).share is None


def test_names_and_codes_are_there_once(globex: Workspace) -> None:
    add_product(name="Seat", price=1, code="S-1", **BY)
    with pytest.raises(CannotShapeProduct, match="name “Seat” is taken"):
        add_product(name="Seat", price=1, **BY)
    with pytest.raises(CannotShapeProduct, match="code “S-1” belongs to “Seat”") as refused:
        add_product(name="Chair", price=1, code="S-1", **BY)
    assert refused.value.field == "code"
    for name in ("Desk", "Lamp"):
        add_product(name=name, price=1, code=" ", **BY)
    assert Product.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "x" * 121}, "at most 120"),
        ({"price": -1}, "price of one unit is out of range"),
        ({"cost": -1}, "cost of one unit is out of range"),
        ({"price": 2**62}, "out of range"),
    ],
)
def test_a_product_takes_no_nonsense(changes: dict[str, Any], said: str) -> None:
    product = a_product()
    with pytest.raises((CannotShapeProduct, WrongValue), match=said):
        change_product(product, changes=changes, **BY)
    assert Product.objects.get().price == 1_000


def test_what_is_retired_can_be_sold_again_while_there_is_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue, "MOST_PRODUCTS", 2)
    first, _second = a_product(), a_product()
    with pytest.raises(CannotShapeProduct, match="most allowed"):
        add_product(name="Third", price=1, **BY)
    retire_product(first, **BY)
    add_product(name="Third", price=1, **BY)
    with pytest.raises(CannotShapeProduct, match="most allowed"):
        restore_product(first, **BY)
    change_product(first, changes={"name": "Other"}, **BY)
    assert Product.objects.get(name="Other").retired_at


def test_a_manager_keeps_the_catalogue_and_everybody_reads_it(max: Member, rita: Member) -> None:
    browser, add = client_of(max), workspace_reverse("funnel:product_add")
    assert "No products yet" in browser.get(workspace_reverse(LIST)).content.decode()
    told = {"name": "Seat", "code": "S-1", "unit": "seat", "price": "49.90", "cost": "12"}
    assert browser.post(add, told).status_code == 302
    seat = Product.objects.get()
    assert (seat.price, seat.cost, seat.unit) == (4_990, 1_200, "seat")
    again = browser.post(add, told)
    assert again.status_code == 422
    assert "belongs to “Seat”" in again.content.decode()
    page = workspace_reverse("funnel:product", id=seat.pk)
    assert "49.90" in browser.get(page).content.decode()
    browser.post(page, {**told, "price": "59"})
    listed = client_of(rita).get(workspace_reverse(LIST)).content.decode()
    assert "€59 " in listed
    assert "Add product" not in listed
    assert client_of(rita).get(page).status_code in (403, 404)
    browser.post(workspace_reverse("funnel:product_retire", id=seat.pk))
    assert "S-1" not in browser.get(workspace_reverse(LIST)).content.decode()
    assert "S-1" in browser.get(workspace_reverse(LIST), {"retired": "1"}).content.decode()
    browser.post(workspace_reverse("funnel:product_restore", id=seat.pk))
    assert Product.objects.in_use().exists()


def test_who_changed_what_and_when_is_kept(max: Member) -> None:
    seat = add_product(name="Seat", price=4_900, cost=1_200, by=max, now=NOW)
    for _ in range(2):  # said twice, changed once
        told = {"name": "Seat", "price": 5_900, "cost": 1_200, "code": "S-1"}
        change_product(seat, changes=told, by=max, now=NOW)
        retire_product(seat, by=None, now=NOW)
    restore_product(seat, by=None, now=NOW)
    kept = ProductChange.objects.order_by("id").values_list("field", "old", "new", "by__name")
    assert list(kept) == [
        ("added", None, {"name": "Seat", "price": 4_900, "cost": 1_200}, "Max"),
        ("price", 4_900, 5_900, "Max"),
        ("code", "", "S-1", "Max"),
        ("retired", False, True, None),
        ("retired", True, False, None),
    ]
    with pytest.raises(CannotShapeProduct):
        change_product(seat, changes={"price": 1, "cost": -1}, by=max, now=NOW)
    a_product(name="Chair")
    with pytest.raises(CannotShapeProduct):
        change_product(seat, changes={"price": 1, "name": "Chair"}, by=max, now=NOW)
    assert ProductChange.objects.count() == 5


def test_the_page_shows_what_the_product_cost_before(
    max: Member, django_assert_num_queries: Any
) -> None:
    browser, seat = client_of(max), a_product(name="Seat", price=4_990)
    page = workspace_reverse("funnel:product", id=seat.pk)
    assert "Nothing has changed" in browser.get(page).content.decode()
    told = {"name": "Seat", "code": "", "unit": "seat", "price": "59", "cost": "4"}
    browser.post(page, told)
    browser.post(workspace_reverse("funnel:product_retire", id=seat.pk))
    with django_assert_num_queries(5):
        shown = browser.get(page).content.decode()
    for sentence in ("Price of one: €49.90 → €59", "Sold by the: – → seat", "Sold no more"):
        assert sentence in shown
    assert "Max" in shown


def test_programs_read_the_history_of_a_product(ada: Member, rita: Member) -> None:
    client = api_of(a_key(ada))
    made = client.post("/api/v1/products/", {"name": "Seat", "price": 4_900}).json()
    path = f"/api/v1/products/{made['id']}/"
    client.patch(path, {"price": 5_900, "cost": 0, "by": str(rita.pk)})
    listed = client.get(f"{path}history/").json()["results"]
    assert [(each["field"], each["old"], each["by"]) for each in listed] == [
        ("price", 4_900, str(rita.pk)),
        ("added", None, None),
    ]


def test_the_list_is_searched_and_asks_as_often_for_many_as_for_few(
    rita: Member, django_assert_num_queries: Any
) -> None:
    for number in range(60):
        a_product(name=f"Seat {number:02}", code=f"C{number}")
    browser = client_of(rita)
    browser.get(workspace_reverse(LIST))
    with django_assert_num_queries(5):
        page = browser.get(workspace_reverse(LIST)).content.decode()
    assert "Seat 49" in page
    assert "Seat 50" not in page
    found = browser.get(workspace_reverse(LIST), {"q": "seat c57"}).content.decode()
    assert "Seat 57" in found
    assert "Seat 49" not in found
    assert browser.get(workspace_reverse(LIST), {"q": "\0 %_"}).status_code == 200


def test_programs_keep_the_catalogue(ada: Member) -> None:
    client = api_of(a_key(ada))
    told = {"name": "Seat", "price": 4_900, "code": "S-1"}
    made = client.post("/api/v1/products/", told)
    assert (made.status_code, made.json()["cost"]) == (201, 0)
    path = f"/api/v1/products/{made.json()['id']}/"
    changed = client.patch(path, {"cost": 900, "is_retired": True}).json()
    assert (changed["cost"], bool(changed["retired_at"])) == (900, True)
    a_product(code="S-2")
    listed = client.get("/api/v1/products/?code=S-1").json()["results"]
    assert [each["name"] for each in listed] == ["Seat"]
    assert client.patch(path, {"code": "S-2"}).json()["detail"].startswith("The code “S-2”")
    refused = client.patch(path, {"colour": "red"})
    assert "known are: by, code, cost" in refused.content.decode()
    assert client.patch(path, {"name": "Chair", "price": -1}).status_code == 422
    assert Product.objects.get(code="S-1").name == "Seat"
