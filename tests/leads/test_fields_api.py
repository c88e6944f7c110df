"""Custom fields over the API."""

from typing import Any

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_custom_field, a_key, a_lead
from tests.clients import JsonClient, api_of

FIELDS = "/api/v1/fields/"


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def test_a_field_is_added_and_changed(api: JsonClient) -> None:
    given = {"label": "Fleet", "kind": "choice", "choices": ["Big"], "subject": "company"}
    made = api.post(FIELDS, given)
    assert made.status_code == 201
    assert made.json()["key"] == "fleet"
    id = made.json()["id"]
    changed = api.patch(f"{FIELDS}{id}/", {"label": "Lorries", "choices": ["Big", "Small"]})
    assert changed.json() == made.json() | {"label": "Lorries", "choices": ["Big", "Small"]}
    assert api.get(FIELDS).json()["results"] == [changed.json()]


def test_retiring_loses_no_value(api: JsonClient) -> None:
    field = a_custom_field("size", "number")
    lead = a_lead(attributes={"size": 3})
    assert api.post(f"{FIELDS}{field.pk}/retire/", {}).json()["retired_at"]
    assert api.post(f"{FIELDS}{field.pk}/restore/", {}).json()["retired_at"] is None
    lead.refresh_from_db()
    assert lead.attributes == {"size": 3}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"key": "taken"}, "key"),
        ({"key": "Nine x"}, "key"),
        ({"kind": "smell"}, "kind"),
        ({"subject": "dog"}, "subject"),
        ({"kind": "choice"}, "choices"),
        ({"kind": "choices", "choices": ["x" * 201]}, "choices"),
        ({"postion": 1}, "postion"),
    ],
)
def test_what_cannot_be_is_named(api: JsonClient, given: dict[str, Any], field: str) -> None:
    a_custom_field("taken", "text")
    answer = api.post(FIELDS, {"label": "Size", "kind": "text"} | given)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] in ([field], [f"{field}.0"])


def test_the_kind_stays(api: JsonClient) -> None:
    field = a_custom_field("size", "number")
    assert api.patch(f"{FIELDS}{field.pk}/", {"kind": "text"}).status_code == 422
    assert api.patch(f"{FIELDS}{field.pk}/", {"choices": ["x"]}).status_code == 422


def test_a_field_of_another_workspace_is_not_there(api: JsonClient, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_custom_field("size", "number")
    assert api.post(f"{FIELDS}{foreign.pk}/retire/", {}).status_code == 404


def test_a_field_moves_among_those_of_its_subject(api: JsonClient) -> None:
    made = [
        api.post(FIELDS, {"label": name, "kind": "text", "subject": subject}).json()["id"]
        for name, subject in (("A", "lead"), ("B", "company"), ("C", "lead"))
    ]
    moved = api.post(f"{FIELDS}{made[2]}/move/", {"to": "up"})
    assert moved.status_code == 200
    places = {each["label"]: each["position"] for each in api.get(FIELDS).json()["results"]}
    assert places["C"] < places["A"]
    assert api.post(f"{FIELDS}{made[2]}/move/", {"to": "left"}).status_code == 422
