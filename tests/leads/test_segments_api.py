"""Segments and personas over the API: the same verbs and refusals as on the pages."""

from typing import Any

import pytest

from leadmgmt.workspaces.models import Member
from leads.models import Segment
from tests.builders import a_key, a_lead, a_segment
from tests.clients import JsonClient, api_of, drain
from tests.worlds import World

GREEK = {"field": "country", "is": "Greece"}
SEGMENTS, PERSONAS = "/api/v1/segments/", "/api/v1/personas/"


@pytest.fixture
def api(world: World, ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def test_a_live_segment_from_making_to_deleting(api: JsonClient) -> None:
    lead = a_lead(country="Greece")
    made = api.post(SEGMENTS, {"name": "Greeks", "condition": GREEK})
    assert made.status_code == 201
    assert made.json()["is_stale"]
    address = f"{SEGMENTS}{made.json()['id']}/"
    drain()

    told = api.get(address).json()
    assert (told["size"], told["reading"], told["is_stale"]) == (1, "country is “Greece”", False)
    (member,) = api.get(f"{address}members/").json()["results"]
    assert member["lead"] == str(lead.pk)
    frozen = api.post(f"{address}freeze/", {"name": "Then"}).json()
    assert (frozen["kind"], frozen["size"]) == ("frozen", 1)

    assert api.patch(address, {"name": "Hellenes"}).json()["name"] == "Hellenes"
    assert api.post(f"{address}retire/").json()["retired_at"]
    assert api.post(f"{address}restore/").json()["retired_at"] is None
    assert api.delete(address).status_code == 204
    assert [each["name"] for each in api.get(SEGMENTS).json()["results"]] == ["Then"]


def test_leads_are_put_into_a_frozen_one_and_out(api: JsonClient) -> None:
    lead = a_lead()
    address = f"{SEGMENTS}{a_segment().pk}/members/"

    come = api.post(address, {"leads": [str(lead.pk)]})
    again = api.post(address, {"leads": [str(lead.pk)]})
    gone = api.post(f"{address}remove/", {"leads": [str(lead.pk)]})

    assert [each.json()["leads"] for each in (come, again, gone)] == [
        [str(lead.pk)],
        [],
        [str(lead.pk)],
    ]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "Greeks"}, "condition"),
        ({"name": "Greeks", "condition": {"field": "hue", "is": 1}}, "condition"),
        ({"name": "Taken", "condition": GREEK}, "name"),
        ({"name": "New", "condition": GREEK, "colour": "red"}, "colour"),
        ({"name": "New", "kind": "solid"}, "kind"),
    ],
)
def test_what_is_wrong_is_named(api: JsonClient, sent: dict[str, Any], field: str) -> None:
    a_segment(name="Taken")
    answer = api.post(SEGMENTS, sent)
    assert answer.status_code in (400, 422)
    assert field in answer.content.decode()
    assert Segment.objects.count() == 1


def test_a_live_one_takes_nobody_by_hand(api: JsonClient) -> None:
    made = api.post(SEGMENTS, {"name": "Greeks", "condition": GREEK}).json()
    answer = api.post(f"{SEGMENTS}{made['id']}/members/", {"leads": [str(a_lead().pk)]})
    assert answer.status_code == 422
    assert "is live" in answer.json()["detail"]


def test_a_persona_brings_its_segment(api: JsonClient) -> None:
    sent = {"name": "Paul", "reasons": ["A", "B", "C"], "condition": GREEK, "story": "Once"}
    made = api.post(PERSONAS, sent).json()
    address = f"{PERSONAS}{made['id']}/"
    assert api.get(f"{SEGMENTS}{made['segment']}/").json()["name"] == "Paul"

    changed = api.patch(address, {"whom": "Plants"}).json()
    assert (changed["whom"], changed["story"], changed["segment"]) == (
        "Plants",
        "Once",
        made["segment"],
    )
    assert api.post(f"{address}retire/").json()["retired_at"]
    assert api.post(f"{address}restore/").json()["retired_at"] is None
    assert api.post(PERSONAS, {"name": "Two", "reasons": ["A", "B"]}).status_code == 422
