"""Indicators as integrations see them."""

from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Scope
from leads.models import Segment
from tests.builders import a_key, a_lead, a_list_of_indicators
from tests.clients import JsonClient, api_of, drain
from tests.scoring.builders import ASKED, GREEK, indicator_words, published_indicators
from tests.worlds import World

AT = "/api/v1/indicators/"


@pytest.fixture
def api(world: World) -> JsonClient:
    return api_of(a_key(world.ada))


def put(api: JsonClient, *indicators: dict[str, Any]) -> Any:
    return api.put(f"{AT}draft/", {"indicators": list(indicators)})


def test_a_list_is_written_published_and_read(api: JsonClient) -> None:
    lead = a_lead(country="Greece")
    assert api.get(AT).status_code == 404
    made = put(api, {"name": "Greek", "note": "Near", "condition": GREEK})
    assert made.status_code == 200
    assert (made.json()["state"], made.json()["version"]) == ("draft", None)

    published = api.post(f"{AT}draft/publish/", {"reason": "First"}).json()

    assert (published["version"], published["reason"]) == (1, "First")
    assert published["measuring"]["finished_at"] is None
    drain()
    read = api.get(AT).json()
    (greek,) = read["indicators"]
    assert (greek["name"], greek["reading"], greek["leads"]) == ("Greek", "country is “Greece”", 1)
    assert greek["figures"]["verdict"] == "too_few"
    assert greek["figures"]["having"] == {
        "cases": 0,
        "won": 0,
        "share": None,
        "interval": {"low": 0.0, "high": 1.0},
    }
    assert (read["measuring"], read["measured"]["study"]["outcome"]) == (None, "customer")
    assert api.get(f"{AT}versions/").json()["results"][0]["version"] == 1
    assert api.get(f"{AT}versions/{read['id']}/").json() == read
    had = api.get(f"/api/v1/leads/{lead.pk}/indicators/").json()
    assert ([each["name"] for each in had["having"]], had["missing"]) == (["Greek"], [])
    assert had["having"][0]["since"]


def test_a_key_keeps_an_indicator_what_it_is(api: JsonClient) -> None:
    put(api, {"name": "Greek", "condition": GREEK})
    first = api.post(f"{AT}draft/publish/", {"reason": "First"}).json()["indicators"][0]
    put(api, {"key": first["key"], "name": "Hellenic", "condition": GREEK})
    second = api.post(f"{AT}draft/publish/", {"reason": "A better name"}).json()["indicators"][0]
    assert (second["key"], second["segment"]) == (first["key"], first["segment"])
    assert Segment.objects.get().name == "Indicator: Hellenic"


@pytest.mark.parametrize(
    ("indicator", "part"),
    [
        ({"name": "Greek"}, "condition"),
        ({"name": "", "condition": GREEK}, "name"),
        ({"name": "Greek", "condition": {"field": "hue", "is": "red"}}, "There is no field"),
        ({"name": "Greek", "condition": GREEK, "points": 3}, "no such field"),
        ({"name": "Greek", "condition": GREEK, "key": "x"}, "UUID"),
    ],
)
def test_what_cannot_be_written_is_a_problem(
    api: JsonClient, indicator: dict[str, Any], part: str
) -> None:
    answer = put(api, indicator)
    assert answer.status_code in (400, 422)
    assert part in answer.content.decode()


def test_win_rates_are_asked_for(api: JsonClient, world: World) -> None:
    assert api.post(f"{AT}measure/", {}).status_code == 404
    words = (indicator_words("Greek"), indicator_words("Asked", ASKED))
    published_indicators(*words, by=world.mara, now=timezone.now())
    drain()
    answer = api.post(f"{AT}measure/", {"outcome": "sql", "within_days": 30})
    assert answer.status_code == 202
    study = answer.json()["measuring"]["study"]
    assert (study["outcome"], study["within_days"], study["wait_days"]) == ("sql", 30, 14)
    assert api.post(f"{AT}measure/", {"within_days": 2_000}).status_code == 422
    assert api.post(f"{AT}measure/", {"draft": True}).status_code == 404


def test_a_draft_is_thrown_away(api: JsonClient) -> None:
    put(api, {"name": "Greek", "condition": GREEK})
    assert api.delete(f"{AT}draft/").status_code == 204
    assert api.get(f"{AT}draft/").status_code == 404


def test_writing_needs_its_scope(world: World) -> None:
    others = set(Scope.values) - {Scope.SCORING_WRITE.value}
    api = api_of(a_key(world.ada, *others))
    assert put(api, {"name": "Greek", "condition": GREEK}).status_code == 403


def test_lists_and_leads_of_another_workspace_are_not_there(api: JsonClient, world: World) -> None:
    with inside(world.globex.pk):
        theirs, lead = a_list_of_indicators(world.gus), a_lead()
    a_list_of_indicators(world.ada)
    assert api.get(f"{AT}versions/{theirs.pk}/").status_code == 404
    assert api.get(f"/api/v1/leads/{lead.pk}/indicators/").status_code == 404
    assert len(api.get(f"{AT}versions/").json()["results"]) == 1


def test_what_scoring_keeps_is_not_changed_over_the_api(api: JsonClient, world: World) -> None:
    a_list_of_indicators(world.ada)
    segment = Segment.objects.get()
    at = f"/api/v1/segments/{segment.pk}/"
    assert api.get(at).json()["keeper"] == "indicators"
    for answer in (
        api.patch(at, {"name": "Mine"}),
        api.delete(at),
        api.post(f"{at}retire/", {}),
    ):
        assert answer.status_code == 409
        assert "kept by the indicators, under Scoring" in answer.json()["detail"]
