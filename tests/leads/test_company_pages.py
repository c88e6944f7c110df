"""Companies: the list and one page."""

from typing import Any

import pytest
from django.test import Client

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_company, a_lead, an_activity
from tests.clients import client_of


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def test_companies_are_found_and_counted(browser: Client) -> None:
    firm = a_company(name="Nordwind", domain="nord.example", stage="mql")
    a_lead(company=firm)
    a_company(name="Other")
    for query in ("q=wind", "q=nord.ex", "stage=mql"):
        (found,) = browser.get(f"/w/acme/companies/?{query}").context["page"].rows
        assert (found.name, found.values[:2]) == ("Nordwind", ["mql", 1])


def test_a_company_shows_its_people_and_what_they_did(browser: Client) -> None:
    firm = a_company(name="Nordwind")
    an_activity(a_lead(name="Ann", company=firm), properties={"path": "/pricing"})
    page = browser.get(f"/w/acme/companies/{firm.pk}/").content.decode()
    for words in ("Nordwind", "Ann", "Viewed /pricing"):
        assert words in page


def test_a_company_of_another_workspace_is_not_there(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_company()
    assert browser.get(f"/w/acme/companies/{foreign.pk}/").status_code == 404


def test_the_list_states_its_queries(browser: Client, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        a_lead(company=a_company())
    browser.get("/w/acme/companies/")
    # session, user, door, member; views; rows and their number
    with django_assert_num_queries(5):
        browser.get("/w/acme/companies/")
