"""Persons who were customers and are erased are named in nothing members were told."""

from datetime import UTC, datetime

import pytest

from funnel.customers.keeping import keep_customers
from funnel.customers.owning import give_customers
from funnel.models import Customer
from leadmgmt.workspaces.models import Notice
from leads.actions.erasing import erase_leads
from leads.models import Lead
from tests.builders import a_company, a_customer, a_lead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def ann(world: World) -> Lead:
    made = a_lead(name="Ann Sample", email="ann@firm.example", stage="customer")
    keep_customers(lead_ids=[made.pk], now=NOW)
    return made


def erase(lead: Lead) -> None:
    erase_leads([lead.pk], reason="asked us", by=None, now=NOW)


def given(world: World) -> str:
    """What Rob is told when he gets all customers at once."""
    ids = list(Customer.objects.values_list("pk", flat=True))
    assert len(give_customers(ids, owner=world.rob, by=world.max, now=NOW)) == len(ids)
    return str(Notice.objects.get(member=world.rob).text)


def test_of_many_persons_only_the_number_is_told(ann: Lead, world: World) -> None:
    bo = a_lead(name="Bo Other", stage="customer")
    keep_customers(lead_ids=[bo.pk], now=NOW)
    assert given(world) == "You look after 2 customers now."


def test_among_firms_persons_are_counted(ann: Lead, world: World) -> None:
    a_customer(a_company(name="Nord"))
    assert given(world) == "You look after Nord and 1 more now."
    erase(ann)
    assert Notice.objects.get(member=world.rob).text == "You look after Nord and 1 more now."


def test_who_was_a_customer_alone_and_has_a_company_now_is_not_named(
    ann: Lead, world: World
) -> None:
    assert given(world) == "You look after Ann Sample now."
    Lead.objects.filter(pk=ann.pk).update(company=a_company(name="Nord", stage="customer"))
    keep_customers(lead_ids=[ann.pk], now=NOW)
    assert Customer.objects.get().company
    erase(ann)
    assert not Notice.objects.exists()
