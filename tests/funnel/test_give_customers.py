"""Who looks after customers."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from funnel.customers.keeping import keep_customers
from funnel.customers.owning import CannotGiveCustomers, give_customers
from funnel.health.judging import judge_customers
from funnel.models import Customer, CustomerChange
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice, Role, Workspace
from tests.builders import a_customer, a_lead, a_member, health_rules
from tests.clients import client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_many_go_to_one_who_is_told_once(max: Member, rob: Member, rita: Member) -> None:
    ids = [a_customer(owner=rita).pk, a_customer().pk, a_customer(owner=rob).pk]
    given = give_customers(ids, owner=rob, by=max, now=NOW)
    assert set(given) == set(ids[:2])
    assert Customer.objects.filter(owner=rob).count() == 3
    assert sorted(CustomerChange.objects.filter(field="owner").values_list("old", "new")) == [
        ("", "Rob"),
        ("Rita", "Rob"),
    ]
    assert Notice.objects.filter(member=rob).count() == 1


def test_who_is_known_by_the_telephone_only_is_called_so(rita: Member, max: Member) -> None:
    lead = a_lead(name="", email="", phone="+491511234567", stage="customer")
    keep_customers(lead_ids=[lead.pk], now=NOW)
    give_customers([Customer.objects.get().pk], owner=rita, by=max, now=NOW)
    assert Notice.objects.get().text == "You look after +491511234567 now."
    health_rules(("No Greek", "none", {"field": "country", "is": "Greece"}, "watch"))
    Customer.objects.update(health="good", health_rule=None)
    judge_customers(None, now=NOW)
    assert Notice.objects.filter(text="+491511234567 is now: watch. No Greek.").exists()


def test_who_takes_a_customer_is_not_told_of_it(rita: Member) -> None:
    customer = a_customer()
    give_customers([customer.pk], owner=rita, by=rita, now=NOW)
    assert not Notice.objects.exists()


def test_a_rep_gives_away_own_customers_only(rita: Member, rob: Member, max: Member) -> None:
    customer = a_customer(owner=rob)
    with pytest.raises(CannotGiveCustomers, match="Rob looks after Firm"):
        give_customers([customer.pk], owner=rita, by=rita, now=NOW)
    give_customers([customer.pk], owner=rita, by=rob, now=NOW)
    give_customers([customer.pk], owner=None, by=max, now=NOW)
    customer.refresh_from_db()
    assert customer.owner is None


@pytest.mark.parametrize("wrong", ["left", "analyst", "closer"])
def test_a_customer_goes_to_nobody_who_does_not_sell(
    max: Member, ana: Member, rob: Member, wrong: str
) -> None:
    Member.objects.filter(pk=rob.pk).update(left_at=NOW)
    rob.refresh_from_db()
    owner = {"left": rob, "analyst": ana, "closer": a_member(Role.CLOSER)}[wrong]
    customer = a_customer()
    with pytest.raises(Refusal):
        give_customers([customer.pk], owner=owner, by=max, now=NOW)
    customer.refresh_from_db()
    assert customer.owner is None


def test_the_list_gives_what_is_ticked(max: Member, rob: Member) -> None:
    first, second = a_customer(), a_customer()
    address = workspace_reverse("funnel:customers_give")
    told = {"ids": [str(first.pk)], "owner": str(rob.pk)}
    assert client_of(max).post(address, told).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owner, second.owner) == (rob, None)


def test_nothing_ticked_and_nobody_known_change_nothing(max: Member, rob: Member) -> None:
    customer = a_customer(owner=rob)
    address = workspace_reverse("funnel:customers_give")
    browser = client_of(max)
    assert browser.post(address, {"owner": ""}).status_code == 302
    assert browser.post(address, {"ids": customer.pk, "owner": uuid4()}).status_code == 404
    assert browser.post(address, {"ids": "x\0", "owner": "y"}).status_code in (302, 404)
    customer.refresh_from_db()
    assert customer.owner == rob


def test_another_workspaces_customer_stays_as_it_is(
    max: Member, rob: Member, globex: Workspace
) -> None:
    with inside(globex.pk):
        foreign = a_customer()
    assert not give_customers([foreign.pk], owner=rob, by=max, now=NOW)
