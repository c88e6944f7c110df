"""Companies corrected by hand and over the API."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.companies import change_company
from leads.actions.resolving import resolve_leads
from leads.models import Company, Lead
from leads.rows import NewLead
from tests.builders import a_company, a_custom_field, a_key
from tests.clients import JsonClient, api_of, client_of

pytestmark = pytest.mark.usefixtures("world")
PAGES = "/w/acme/companies/"
COMPANIES = "/api/v1/companies/"


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def shown(browser: Client, address: str) -> dict[str, Any]:
    form = browser.get(address).context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def test_what_is_typed_is_saved(browser: Client, rob: Member) -> None:
    a_custom_field("fleet", "money", subject="company")
    firm = a_company(name="Nord", domain="nord.example", attributes={"old": "kept"})
    address = f"{PAGES}{firm.pk}/edit/"
    typed = {"name": "Nord AG", "domain": "https://www.nordwind.example/x",
             "website": "nord.example", "employees": "7", "owner": str(rob.pk),
             "own_fleet": "12.50"}  # fmt: skip
    assert browser.post(address, shown(browser, address) | typed).status_code == 302
    firm.refresh_from_db()
    assert (firm.name, firm.domain, firm.website) == (
        "Nord AG", "nordwind.example", "https://nord.example"
    )  # fmt: skip
    assert (firm.employees, firm.owner, firm.attributes) == (7, rob, {"old": "kept", "fleet": 1250})
    page = browser.get(f"{PAGES}{firm.pk}/").content.decode()
    for words in ("Nord AG", "€12.50", "Rob", "stands where the furthest"):
        assert words in page


def test_a_company_is_added_by_hand_and_gets_its_people(browser: Client) -> None:
    answer = browser.post(f"{PAGES}add/", {"name": "Nord", "domain": "nord.example"})
    firm = Company.objects.get()
    assert answer["Location"].endswith(f"/companies/{firm.pk}/")
    resolve_leads([NewLead(email="ann@mail.nord.example")], now=timezone.now())
    assert Lead.objects.get().company == firm


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"domain": "taken.example"}, "domain"),
        ({"domain": "gmail.com"}, "domain"),
        ({"domain": "mailinator.com"}, "domain"),
        ({"domain": "nonsense"}, "domain"),
        ({"name": " "}, "name"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"employees": "-1"}, "employees"),
        ({"own_size": "many"}, "own_size"),
        ({"phone": "call me"}, "phone"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    browser: Client, typed: dict[str, str], field: str
) -> None:
    a_custom_field("size", "number", subject="company")
    a_company(name="Other", domain="taken.example")
    firm = a_company(name="Nord", domain=None)
    for address in (f"{PAGES}{firm.pk}/edit/", f"{PAGES}add/"):
        answer = browser.post(address, {"name": "Nord"} | typed)
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {field}


def test_two_who_edit_at_once_lose_nothing(browser: Client) -> None:
    firm = a_company(name="Nord", city="Oslo")
    address = f"{PAGES}{firm.pk}/edit/"
    sent = shown(browser, address) | {"city": "Turku", "industry": "Steel"}
    change_company(firm, changes={"city": "Bergen", "country": "Norway"}, now=timezone.now())
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    assert "“Bergen”" in answer.content.decode()
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert browser.post(address, again).status_code == 302
    firm.refresh_from_db()
    assert (firm.city, firm.country, firm.industry) == ("Turku", "Norway", "Steel")


def test_who_only_looks_cannot_edit(ana: Member) -> None:
    firm = a_company(name="Nord")
    browser = client_of(ana)
    assert browser.get(f"{PAGES}{firm.pk}/edit/").status_code == 403
    assert "Edit company" not in browser.get(f"{PAGES}{firm.pk}/").content.decode()


def test_a_company_is_written_over_the_api(api: JsonClient, rita: Member) -> None:
    made = api.post(COMPANIES, {"name": "Nord", "domain": "nord.example"})
    assert made.status_code == 201
    address = f"{COMPANIES}{made.json()['id']}/"
    changed = api.patch(address, {"employees": 9, "owner": str(rita.pk)}).json()
    assert changed == made.json() | {
        "employees": 9, "owner": str(rita.pk), "changed_at": changed["changed_at"]
    }  # fmt: skip
    assert api.post(COMPANIES, {"name": "X", "domain": "nord.example"}).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"employees": -1}, "employees"),
        ({"employees": 2**31}, "employees"),
        ({"stage": "sql"}, "stage"),
        ({"attributes": {"size": "many"}}, "attributes.size"),
        ({"domain": "gmail.com"}, "domain"),
    ],
)
def test_the_api_names_what_is_wrong(api: JsonClient, changes: dict[str, Any], field: str) -> None:
    a_custom_field("size", "number", subject="company")
    firm = a_company(name="Nord")
    answer = api.patch(f"{COMPANIES}{firm.pk}/", changes)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_company_of_another_workspace_cannot_be_changed(
    api: JsonClient, globex: Workspace
) -> None:
    with inside(globex.pk):
        foreign = a_company()
    assert api.patch(f"{COMPANIES}{foreign.pk}/", {"name": "X"}).status_code == 404


@pytest.mark.parametrize("domain", ["yopmail.com", "temp-mail.io", "gmail.com"])
def test_no_company_is_founded_on_an_address_for_anybody(domain: str) -> None:
    resolve_leads([NewLead(email=f"ann@{domain}")], now=timezone.now())
    assert not Company.objects.exists()
