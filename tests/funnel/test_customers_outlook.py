"""What the API tells of a customer's onboarding, next renewal and training."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.care.checklists import finish_item, skip_item
from funnel.care.planning import snooze_renewal
from funnel.care.renewing import lose_renewal
from funnel.models import Customer
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import (
    a_checklist_item,
    a_company,
    a_customer,
    a_key,
    a_lead,
    a_renewal,
    a_training,
)
from tests.clients import JsonClient, api_of


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


@pytest.fixture
def firm() -> Customer:
    return a_customer(company=a_company(name="Nordwind"))


def told_of(api: JsonClient, customer: Customer) -> dict[str, Any]:
    told: dict[str, Any] = api.get(f"/api/v1/customers/{customer.pk}/").json()
    [listed] = [
        each for each in api.get("/api/v1/customers/").json()["results"] if each["id"] == told["id"]
    ]
    assert listed == told
    return told


def test_nothing_is_told_where_nothing_is_planned(api: JsonClient, firm: Customer) -> None:
    told = told_of(api, firm)
    assert (told["onboarding"], told["next_renewal"]) == (None, None)


def test_onboarding_tells_how_far_it_is_and_what_is_next(api: JsonClient, firm: Customer) -> None:
    today = timezone.localdate()
    finish_item(a_checklist_item(firm, name="Call"), by=None, now=timezone.now())
    skip_item(a_checklist_item(firm, name="Party"), reason="No", by=None, now=timezone.now())
    earlier = timezone.now() - timedelta(days=9)
    late = a_checklist_item(firm, name="Access", due_on=today - timedelta(days=3), now=earlier)
    a_checklist_item(firm, name="Look back", due_on=today + timedelta(days=30))
    assert told_of(api, firm)["onboarding"] == {
        "done": 1,
        "total": 3,
        "overdue": 1,
        "next": {
            "id": str(late.pk),
            "name": "Access",
            "due_on": late.due_on.isoformat(),
            "doer": late.doer,
        },
    }


def test_an_onboarding_that_is_over_has_nothing_next(api: JsonClient, firm: Customer) -> None:
    finish_item(a_checklist_item(firm), by=None, now=timezone.now())
    told = told_of(api, firm)["onboarding"]
    assert told == {"done": 1, "total": 1, "overdue": 0, "next": None}


def test_the_planned_renewal_that_is_due_first_is_told(api: JsonClient, firm: Customer) -> None:
    today = timezone.localdate()
    a_renewal(firm, what="Maintenance", due_on=today + timedelta(days=90))
    first = a_renewal(firm, what="Licences", due_on=today + timedelta(days=20), amount=90_000)
    gone = a_renewal(firm, due_on=today + timedelta(days=5))
    lose_renewal(gone, reason="Too dear", by=None, now=timezone.now())
    until = today + timedelta(days=9)
    snooze_renewal(first, until=until, by=None, now=timezone.now())
    told = told_of(api, firm)["next_renewal"]
    assert (told["id"], told["what"], told["amount"]) == (str(first.pk), "Licences", 90_000)
    assert told["due_on"] == first.due_on.isoformat()
    assert told["snoozed_until"] == until.isoformat()


def test_a_list_of_many_asks_no_more_often(
    api: JsonClient, firm: Customer, django_assert_max_num_queries: Any
) -> None:
    def ask() -> int:
        with django_assert_max_num_queries(14) as asked:
            found = api.get("/api/v1/customers/").json()["results"]
            assert all(each["onboarding"] and each["next_renewal"] for each in found)
        return len(asked)

    a_checklist_item(firm)
    a_renewal(firm)
    one = ask()
    for _ in range(5):
        another = a_customer(company=a_company())
        a_checklist_item(another)
        a_renewal(another)
    assert ask() <= one  # the first request warms what is kept in the process


def test_training_of_a_customer_is_told(api: JsonClient, firm: Customer) -> None:
    theirs = a_training(a_lead(company=firm.company))
    a_training(a_lead(company=a_company()))

    def ids(customer: object) -> list[str]:
        answer = api.get(f"/api/v1/trainings/?customer={customer}")
        return [each["id"] for each in answer.json()["results"]]

    assert ids(firm.pk) == [str(theirs.pk)]
    assert ids(a_customer().pk) == ids("nobody") == []


def test_customers_of_others_are_not_told_of(
    api: JsonClient, firm: Customer, globex: Workspace
) -> None:
    with inside(globex.pk):
        foreign = a_customer(company=a_company())
        a_checklist_item(foreign)
        a_training(a_lead(company=foreign.company))
    assert api.get(f"/api/v1/customers/{foreign.pk}/").status_code == 404
    assert api.get(f"/api/v1/trainings/?customer={foreign.pk}").json()["results"] == []
