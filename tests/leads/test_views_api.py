"""Saved views over the API."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.views import save_view
from leads.models.views import SavedView
from tests.builders import a_key, a_lead
from tests.clients import JsonClient, api_of

VIEWS = "/api/v1/views/"
LEADS = "/api/v1/leads/"


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def names(api: JsonClient, query: str) -> list[str]:
    answer = api.get(f"{LEADS}?{query}")
    assert answer.status_code == 200, answer.content
    return [each["name"] for each in answer.json()["results"]]


def test_a_view_is_saved_looked_through_changed_and_deleted(api: JsonClient, ada: Member) -> None:
    a_lead(name="Ann", stage="mql", score=1)
    a_lead(name="Bob", stage="mql", score=2, owner=ada)
    a_lead(name="Cat", score=3)
    made = api.post(VIEWS, {"name": "MQLs", "query": {"stage": "mql"}, "sort": "-score"})
    assert made.status_code == 201, made.content
    id = made.json()["id"]
    assert made.json()["owner"] == str(ada.pk)
    assert names(api, f"view={id}") == ["Bob", "Ann"]
    assert names(api, f"view={id}&sort=score") == ["Ann", "Bob"]
    assert names(api, f"view={id}&owner={ada.pk}") == ["Bob"]
    changed = api.patch(f"{VIEWS}{id}/", {"query": {"owner": "me"}, "is_shared": True})
    assert changed.json()["name"] == "MQLs"
    assert names(api, f"view={id}") == ["Bob"]
    assert api.delete(f"{VIEWS}{id}/").status_code == 204
    assert not SavedView.objects.exists()


def test_a_condition_narrows_lists_and_views(api: JsonClient) -> None:
    tree = {"field": "score", "is_more_than": 5}
    a_lead(name="Ann", score=6)
    a_lead(name="Bob", score=5)
    id = api.post(VIEWS, {"name": "Good", "condition": tree}).json()["id"]
    assert names(api, f"view={id}") == ["Ann"]
    assert names(api, f"condition={json.dumps(tree)}") == ["Ann"]
    wrong = api.get(LEADS, {"condition": '{"field": "nonsense", "is": 1}'})
    assert wrong.json()["errors"][0]["field"] == "condition"


@pytest.mark.parametrize(
    "body",
    [
        {}, {"name": ""}, {"name": "x", "query": {"x": "y"}}, {"name": "x", "query": []},
        {"name": "x", "sort": "x"}, {"name": "x", "columns": "x"}, {"name": "x", "nmae": 1},
        {"name": "x", "condition": {"field": "x"}},
        {"name": "x", "condition": 7}, {"name": "x", "subject": "deal"},
    ],
)  # fmt: skip
def test_what_makes_no_view_is_refused(api: JsonClient, body: dict[str, Any]) -> None:
    answer = api.post(VIEWS, body)
    assert answer.status_code == 422, answer.content
    assert not SavedView.objects.exists()


def test_only_ones_own_and_shared_views_are_there(
    api: JsonClient, mara: Member, globex: Workspace, gus: Member
) -> None:
    own: dict[str, Any] = {"subject": "lead", "facts": {}, "now": timezone.now()}
    private = save_view(name="Mine", by=mara, **own)
    shared = save_view(name="Ours", is_shared=True, by=mara, **own)
    with inside(globex.pk):
        foreign = save_view(name="Theirs", is_shared=True, by=gus, **own)
    assert [each["id"] for each in api.get(VIEWS).json()["results"]] == [str(shared.pk)]
    nowhere = api.get(f"{VIEWS}{uuid4()}/").json()
    for id in (private.pk, foreign.pk):
        assert api.get(f"{VIEWS}{id}/").json() == nowhere
        assert api.delete(f"{VIEWS}{id}/").status_code == 404
        assert api.get(f"{LEADS}?view={id}").status_code == 422
