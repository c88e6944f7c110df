"""The list of leads narrowed by a condition built on a page."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_draft_of, a_lead
from tests.clients import client_of

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


def test_the_list_leads_to_it(browser: Client, page: str) -> None:
    assert f"{page}?list=" in browser.get(workspace_reverse("leads:lead_list")).content.decode()
    companies = browser.get(workspace_reverse("leads:company_list")).content.decode()
    assert page not in companies
