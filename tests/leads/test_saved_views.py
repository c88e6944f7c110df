"""Views: a list kept under a name, one's own or everybody's."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.views import CannotChangeView, change_view, remove_view, save_view
from leads.models.views import SavedView
from tests.builders import a_company, a_lead
from tests.clients import client_of

LEADS = "/w/acme/leads/"
ADD = "/w/acme/views/lead/add/"
HOT = {"query": {"lead_class": "hot"}, "columns": ["email", "score"], "sort": "-score"}


@pytest.fixture
def browser(mara: Member) -> Client:
    return client_of(mara)


def a_view(by: Member, **given: Any) -> SavedView:
    standard: dict[str, Any] = {
        "subject": "lead",
        "name": "Hot ones",
        "facts": HOT,
        "now": timezone.now(),
    }
    return save_view(by=by, **standard | given)


def names(browser: Client, query: str, address: str = LEADS) -> list[str]:
    answer = browser.get(f"{address}?{query}")
    assert answer.status_code == 200
    return [row.name for row in answer.context["page"].rows]


def test_a_list_is_saved_as_it_is_looked_at(browser: Client) -> None:
    a_lead(name="Ann", lead_class="hot", score=1, email="ann@x.example")
    a_lead(name="Bob", lead_class="hot", score=2)
    a_lead(name="Cat")
    state = "lead_class=hot&columns=email%2Cscore&sort=-score"
    saved = browser.post(ADD, {"name": " Hot  ones ", "state": state})
    view = SavedView.objects.get()
    assert saved["Location"] == f"{LEADS}?view={view.pk}"
    assert (view.name, view.query, view.columns, view.sort) == ("Hot ones", *HOT.values())
    page = browser.get(saved["Location"])
    assert [row.name for row in page.context["page"].rows] == ["Bob", "Ann"]
    assert [column.name for column in page.context["columns"]] == ["email", "score"]
    assert "Update view" not in page.content.decode()


def test_what_is_changed_afterwards_is_shown_and_may_be_kept(browser: Client, mara: Member) -> None:
    view = a_view(mara)
    a_lead(name="Ann", stage="mql")
    changed = f"view={view.pk}&stage=mql&columns=score&sort=-created"
    assert names(browser, changed) == ["Ann"]
    page = browser.get(f"{LEADS}?{changed}")
    assert "Update view" in page.content.decode()
    state = page.context["spelled"].urlencode()
    browser.post(f"/w/acme/views/{view.pk}/change/", {"state": state})
    assert names(browser, f"view={view.pk}") == ["Ann"]
    view.refresh_from_db()
    assert (view.name, view.query, view.columns) == ("Hot ones", {"stage": "mql"}, ["score"])


def test_taking_the_last_filter_of_a_view_away_shows_everybody(
    browser: Client, mara: Member
) -> None:
    view = a_view(mara)
    a_lead(name="Ann")
    (chip,) = browser.get(f"{LEADS}?view={view.pk}").context["chips"]
    assert names(browser, chip.url[1:]) == ["Ann"]


def test_links_of_a_view_keep_what_it_says(browser: Client, mara: Member) -> None:
    view = a_view(mara)
    for number in range(60):
        a_lead(lead_class="hot", score=number)
    a_lead(name="Cold", score=99)
    page = browser.get(f"{LEADS}?view={view.pk}")
    text = page.content.decode()
    assert "lead_class=hot" in text.partition("<thead>")[2].partition("</thead>")[0]
    rest = names(browser, f"view={view.pk}&after={page.context['page'].next}")
    assert len(rest) == 10
    assert "Cold" not in rest


def test_a_condition_narrows_a_view(browser: Client, mara: Member) -> None:
    tree = {"any": [{"field": "country", "is": "Greece"}, {"field": "score", "is_more_than": 50}]}
    a_lead(name="Ann", country="Greece")
    a_lead(name="Bob", score=60)
    a_lead(name="Cat", score=10)
    view = a_view(mara, facts={"query": {}, "condition": tree})
    assert names(browser, f"view={view.pk}") == ["Bob", "Ann"]
    page = browser.get(LEADS, {"condition": json.dumps(tree)})
    assert [row.name for row in page.context["page"].rows] == ["Bob", "Ann"]
    assert "Greece" in page.content.decode()


@pytest.mark.parametrize("tree", ["{", "[]", "1", '{"field": "x"}', "[" * 5_000, "\0", '"\\ud800"'])
def test_a_condition_that_cannot_be_read_is_said_and_narrows_nothing(
    browser: Client, tree: str
) -> None:
    a_lead(name="Ann")
    answer = browser.get(LEADS, {"condition": tree})
    assert answer.status_code == 200
    assert [row.name for row in answer.context["page"].rows] == ["Ann"]


def test_a_shared_view_is_everybodys_to_look_at(
    browser: Client, mara: Member, rita: Member
) -> None:
    own, shared = a_view(mara), a_view(mara, name="For all", is_shared=True)
    labels = [tab["label"] for tab in client_of(rita).get(LEADS).context["tabs"]]
    assert "For all" in labels
    assert "Hot ones" not in labels
    a_lead(name="Ann")
    assert names(client_of(rita), f"view={own.pk}") == ["Ann"]
    assert names(client_of(rita), f"view={shared.pk}") == []


def test_only_its_owner_or_an_admin_changes_a_view(mara: Member, rita: Member, ada: Member) -> None:
    view = a_view(mara, is_shared=True)
    now = timezone.now()
    for refused in (
        lambda: change_view(view, changes={"name": "X"}, by=rita, now=now),
        lambda: remove_view(view, by=rita),
    ):
        with pytest.raises(CannotChangeView):
            refused()
    change_view(view, changes={"is_shared": False}, by=ada, now=now)
    with pytest.raises(CannotChangeView):
        change_view(view, changes={"is_shared": True}, by=ada, now=now)


def test_a_deleted_view_comes_back_by_undo(browser: Client, mara: Member) -> None:
    view = a_view(mara, is_shared=True)
    browser.post(f"/w/acme/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()
    (message,) = browser.get(LEADS).context["messages"]
    browser.post(message.extra_tags.removeprefix("undo:"))
    again = SavedView.objects.get()
    assert (again.name, again.query, again.columns, again.sort) == (view.name, *HOT.values())
    assert again.is_shared


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Taken"}, "name"),
        ({"facts": {"query": {"x": "1"}}}, "query"),
        ({"facts": {"sort": "x"}}, "sort"),
        ({"facts": {"columns": ["x"] * 61}}, "columns"),
        ({"subject": "company", "facts": {"condition": {"field": "x", "is": 1}}}, "condition"),
    ],
)
def test_what_makes_no_view_is_refused(mara: Member, given: dict[str, Any], field: str) -> None:
    a_view(mara, name="Taken")
    with pytest.raises(Refusal) as refused:
        a_view(mara, **given)
    assert refused.value.field == field


def test_a_view_of_another_workspace_is_not_there(
    browser: Client, globex: Workspace, gus: Member
) -> None:
    with inside(globex.pk):
        foreign = a_view(gus, is_shared=True)
    for verb in ("change", "remove"):
        assert browser.post(f"/w/acme/views/{foreign.pk}/{verb}/").status_code == 404
    a_lead(name="Ann")
    assert names(browser, f"view={foreign.pk}") == ["Ann"]


def test_companies_have_views_too(browser: Client) -> None:
    a_company(name="Nord", stage="customer")
    a_company(name="Other")
    address = "/w/acme/companies/"
    saved = browser.post("/w/acme/views/company/add/", {"name": "C", "state": "stage=customer"})
    assert urlsplit(saved["Location"]).path == address
    (view,) = parse_qs(urlsplit(saved["Location"]).query)["view"]
    assert names(browser, f"view={view}", address) == ["Nord"]
    assert browser.post("/w/acme/views/deal/add/", {"name": "C"}).status_code == 404
