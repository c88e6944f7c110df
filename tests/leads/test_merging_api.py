"""Duplicates, merges and removals for integrations: the same verbs, the same refusals."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from leadmgmt.kernel.context import inside
from leads.actions.duplicates import find_duplicates
from leads.actions.resolving import resolve_leads
from leads.models import Lead
from leads.rows import NewLead
from tests.builders import a_key
from tests.clients import JsonClient, api_of
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


@pytest.fixture
def api(world: World) -> JsonClient:
    return api_of(a_key(world.ada))


@pytest.fixture
def ids() -> list[str]:
    rows = [
        NewLead(name="Ann Bell", email="ann@firm.example"),
        NewLead(name="Bell Ann", email="anna@firm.example", city="Athens"),
    ]
    return [str(each.lead_id) for each in resolve_leads(rows, now=NOW)]


def merged(api: JsonClient, kept: str, gone: str, **choices: str) -> Any:
    return api.post("/api/v1/merges/", {"kept": kept, "gone": gone, "choices": choices})


def test_a_merge_is_previewed_done_and_undone(api: JsonClient, ids: list[str]) -> None:
    kept, gone = ids
    told = {"kept": kept, "gone": gone, "choices": {"name": "gone"}}
    seen = api.post("/api/v1/merges/preview/", told).json()
    name = next(each for each in seen["choices"] if each["field"] == "name")
    assert name == {"field": "name", "kept": "Ann Bell", "gone": "Bell Ann", "taken": "gone"}

    done = merged(api, kept, gone, name="gone")
    assert done.status_code == 201
    assert api.get(f"/api/v1/leads/{kept}/").json()["name"] == "Bell Ann"

    undone = api.post(f"/api/v1/merges/{done.json()['id']}/undo/")
    assert undone.json() == {"lead": gone, "changed_since": []}
    assert api.get(f"/api/v1/leads/{gone}/").json()["city"] == "Athens"


def test_an_old_id_is_answered_with_where_the_lead_is(api: JsonClient, ids: list[str]) -> None:
    kept, gone = ids
    merged(api, kept, gone)
    for method in ("get", "patch", "delete"):
        answer = getattr(api, method)(f"/api/v1/leads/{gone}/", {})
        assert answer.status_code == 308
        assert answer["Location"].endswith(f"/api/v1/leads/{kept}/")


def test_merges_of_a_lead_are_listed(api: JsonClient, ids: list[str]) -> None:
    kept, gone = ids
    merged(api, kept, gone)
    (row,) = api.get("/api/v1/merges/", {"lead": kept}).json()["results"]
    assert (row["lead"], row["gone"], row["undone_at"]) == (kept, gone, None)
    assert api.get("/api/v1/merges/", {"lead": gone}).json()["results"] == []


def test_what_cannot_be_merged_is_refused(api: JsonClient, ids: list[str]) -> None:
    kept, gone = ids
    assert merged(api, kept, kept).status_code == 422
    assert merged(api, kept, str(uuid4())).status_code == 409
    assert merged(api, kept, gone, shoe="gone").status_code == 422
    assert merged(api, kept, gone, name="both").status_code in (400, 422)
    unknown = {"kept": kept, "gone": gone, "force": True}
    assert api.post("/api/v1/merges/", unknown).status_code in (400, 422)
    assert Lead.objects.count() == 2


def test_duplicates_are_listed_and_dismissed(api: JsonClient, ids: list[str]) -> None:
    find_duplicates([Lead.objects.get(pk=id).pk for id in ids], now=NOW)
    (pair,) = api.get("/api/v1/duplicates/").json()["results"]
    assert {pair["first"], pair["second"]} == set(ids)
    assert pair["reasons"] == ["The same name at the same company"]

    settled = api.post(f"/api/v1/duplicates/{pair['id']}/dismiss/")
    assert settled.json()["status"] == "dismissed"
    assert api.get("/api/v1/duplicates/").json()["results"] == []
    assert api.post(f"/api/v1/duplicates/{pair['id']}/dismiss/").status_code == 409


def test_a_lead_is_removed_and_restored(api: JsonClient, ids: list[str]) -> None:
    path = f"/api/v1/leads/{ids[1]}/"
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.post(f"{path}restore/").json()["city"] == "Athens"
    assert api.get(path).status_code == 200
    assert api.post(f"{path}restore/").status_code == 404
