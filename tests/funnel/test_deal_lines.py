"""Lines of deals: products with quantity, price and discount, and what they add up to."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from funnel.actions.closing_deals import CannotCloseDeal, lose_deal, reopen_deal, win_deal
from funnel.actions.deal_history import DealChanged
from funnel.actions.deal_sums import wrong_deal_sums
from funnel.actions.deals import CannotOpenDeal, DealClosed, change_deal
from funnel.actions.holding import CannotWorkLead
from funnel.models import Deal, DealChange, DealLine
from funnel.products.catalogue import change_product, retire_product
from funnel.products.lines import MOST_LINES, CannotSetLines, NewLine, lines_of, set_lines
from funnel.products.summing import CannotTypeSum
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from tests.builders import a_deal, a_lead, a_line, a_product
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=9)


def seats(quantity: Any = 1, **rest: Any) -> NewLine:
    given = {"price": rest.pop("price", 1_000), "cost": rest.pop("cost", 400)}
    return NewLine(a_product(**given), Decimal(quantity), **rest)


def figures(deal: Deal) -> tuple[int | None, int | None]:
    deal.refresh_from_db()
    return deal.amount, deal.margin


def as_told(deal: Deal) -> list[NewLine]:
    return [
        NewLine(row.product, row.quantity, row.unit_price, row.unit_cost, row.discount, row.pk)
        for row in lines_of(deal)
    ]


def test_a_line_that_is_named_twice_is_refused(rita: Member) -> None:
    line = a_line(deal := a_deal(), quantity=2)
    [told] = as_told(deal)
    for twice in ([told, replace(told, quantity=Decimal(5))], [seats(key="a"), seats(key="a")]):
        with pytest.raises(CannotSetLines, match="named twice"):
            set_lines(deal, lines=twice, by=rita, now=NOW)
    assert lines_of(deal) == [line]


def test_amount_and_margin_are_the_sums_of_the_lines(rita: Member) -> None:
    deal = a_deal()
    told = [seats(10, discount=Decimal("12.5")), seats("2.5", price=900, cost=100)]
    set_lines(deal, lines=told, by=rita, now=NOW)
    assert [(each.amount, each.margin) for each in lines_of(deal)] == [
        (8_750, 4_750),
        (2_250, 2_000),
    ]
    assert figures(deal) == (11_000, 6_750)
    assert wrong_deal_sums() == []


@pytest.mark.parametrize(
    ("quantity", "price", "cost", "discount", "brings"),
    [
        ("0.5", 1, 0, 0, (1, 1)),  # half a cent: away from zero
        ("0.5", 3, 0, 0, (2, 2)),
        ("3", 333, 100, "33.33", (666, 366)),  # 666.03
        ("0.125", 1_001, 1_002, 0, (125, 0)),  # 125.125 - 125.25
        ("1", 1_000, 1_500, "10", (900, -600)),
        ("0.5", 2, 3, 0, (1, -1)),  # minus half a cent
        ("999.999", 10**12 // 1_000, 0, "0.01", (999_899_000_100, 999_899_000_100)),
    ],
)
def test_a_line_is_rounded_once_to_the_cent(
    rita: Member, quantity: str, price: int, cost: int, discount: str, brings: tuple[int, int]
) -> None:
    deal = a_deal()
    line = seats(quantity, price=price, cost=cost, discount=Decimal(discount))
    set_lines(deal, lines=[line], by=rita, now=NOW)
    assert [(each.amount, each.margin) for each in lines_of(deal)] == [brings]


def test_price_and_cost_are_copied_and_stay_when_the_catalogue_changes(rita: Member) -> None:
    deal = a_deal()
    set_lines(deal, lines=[seats(2), seats(1, unit_price=700, unit_cost=0)], by=rita, now=NOW)
    for line in lines_of(deal):
        change_product(line.product, changes={"price": 5_000, "cost": 1}, by=rita, now=NOW)
    same = [replace(each, unit_price=None, unit_cost=None) for each in as_told(deal)]
    set_lines(deal, lines=[*same, NewLine(same[0].product, Decimal(1))], by=rita, now=NOW)
    kept = [(each.unit_price, each.unit_cost) for each in lines_of(deal)]
    assert kept == [(1_000, 400), (700, 0), (5_000, 1)]


def test_an_amount_is_not_typed_while_there_are_lines(rita: Member) -> None:
    deal = a_deal()
    set_lines(deal, lines=[seats(2), seats(1)], by=rita, now=NOW)
    for figure in ("amount", "margin"):
        with pytest.raises(CannotTypeSum, match="the sum of its 2 lines"):
            change_deal(deal, changes={figure: 7}, by=rita, now=NOW)
    change_deal(deal, changes={"name": "Seats", "amount": 3_000}, by=rita, now=NOW)
    set_lines(deal, lines=[], by=rita, now=NOW)
    assert figures(deal) == (3_000, 1_800)
    change_deal(deal, changes={"amount": 2_000}, by=rita, now=NOW)
    assert figures(deal) == (2_000, 1_800)


def test_a_deal_is_won_for_what_its_lines_say(rita: Member) -> None:
    deal = a_deal()
    set_lines(deal, lines=[seats(3)], by=rita, now=NOW)
    with pytest.raises(CannotTypeSum, match="what its line says"):
        win_deal(deal, amount=3_001, margin=None, by=rita, now=NOW)
    for _ in range(2):
        win_deal(deal, amount=None, margin=None, by=rita, now=NOW)
    assert figures(deal) == (3_000, 1_800)
    with pytest.raises(CannotCloseDeal, match="For how much"):
        win_deal(a_deal(), amount=None, margin=5, by=rita, now=NOW)


@pytest.mark.parametrize("status", ["won", "lost"])
def test_lines_of_a_closed_deal_are_frozen_until_it_is_open_again(
    rita: Member, status: str
) -> None:
    deal = a_deal()
    set_lines(deal, lines=[seats(3)], by=rita, now=NOW)
    if status == "won":
        win_deal(deal, amount=None, margin=None, by=rita, now=NOW)
    else:
        lose_deal(deal, reason="Too dear", by=rita, now=NOW)
    for lines in ([], [*as_told(deal), seats(1)], [replace(as_told(deal)[0], quantity=Decimal(4))]):
        with pytest.raises(DealClosed, match="closed, and so are its lines"):
            set_lines(deal, lines=lines, by=rita, now=LATER)
    assert figures(deal) == (3_000, 1_800)
    reopen_deal(deal, by=rita, now=LATER)
    set_lines(deal, lines=[*as_told(deal), seats(1)], by=rita, now=LATER)
    assert figures(deal) == (4_000, 2_400)


def test_history_says_what_came_went_and_changed(rita: Member) -> None:
    deal = a_deal(amount=3_000, margin=1_800)
    first, second = seats(1), seats(2)
    set_lines(deal, lines=[first, second], by=rita, now=NOW)
    assert not DealChange.objects.exclude(field="line").exists()  # the sum is what it was
    one, two = as_told(deal)
    DealChange.objects.all().delete()
    more = replace(two, quantity=Decimal(5), discount=Decimal("7.50"))
    set_lines(deal, lines=[more, seats(1, price=10, cost=1)], by=rita, now=LATER)
    kept = DealChange.objects.filter(by=rita, changed_at=LATER)
    told = [(row.old, row.new) for row in kept.filter(field="line")]
    old: dict[str, Any] = {"product": two.product.name, "quantity": "2", "discount": "0"}
    old |= {"unit_price": 1_000, "unit_cost": 400}
    assert ({**old, "product": one.product.name, "quantity": "1"}, None) in told
    assert (old, {**old, "quantity": "5", "discount": "7.5"}) in told
    assert [new["unit_price"] for was, new in told if was is None] == [10]
    assert {row.field: (row.old, row.new) for row in kept.exclude(field="line")} == {
        "amount": (3_000, 4_635),
        "margin": (1_800, 2_634),
    }


def test_the_same_lines_again_change_nothing(rita: Member) -> None:
    deal = a_deal()
    told = [seats(1, key="a"), seats(2, key="b")]
    for _ in range(2):
        set_lines(deal, lines=told, by=rita, now=NOW, seen=1)
    assert (Deal.objects.get().version, DealLine.objects.count()) == (2, 2)
    set_lines(deal, lines=told[::-1], by=rita, now=NOW)
    assert [each.quantity for each in lines_of(deal)] == [2, 1]


def test_two_who_change_the_lines_do_not_overwrite_each_other(rita: Member, rob: Member) -> None:
    deal = a_deal()
    set_lines(deal, lines=[seats(1)], by=rita, now=NOW, seen=1)
    with pytest.raises(DealChanged, match="changed meanwhile"):
        set_lines(deal, lines=[seats(2)], by=rob, now=NOW, seen=1)
    gone = as_told(deal)
    set_lines(deal, lines=[seats(2)], by=rita, now=NOW, seen=2)
    with pytest.raises(CannotSetLines, match="removed meanwhile"):
        set_lines(deal, lines=gone, by=rob, now=NOW)


def test_what_is_sold_no_more_stays_where_it_is_and_comes_into_no_deal(rita: Member) -> None:
    deal = a_deal()
    set_lines(deal, lines=[seats(1)], by=rita, now=NOW)
    (line,) = as_told(deal)
    retire_product(line.product, by=rita, now=NOW)
    set_lines(deal, lines=[replace(line, quantity=Decimal(3))], by=rita, now=NOW)
    assert figures(deal) == (3_000, 1_800)
    with pytest.raises(CannotSetLines, match="is sold no more"):
        set_lines(a_deal(), lines=[NewLine(line.product, Decimal(1))], by=rita, now=NOW)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"quantity": 0}, "quantity 0 is out of range"),
        ({"quantity": "-1"}, "out of range"),
        ({"quantity": "1000001"}, "at most 1,000,000"),
        ({"quantity": "0.0001"}, "three decimals"),
        ({"quantity": "NaN"}, "out of range"),
        ({"discount": Decimal(101)}, "allowed are 0 to 100"),
        ({"discount": Decimal("-0.01")}, "allowed are 0 to 100"),
        ({"discount": Decimal("0.001")}, "two decimals"),
        ({"unit_price": -1}, "nothing or more"),
        ({"unit_price": 10**15, "quantity": 2}, "can be paid"),
        ({"unit_cost": 2**62}, "can be paid"),
        ({"discount": Decimal(100)}, "bring nothing"),
    ],
)
def test_a_line_that_cannot_be_is_refused_whole(
    rita: Member, line: dict[str, Any], said: str
) -> None:
    deal = a_deal()
    with pytest.raises(CannotSetLines, match=said):
        set_lines(deal, lines=[seats(**line)], by=rita, now=NOW)
    assert figures(deal) == (100_000, 40_000)
    assert not DealLine.objects.exists()


def test_a_deal_takes_so_many_lines_and_so_much_money(rita: Member) -> None:
    with pytest.raises(CannotSetLines, match="at most 50"):
        set_lines(a_deal(), lines=[seats(1)] * (MOST_LINES + 1), by=rita, now=NOW)
    dear = [seats(1, unit_price=9 * 10**14) for _ in range(2)]
    with pytest.raises(CannotOpenDeal, match="larger than anybody can pay"):
        set_lines(a_deal(), lines=dear, by=rita, now=NOW)


def test_a_rep_changes_the_lines_of_nobody_elses_deal(rita: Member, rob: Member) -> None:
    deal = a_deal(a_lead(stage="sql", owner=rob))
    with pytest.raises(CannotWorkLead, match="Rob has"):
        set_lines(deal, lines=[seats(1)], by=rita, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_lines_and_a_typed_amount_at_once_leave_one_of_them(world: World) -> None:
    deals, gate = [a_deal() for _ in range(6)], Barrier(2)
    line = seats(7)

    def each(work: Any) -> None:
        try:
            with inside(world.acme.pk):
                gate.wait(10)
                for deal in deals:
                    try:
                        work(deal)
                    except Refusal:
                        continue
        finally:
            connection.close()

    def typing(deal: Deal) -> None:
        change_deal(deal, changes={"amount": 555_555}, by=None, now=NOW)

    with ThreadPoolExecutor(2) as two:
        list(two.map(each, [typing, lambda deal: a_line(deal, line.product, 7)]))
    assert [figures(deal)[0] for deal in deals] == [7_000] * 6
    assert wrong_deal_sums() == []
