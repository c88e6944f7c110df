"""The lists of leads and of companies narrowed by a condition built on a page."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Company
from tests.builders import a_company, a_draft_of, a_key, a_lead
from tests.clients import api_of, client_of, drain
from tests.worlds import World

COMPANIES = "/api/v1/companies/"

SPAIN = {"all": [{"field": "country", "is": "Spain"}]}
GREECE = {"all": [{"field": "country", "is": "Greece"}]}
STATE = urlencode(
    {"stage": "lead", "sort": "-score", "condition": json.dumps(GREECE), "after": "x"}
)


@pytest.fixture
def browser(ana: Member) -> Client:
    return client_of(ana)


@pytest.fixture
def page(browser: Client) -> str:
    return workspace_reverse("leads:lead_filter")


def sent(browser: Client, page: str, tree: Any) -> Any:
    return browser.post(page, a_draft_of(tree) | {"list": STATE})


def test_the_list_opens_with_the_condition_beside_its_other_filters(
    browser: Client, page: str
) -> None:
    a_lead(name="Ines", country="Spain")
    a_lead(name="Gregor", country="Greece")
    answer = sent(browser, page, SPAIN)
    said = QueryDict(answer["Location"].partition("?")[2])
    assert json.loads(said["condition"])
    assert {name: said[name] for name in said if name != "condition"} == {
        "stage": "lead",
        "sort": "-score",
    }
    shown = browser.get(answer["Location"]).content.decode()
    assert "Ines" in shown
    assert "Gregor" not in shown


def test_it_begins_with_the_condition_the_list_has(browser: Client, page: str) -> None:
    shown = browser.get(f"{page}?{urlencode({'list': STATE})}").content.decode()
    assert "Greece" in shown


def test_an_empty_condition_takes_it_away(browser: Client, page: str) -> None:
    answer = sent(browser, page, {"all": []})
    assert answer.status_code == 302
    assert "condition" not in answer["Location"]


def test_a_row_that_is_wrong_is_told_where_it_stands(browser: Client, page: str) -> None:
    draft = a_draft_of(SPAIN)
    wrong = {name: ["" if each == "Spain" else each for each in value] if isinstance(value, list)
             else value for name, value in draft.items()}  # fmt: skip
    answer = browser.post(page, wrong | {"list": STATE})
    assert answer.status_code == 422


def test_what_cannot_be_read_is_no_fault(browser: Client, page: str) -> None:
    for state in ("condition=%7B", "condition=[1]", "x" * 30_000):
        assert browser.get(f"{page}?{urlencode({'list': state})}").status_code == 200


@pytest.mark.parametrize("subject", ["lead", "company"])
def test_each_list_leads_to_its_own(browser: Client, subject: str) -> None:
    own = workspace_reverse(f"leads:{subject}_filter")
    shown = browser.get(workspace_reverse(f"leads:{subject}_list")).content.decode()
    assert f"{own}?list=" in shown


class TestCompanies:
    """They are shown when any of their people meet the condition."""

    @pytest.fixture
    def page(self) -> str:
        return workspace_reverse("leads:company_filter")

    @pytest.fixture(autouse=True)
    def _people(self, world: World) -> None:
        for number, country in enumerate(("Spain", "Spain", "Greece")):
            firm = a_company(name=f"Firm {number}", country="Norway")
            a_lead(company=firm, country=country)
            a_lead(company=firm, country="Malta")
        a_company(name="Nobody there")

    def test_the_list_opens_with_the_condition(self, browser: Client, page: str) -> None:
        state = urlencode({"country": "Norway", "condition": json.dumps(GREECE)})
        shown = browser.get(f"{page}?{urlencode({'list': state})}").content.decode()
        assert "Greece" in shown
        answer = browser.post(page, a_draft_of(SPAIN) | {"list": state})
        said = QueryDict(answer["Location"].partition("?")[2])
        assert said["country"] == "Norway"
        listed = browser.get(answer["Location"])
        assert [row.name for row in listed.context["page"].rows] == ["Firm 0", "Firm 1"]

    def test_the_api_narrows_by_it_too(self, ana: Member) -> None:
        api = api_of(a_key(ana))
        found = api.get(COMPANIES, {"condition": json.dumps(SPAIN)}).json()["results"]
        assert [each["name"] for each in found] == ["Firm 0", "Firm 1"]
        wrong = api.get(COMPANIES, {"condition": '{"field": "x", "is": 1}'})
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["field"] == "condition"

    def test_a_view_keeps_it(self, ana: Member) -> None:
        api = api_of(a_key(ana))
        told = {"name": "Spain", "subject": "company", "condition": SPAIN}
        id = api.post("/api/v1/views/", told).json()["id"]
        found = api.get(COMPANIES, {"view": id}).json()["results"]
        assert [each["name"] for each in found] == ["Firm 0", "Firm 1"]

    def test_all_that_match_are_changed_at_once(self, ada: Member) -> None:
        told = {
            "subject": "company",
            "kind": "set_field",
            "parameters": {"field": "city", "value": "Madrid"},
            "selection": {"query": {"condition": json.dumps(SPAIN)}},
        }
        assert api_of(a_key(ada)).post("/api/v1/bulk-actions/", told).status_code == 201
        drain()
        changed = Company.objects.filter(city="Madrid").order_by("name")
        assert [each.name for each in changed] == ["Firm 0", "Firm 1"]

    def test_people_of_another_workspace_say_nothing(self, ana: Member, globex: Workspace) -> None:
        mine = Company.objects.get(name="Firm 2")
        with inside(globex.pk):
            a_lead(company=a_company(name="Theirs"), country="Spain")
        found = api_of(a_key(ana)).get(COMPANIES, {"condition": json.dumps(SPAIN)}).json()
        assert mine.name not in str(found)
        assert "Theirs" not in str(found)
        assert len(found["results"]) == 2
