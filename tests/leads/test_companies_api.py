"""Companies over the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.standing import place_leads
from leads.api.companies import CompanyRowSerializer
from leads.models import Company
from tests.builders import a_company, a_key, a_lead
from tests.clients import JsonClient, api_of

COMPANIES = "/api/v1/companies/"


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def names(api: JsonClient, query: str) -> list[str]:
    return [each["name"] for each in api.get(f"{COMPANIES}?{query}").json()["results"]]


def test_a_company_says_the_same_wherever_it_is_read(api: JsonClient, rita: Member) -> None:
    firm = a_company(name="Nord", owner=rita, employees=7, customer_since=timezone.now())
    (listed,) = api.get(COMPANIES).json()["results"]
    assert listed == api.get(f"{COMPANIES}{firm.pk}/").json()
    assert list(listed) == list(CompanyRowSerializer().fields)
    assert (listed["owner"], listed["employees"]) == (str(rita.pk), 7)


def test_a_company_says_since_when_it_is_in_its_stage(api: JsonClient) -> None:
    firm, old = a_company(name="A"), a_company(name="B", stage_entered_at=None)
    Company.objects.update(stage_entered_at=None)
    then = timezone.now() - timedelta(days=3)
    place_leads({a_lead(company=firm).pk: "mql", a_lead(company=old).pk: "lead"}, now=then)
    told = [
        (each["stage"], each["stage_entered_at"] is None, each["days_in_stage"])
        for each in api.get(f"{COMPANIES}?sort=name").json()["results"]
    ]
    assert told == [("mql", False, 3), ("lead", True, None)]
    place_leads({a_lead(company=firm).pk: "mql"}, now=timezone.now())  # stays where it is
    assert api.get(f"{COMPANIES}{firm.pk}/").json()["days_in_stage"] == 3


def test_companies_are_narrowed_and_sorted(api: JsonClient) -> None:
    north = a_company(name="Nord", stage="customer", country="Norway")
    a_company(name="Aqua", domain="aqua.example")
    a_lead(company=north)
    assert names(api, "") == ["Aqua", "Nord"]
    assert names(api, "sort=-people") == names(api, "sort=-stage") == ["Nord", "Aqua"]
    assert names(api, "country=Norway") == names(api, "stage=customer") == ["Nord"]
    assert names(api, "domain=aqua.example") == names(api, "q=QUA") == ["Aqua"]


@pytest.mark.parametrize("sort", ["name", "-created", "stage", "-people"])
def test_every_order_is_paged_through_once(api: JsonClient, sort: str) -> None:
    for number in range(7):
        firm = a_company(stage=["lead", "mql"][number % 2])
        if number % 3:
            a_lead(company=firm, last_activity_at=timezone.now())
    seen, address = [], f"{COMPANIES}?limit=2&sort={sort}"
    while address:
        page = api.get(address).json()
        seen += [each["id"] for each in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("query", ["stage=x", "owner=x", "sort=x", "view=x", "limit=0", "q=%00"])
def test_what_makes_no_sense_is_named(api: JsonClient, query: str) -> None:
    answer = api.get(f"{COMPANIES}?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


def test_a_company_of_another_workspace_is_not_there(api: JsonClient, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_company()
    assert api.get(f"{COMPANIES}{foreign.pk}/").status_code == 404
    assert api.get(COMPANIES).json()["results"] == []


def test_a_list_states_its_queries(api: JsonClient, django_assert_max_num_queries: Any) -> None:
    for _ in range(50):
        a_company()
    api.get(COMPANIES)
    with django_assert_max_num_queries(3):  # key, rows; use of the key
        api.get(COMPANIES)
