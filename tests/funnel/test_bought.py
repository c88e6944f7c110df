"""What was bought: lines of won deals by product, adding up to the deals."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from funnel.actions.closing_deals import reopen_deal, win_deal
from funnel.models import Deal
from funnel.products.bought import bought_by
from leadmgmt.workspaces.models import Member
from tests.builders import a_company, a_deal, a_lead, a_line, a_product

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=9)


def test_what_was_bought_is_told_by_product_what_brought_most_first(
    rita: Member, django_assert_num_queries: Any
) -> None:
    lead = a_lead(stage="sql", company=a_company())
    seat, course = a_product(name="Seat", unit="seat"), a_product(name="Course")
    first, second, plain, still_open = (a_deal(lead) for _ in range(4))
    a_line(first, seat, 10)
    a_line(first, course, 1)
    a_line(second, seat, "2.5")
    a_line(still_open, course, 9)
    for deal, at in ((first, NOW), (second, LATER)):
        win_deal(deal, amount=None, margin=None, by=rita, now=at)
    win_deal(plain, amount=5_000, margin=5, by=rita, now=NOW)
    a_line(other := a_deal(), seat, 99)
    win_deal(other, amount=None, margin=None, by=rita, now=NOW)
    theirs = Deal.objects.filter(company=lead.company).select_related("lead").order_by("opened_at")
    with django_assert_num_queries(1):
        told = bought_by(theirs)
    assert [(each.name, each.unit, each.quantity, each.amount, each.deals) for each in told] == [
        ("Seat", "seat", 12.5, 12_500, 2),
        ("", "", None, 5_000, 1),
        ("Course", "", 1, 1_000, 1),
    ]
    assert (told[0].product_id, told[0].first_at, told[0].last_at) == (seat.pk, NOW, LATER)
    won = theirs.won().values_list("amount", "margin")
    sums = (sum(each.amount for each in told), sum(each.margin for each in told))
    assert sums == tuple(map(sum, zip(*won, strict=True)))
    reopen_deal(second, by=rita, now=LATER)
    assert bought_by(theirs)[0].quantity == 10


@pytest.mark.usefixtures("world")
def test_who_bought_nothing_has_nothing() -> None:
    a_line(a_deal())
    assert bought_by(Deal.objects.all()) == []
