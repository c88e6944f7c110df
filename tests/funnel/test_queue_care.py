"""What customers need, counted on the first page of those who sell; each count opens its rows."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.care.days import today_of
from funnel.models import ChecklistItem, Customer, Renewal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_checklist_item, a_customer, a_renewal
from tests.clients import client_of

pytestmark = pytest.mark.usefixtures("world")
QUEUE = "funnel:queue"
LINK = re.compile(r'<li><a href="([^"]+)">.*?<span class="count">(\d+)</span>', re.DOTALL)


def in_days(days: int) -> date:
    return today_of(timezone.now()) + timedelta(days=days)


def _counts(member: Member) -> dict[str, int]:
    """What stands there, by the address it leads to."""
    page = client_of(member).get(workspace_reverse(QUEUE)).content.decode()
    found = page.split('<ul class="queue-care">')[1:]
    links = LINK.findall(found[0].split("</ul>")[0]) if found else []
    return {address.replace("&amp;", "&"): int(count) for address, count in links}


def _neglected(owner: Member | None) -> Customer:
    """At risk, with a renewal that is late, one that comes and one far away, and a late step."""
    customer = a_customer(owner=owner, health="at_risk")
    for what, days in (("Late", 1), ("Soon", 30), ("Far", 31)):
        a_renewal(customer, what=what, due_on=in_days(days))
    Renewal.objects.filter(what="Late").update(due_on=in_days(-3))
    late, _today = (a_checklist_item(customer, due_on=in_days(0)) for _ in range(2))
    ChecklistItem.objects.filter(pk=late.pk).update(due_on=in_days(-1))
    return customer


def _at(name: str, query: str) -> str:
    return workspace_reverse(name) + query


def test_a_rep_reads_of_own_customers_only(rita: Member, rob: Member) -> None:
    _neglected(rita)
    _neglected(rob)
    _neglected(None)
    assert _counts(rita) == {
        _at("funnel:customer_list", "?health=at_risk&owner=me"): 1,
        _at("funnel:renewal_list", "?days=30&owner=me"): 2,
        _at("funnel:late_steps", "?owner=me"): 1,
    }


def test_a_manager_reads_of_all(rita: Member, max: Member) -> None:
    _neglected(rita)
    _neglected(None)
    assert _counts(max) == {
        _at("funnel:customer_list", "?health=at_risk"): 2,
        _at("funnel:renewal_list", "?days=30"): 4,
        _at("funnel:late_steps", ""): 2,
    }


@pytest.mark.parametrize("who", ["rita", "max"])
def test_each_count_opens_exactly_its_rows(world: Any, who: str) -> None:
    _neglected(world.rita)
    _neglected(world.rob)
    Customer.objects.filter(pk=_neglected(world.rita).pk).update(ended_at=timezone.now())
    member = getattr(world, who)
    for address, count in _counts(member).items():
        page = client_of(member).get(address).content.decode()
        assert page.split("<tbody>")[1].split("</tbody>")[0].count("<tr") == count, address


def test_nothing_to_do_is_not_told_of(rita: Member, rob: Member) -> None:
    _neglected(rob)
    a_customer(owner=rita, health="good")
    assert _counts(rita) == {}


def test_what_changes_is_told_to_who_looks_at_the_page(rita: Member) -> None:
    customer, browser = a_customer(owner=rita, health="good"), client_of(rita)

    def stamp() -> str:
        page = browser.get(workspace_reverse(QUEUE)).content.decode()
        return page.split('data-stamp="')[1].split('"')[0]

    before = stamp()
    Customer.objects.filter(pk=customer.pk).update(health="at_risk")
    assert stamp() != before


def test_overdue_steps_are_listed_and_narrowed(rita: Member, rob: Member) -> None:
    _neglected(rita)
    own = Customer.objects.get()
    other = _neglected(rob)
    listed = client_of(rita).get(_at("funnel:late_steps", "?owner=me")).content.decode()
    assert own.name in listed
    assert other.name not in listed
    nobody = client_of(rita).get(_at("funnel:late_steps", "?owner=nobody")).content.decode()
    assert "Nothing found" in nobody
    Customer.objects.update(ended_at=timezone.now())
    assert (
        "No step is overdue" in client_of(rita).get(_at("funnel:late_steps", "")).content.decode()
    )


@pytest.mark.parametrize("among", [1, 6])
def test_the_list_of_steps_asks_no_more_for_more_rows(
    rita: Member, among: int, django_assert_num_queries: Any
) -> None:
    for _ in range(among):
        _neglected(rita)
    browser = client_of(rita)
    browser.get(_at("funnel:late_steps", ""))
    with django_assert_num_queries(6):
        browser.get(_at("funnel:late_steps", ""))
