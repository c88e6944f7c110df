"""The products of a deal on its page, on the page that changes them, and over the API."""

from typing import Any

import pytest
from django.test import Client

from funnel.actions.closing_deals import win_deal
from funnel.models import Deal, DealChange, DealLine
from funnel.products.catalogue import retire_product
from funnel.products.lines import lines_of
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_deal, a_key, a_lead, a_line, a_product
from tests.clients import api_of, client_of

FREE = {"product": "", "quantity": "1", "unit_price": "", "unit_cost": "", "discount": "0"}


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def page_of(deal: Deal, name: str = "deal") -> str:
    return workspace_reverse(f"funnel:{name}", id=deal.pk)


def went(answer: Any) -> str:
    """Where a form that was taken leads."""
    assert answer.status_code == 302
    return str(answer.url)


def fields(deal: Deal, key: str = "k") -> dict[str, Any]:
    """The form as the browser shows it."""
    deal.refresh_from_db()
    told: dict[str, Any] = {"key": key, "version": deal.version}
    for line in lines_of(deal):
        row = f"line-{line.pk}"
        told |= {f"{row}-quantity": line.quantity, f"{row}-discount": line.discount}
        told[f"{row}-unit_price"] = line.unit_price / 100
        told[f"{row}-unit_cost"] = line.unit_cost / 100
    free = {f"new-{nth}-{name}": each for nth in range(3) for name, each in FREE.items()}
    return told | free


def test_products_are_added_changed_and_removed_on_one_page(browser: Client) -> None:
    deal, seat, course = a_deal(), a_product(name="Seat", unit="seat"), a_product(name="Course")
    assert "Add products" in browser.get(page_of(deal)).content.decode()
    assert "Seat · €10 per seat" in browser.get(page_of(deal, "deal_lines")).content.decode()
    told = fields(deal) | {"new-0-product": seat.pk, "new-0-quantity": "10", "new-0-discount": "5"}
    told |= {"new-2-product": course.pk, "new-2-unit_price": "99.50"}
    for _ in range(2):  # a double click
        assert went(browser.post(page_of(deal, "deal_lines"), told)) == page_of(deal)
    kept: list[Any] = [(row.product.name, row.quantity, row.amount) for row in lines_of(deal)]
    assert kept == [("Seat", 10, 9_500), ("Course", 1, 9_950)]
    deal.refresh_from_db()
    assert (deal.amount, deal.version) == (19_450, 2)
    first, _second = lines_of(deal)
    again = fields(deal) | {f"line-{first.pk}-is_removed": "on", "more": "1"}
    address = page_of(deal, "deal_lines")
    assert went(browser.post(address, again)) == address
    shown = browser.get(page_of(deal)).content.decode()
    assert "Seat removed" in shown
    assert "10 × €10 −5 %" in shown
    assert 'name="amount"' not in shown


def test_lines_are_put_into_another_order_with_what_was_typed(browser: Client) -> None:
    deal = a_deal()
    lines = [a_line(deal, a_product(name=name)) for name in "ABC"]
    address = page_of(deal, "deal_lines")
    shown = browser.get(address).content.decode()
    assert 'aria-label="Move A up" title="Move A up" disabled' in shown
    assert 'aria-label="Move C down" title="Move C down" disabled' in shown
    row = f"line-{lines[2].pk}"
    told = fields(deal) | {f"{row}-quantity": "7", "up": str(lines[2].pk)}
    told |= {f"line-{line.pk}-place": nth for nth, line in enumerate(lines)}
    for _ in range(2):  # a double click
        back = went(browser.post(address, told))
        assert back == f"{address}?up={lines[2].pk}"
    kept: list[Any] = [(row.product.name, row.quantity) for row in lines_of(deal)]
    assert kept == [("A", 1), ("C", 7), ("B", 1)]
    again = browser.get(back).content.decode()
    assert 'title="Move C up" autofocus' in again
    change = DealChange.objects.get(field="order")
    assert (change.old, change.new) == (["A", "B", "C"], ["A", "C", "B"])
    assert "Order of the products: A, C, B" in browser.get(page_of(deal)).content.decode()
    went(browser.post(address, fields(deal) | {"down": str(lines[2].pk)}))
    assert [row.product.name for row in lines_of(deal)] == ["A", "B", "C"]


def test_a_line_at_the_end_or_of_another_deal_moves_nothing(browser: Client) -> None:
    deal = a_deal()
    first, second = (a_line(deal) for _ in range(2))
    address = page_of(deal, "deal_lines")
    other = str(a_line(a_deal()).pk)
    for odd in ({"up": str(first.pk)}, {"down": str(second.pk)}, {"up": other}, {"up": "\0 x"}):
        assert browser.post(address, fields(deal) | odd).status_code == 302
        assert browser.get(address, odd).status_code == 200
    assert lines_of(deal) == [first, second]
    assert not DealChange.objects.filter(field="order").exists()


