"""Pages of customers: the list that says who needs care, and the page of one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from funnel.actions.closing_deals import win_deal
from funnel.models import Customer
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_checklist_item, a_customer, a_deal, a_lead, a_renewal
from tests.clients import client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def _listed(browser: Client, **query: str) -> str:
    return browser.get(workspace_reverse("funnel:customer_list"), query).content.decode()


def test_an_empty_list_says_how_customers_come_about(browser: Client) -> None:
    assert "The first deal that is won" in _listed(browser)


def test_those_at_risk_stand_first(browser: Client) -> None:
    well = a_customer(health="good", margin=9_000)
    ill = a_customer(health="at_risk", margin=1)
    page = _listed(browser)
    assert page.index(ill.name) < page.index(well.name)
    page = _listed(browser, sort="-margin")
    assert page.index(well.name) < page.index(ill.name)


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ({"health": "at_risk"}, {"ill"}),
        ({"health": "none"}, {"unjudged"}),
        ({"owner": "me"}, {"well"}),
        ({"owner": "nobody"}, {"ill", "unjudged"}),
        ({"bought": "again"}, {"well"}),
        ({"which": "former"}, {"former"}),
        ({"q": "FIRM"}, {"well", "ill", "unjudged"}),
        ({"q": "no such"}, set()),
        (
            {"health": "nonsense", "owner": "nonsense", "sort": "nonsense"},
            {"well", "ill", "unjudged"},
        ),
    ],
)
def test_the_list_is_narrowed(
    browser: Client, rita: Member, query: dict[str, str], finds: set[str]
) -> None:
    rows = {
        "well": a_customer(health="good", owner=rita, deals_won=2),
        "ill": a_customer(health="at_risk"),
        "unjudged": a_customer(),
        "former": a_customer(ended_at=NOW),
    }
    page = _listed(browser, **query)
    assert {name for name, row in rows.items() if f"/customers/{row.pk}/" in page} == finds


def test_the_list_takes_as_many_queries_for_ten_rows_as_for_one(browser: Client) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as captured:
            _listed(browser)
        return len(captured)

    a_customer()
    _listed(browser)
    first = taken()
    for _ in range(9):
        a_customer()
    assert taken() == first


def test_the_page_explains_the_margin_deal_by_deal(browser: Client, rita: Member) -> None:
    lead = a_lead(stage="sql", name="Lena Keller")
    for margin in (10_000, 30_000):
        win_deal(a_deal(lead), amount=100_000, margin=margin, by=rita, now=NOW)
    customer = Customer.objects.get()
    page = browser.get(workspace_reverse("funnel:customer", id=customer.pk)).content.decode()
    assert "€400" in page
    assert "(75%)" in page
    assert "Repeat" in page
    assert f"?lead={lead.pk}" in page


def test_a_company_shows_its_people_and_where_they_stand(browser: Client) -> None:
    customer = a_customer()
    colleague = a_lead(company=customer.company, name="Olena")
    page = browser.get(workspace_reverse("funnel:customer", id=customer.pk)).content.decode()
    assert f"/leads/{colleague.pk}/" in page


def test_the_timeline_alone_is_sent_to_who_asks_for_it(browser: Client) -> None:
    address = workspace_reverse("funnel:customer", id=a_customer().pk)
    answer = browser.get(address, {"family": "contact"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()


def test_a_customer_of_another_workspace_is_not_found(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_customer()
    address = workspace_reverse("funnel:customer", id=foreign.pk)
    assert browser.get(address).status_code == 404


def test_renewals_and_onboarding_stand_in_the_list(browser: Client) -> None:
    soon, later = a_customer(), a_customer()
    today = timezone.localdate()
    a_renewal(soon, due_on=today + timedelta(days=20))
    a_renewal(later, due_on=today + timedelta(days=200))
    page = _listed(browser, renewal="30")
    assert f"/customers/{soon.pk}/" in page
    assert f"/customers/{later.pk}/" not in page
    a_checklist_item(soon)
    assert "0 of 1" in _listed(browser)


def test_the_page_says_who_looks_after_the_customer(browser: Client, rob: Member) -> None:
    customer = a_customer(owner=rob)
    page = browser.get(workspace_reverse("funnel:customer", id=customer.pk)).content.decode()
    assert f'<option value="{rob.pk}" selected>' in page