def test_a_line_moved_meanwhile_stays_where_it_went(browser: Client) -> None:
    deal = a_deal()
    first, second = (a_line(deal) for _ in range(2))
    told = fields(deal)
    went(browser.post(page_of(deal, "deal_lines"), told | {"down": first.pk}))
    late = browser.post(page_of(deal, "deal_lines"), told | {"new-0-product": first.product_id})
    assert late.status_code == 422
    assert "changed meanwhile" in late.content.decode()
    assert lines_of(deal) == [second, first]


def test_what_is_wrong_is_said_at_its_row_and_nothing_is_written(browser: Client) -> None:
    deal, seat = a_deal(), a_product(name="Seat")
    line = a_line(deal, seat)
    address = page_of(deal, "deal_lines")
    for odd in (
        {"new-0-quantity": "7"},
        {f"line-{line.pk}-quantity": "0"},
        {f"line-{line.pk}-discount": "101"},
        {f"line-{line.pk}-discount": "100"},
        {"new-0-product": "nonsense"},
        {"new-0-product": seat.pk, "new-0-unit_price": "-1"},
        {"version": ""},
        {"version": 1, "new-0-product": seat.pk},
    ):
        answer = browser.post(address, fields(deal) | odd)
        assert answer.status_code == 422, odd
    assert DealLine.objects.get().amount == 1_000
    assert "changed meanwhile" in answer.content.decode()


def test_a_deal_with_lines_is_won_without_typing_figures(browser: Client) -> None:
    deal = a_deal()
    a_line(deal, a_product(name="Seat"), 3)
    page = browser.get(page_of(deal, "deal_win")).content.decode()
    assert "€30" in page
    assert 'name="amount"' not in page
    assert browser.post(page_of(deal, "deal_win"), {"reason": "Fits"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.status, deal.amount, deal.margin) == ("won", 3_000, 1_800)
    shown = browser.get(page_of(deal)).content.decode()
    assert "Change products" not in shown
    assert "its products stay as they are" in shown
    assert "The deal is closed" in browser.get(page_of(deal, "deal_lines")).content.decode()


def test_the_pages_ask_as_often_for_many_lines_as_for_none(
    browser: Client, django_assert_num_queries: Any
) -> None:
    bare, deal = a_deal(), a_deal()
    for _ in range(8):
        a_line(deal)
    browser.get(page_of(bare))
    for each in (bare, deal):
        with django_assert_num_queries(7):
            browser.get(page_of(each))
        with django_assert_num_queries(6):
            browser.get(page_of(each, "deal_lines"))


def test_who_does_not_sell_reads_the_lines_and_changes_none(ana: Member) -> None:
    deal = a_deal()
    a_line(deal, a_product(name="Seat"))
    browser = client_of(ana)
    shown = browser.get(page_of(deal)).content.decode()
    assert "Seat" in shown
    assert "Change products" not in shown
    assert browser.get(page_of(deal, "deal_lines")).status_code in (403, 404)


def test_lines_of_another_workspace_are_not_found(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_deal()
        product = a_product()
    assert browser.get(page_of(foreign, "deal_lines")).status_code == 404
    told = fields(deal := a_deal()) | {"new-0-product": product.pk}
    assert browser.post(page_of(deal, "deal_lines"), told).status_code == 422


def test_without_products_the_page_leads_to_the_catalogue(browser: Client) -> None:
    page = browser.get(page_of(a_deal(), "deal_lines")).content.decode()
    assert "Nothing to add yet" in page
    assert workspace_reverse("funnel:product_list") in page


def test_a_retired_product_is_offered_to_nobody_and_keeps_its_line(browser: Client) -> None:
    deal, seat = a_deal(), a_product(name="Seat")
    a_line(deal, seat)
    retire_product(seat, by=None, now=deal.opened_at)
    address = page_of(deal, "deal_lines")
    page = browser.get(address).content.decode()
    assert "Retired" in page
    assert "Seat · " not in page
    (line,) = lines_of(deal)
    browser.post(address, fields(deal) | {f"line-{line.pk}-quantity": "4"})
    assert lines_of(deal)[0].quantity == 4


def test_programs_write_all_lines_of_a_deal(ada: Member) -> None:
    client, deal, seat = api_of(a_key(ada)), a_deal(a_lead(stage="sql")), a_product()
    path = f"/api/v1/deals/{deal.pk}/lines/"
    assert client.get(path).json() == {"amount": 100_000, "margin": 40_000, "lines": []}
    told = {"product": str(seat.pk), "quantity": 2.5, "discount": "10", "key": "a"}
    for _ in range(2):
        answer = client.put(path, {"lines": [told], "by": str(ada.pk)})
    assert answer.status_code == 200, answer.content
    (line,) = answer.json()["lines"]
    assert (answer.json()["amount"], line["quantity"], line["unit_price"]) == (
        2_250,
        "2.500",
        1_000,
    )
    assert answer["ETag"] == '"2"'
    del told["key"]
    more = {**told, "id": line["id"], "unit_price": 2_000}
    kept = client.put(path, {"lines": [more, told]}, headers={"If-Match": '"2"'}).json()
    assert [each["amount"] for each in kept["lines"]] == [4_500, 2_250]
    late = client.put(path, {"lines": []}, headers={"If-Match": '"2"'})
    assert late.status_code == 412
    refused = client.put(path, {"lines": [{**told, "quantity": 0}]})
    assert (refused.status_code, "out of range" in refused.json()["detail"]) == (422, True)
    assert client.patch(f"/api/v1/deals/{deal.pk}/", {"amount": 7}).status_code == 422
    history = client.get(f"/api/v1/deals/{deal.pk}/history/").json()["results"]
    assert {"line", "amount", "margin"} == {each["field"] for each in history}
    assert client.post(f"/api/v1/deals/{deal.pk}/win/", {}).json()["amount"] == 6_750
    assert client.put(path, {"lines": []}).status_code == 409


def test_programs_give_the_lines_another_order(ada: Member) -> None:
    client, deal = api_of(a_key(ada)), a_deal()
    for name in "ABC":
        a_line(deal, a_product(name=name))
    path = f"/api/v1/deals/{deal.pk}/lines/"
    names = ("id", "product", "quantity", "unit_price", "unit_cost", "discount")
    lines = [{name: each[name] for name in names} for each in client.get(path).json()["lines"]]
    moved = client.put(path, {"lines": [lines[2], *lines[:2]]})
    assert [each["id"] for each in moved.json()["lines"]] == [
        each["id"] for each in (lines[2], *lines[:2])
    ]
    latest = client.get(f"/api/v1/deals/{deal.pk}/history/").json()["results"][0]
    assert (latest["field"], latest["new"]) == ("order", ["C", "A", "B"])
    late = client.put(path, {"lines": lines}, headers={"If-Match": '"1"'})
    assert (late.status_code, "changed meanwhile" in late.json()["detail"]) == (412, True)
    free = client.put(path, {"lines": lines})  # without If-Match the last word counts
    assert [each["id"] for each in free.json()["lines"]] == [each["id"] for each in lines]
    star = client.put(path, {"lines": lines[:1]}, headers={"If-Match": "*"})
    assert star.status_code == 200
    odd = client.put(path, {"lines": lines[:1]}, headers={"If-Match": "x"})
    assert (odd.status_code, "is no ETag of a deal" in odd.json()["detail"]) == (412, True)


def test_a_program_cannot_reach_into_another_deal(ada: Member) -> None:
    client, deal, other = api_of(a_key(ada)), a_deal(), a_deal()
    line = a_line(other)
    told = {"id": str(line.pk), "product": str(line.product_id), "quantity": 9}
    answer = client.put(f"/api/v1/deals/{deal.pk}/lines/", {"lines": [told]})
    assert answer.status_code == 422
    assert lines_of(other)[0].quantity == 1
    assert client.post(f"/api/v1/deals/{a_deal().pk}/win/", {}).status_code == 422


def test_a_won_deal_says_what_was_sold_though_the_catalogue_went_on(
    browser: Client, rita: Member
) -> None:
    deal, seat = a_deal(), a_product(name="Seat")
    a_line(deal, seat, 2)
    win_deal(deal, amount=None, margin=None, by=rita, now=deal.opened_at)
    seat.price = 9_999
    seat.save()
    shown = browser.get(page_of(deal)).content.decode()
    assert "€20" in shown
    assert "€99.99" not in shown


@pytest.mark.parametrize(
    "field", ["id", "key", "product", "quantity", "unit_price", "unit_cost", "discount"]
)
def test_odd_values_in_a_line_are_problems(ada: Member, field: str) -> None:
    client, deal, product = api_of(a_key(ada)), a_deal(), a_product()
    odd: tuple[Any, ...] = ("NaN", "Infinity", "1e400", "-1", -1, [], {}, "x" * 200, 2**62, "1e-9")
    for value in (*odd, True, 0.1 + 0.2, "٣"):
        line = {"product": str(product.pk), "quantity": 1} | {field: value}
        answer = client.put(f"/api/v1/deals/{deal.pk}/lines/", {"lines": [line]})
        assert answer.status_code < 500, (value, answer.content)
        assert answer.status_code == 200 or "detail" in answer.json()
