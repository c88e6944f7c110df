"""A draft is written over the API as one document, and two versions are compared in words."""

from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from scoring.actions.models import add_model
from scoring.models import ModelVersion
from tests.builders import a_key
from tests.clients import JsonClient, api_of, client_of
from tests.scoring.builders import (
    INDIA,
    PRICING,
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
)

NOW = timezone.now()
PLACE: dict[str, Any] = {"name": "Place", "kind": "profile", "condition": INDIA, "points": 40}
PRICES: dict[str, Any] = {
    "name": "Prices",
    "kind": "behaviour",
    "condition": PRICING,
    "points": 8,
    "per": "day",
    "decay": "half_life",
    "half_life_days": 14,
    "group": "Web",
}
WHOLE: dict[str, Any] = {
    "rules": [PLACE, PRICES],
    "groups": [{"name": "Web", "cap": 30}],
    "matrix": {"warm": {"A": ["hot", "hot"]}},
    "hot_from": 60,
    "least": 0,
}


@pytest.fixture
def client(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


@pytest.fixture
def draft(ada: Member) -> ModelVersion:
    return a_draft(a_behaviour_rule(3, name="Old"))


def address(draft: ModelVersion) -> str:
    return f"/api/v1/score-versions/{draft.pk}/content/"


def test_the_document_replaces_what_the_draft_said(client: JsonClient, draft: ModelVersion) -> None:
    answer = client.put(address(draft), WHOLE)

    told = answer.json()
    assert answer.status_code == 200
    assert [each["name"] for each in told["rules"]] == ["Place", "Prices"]
    assert told["rules"][1]["group"] == told["groups"][0]["id"]
    assert (told["hot_from"], told["warm_from"], told["least"]) == (60, 35, 0)
    assert draft.rules.filter(name="Old").count() == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rules": [PLACE | {"points": 0}]}, "Rule 1 “Place”: Points are 0"),
        ({"rules": [PLACE, PRICES], "groups": []}, "Rule 2 “Prices”: There is no group “Web”"),
        ({"rules": [PRICES | {"half_life_days": None}]}, "Rule 1 “Prices”: Say in how many days"),
        ({"rules": [PLACE | {"condition": {"field": "score", "is": 3}}]}, "cannot look at “score”"),
        ({"matrix": {"tepid": {}}}, "The matrix gives two classes"),
        ({"grades": [3, 2, 1]}, "Only a model of the purpose"),
        ({"warm_from": 99}, "must be above “warm from”"),
        ({"rules": [PLACE | {"weight": 3}]}, "There is no such field"),
        (
            {"decisions": [{"name": "All", "condition": {"all": []}, "lead_class": "hot"}]},
            "Decision rule 1 “All”: Say for whom",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(
    client: JsonClient, draft: ModelVersion, change: dict[str, Any], said: str
) -> None:
    answer = client.put(address(draft), WHOLE | change)

    assert answer.status_code in (409, 422)
    assert said in str(answer.json())
    assert [each.name for each in draft.rules.all()] == ["Old"]


def test_a_published_version_stays(client: JsonClient, ada: Member) -> None:
    version = a_published_model(a_profile_rule(40), by=ada, now=NOW)

    assert client.put(address(version), WHOLE).status_code == 409


def test_a_model_is_added_written_and_published_by_api_alone(client: JsonClient) -> None:
    model = client.post("/api/v1/score-models/", {"purpose": "product", "name": "Lifts"}).json()
    draft = client.post(f"/api/v1/score-models/{model['id']}/draft/", {}).json()
    client.put(f"/api/v1/score-versions/{draft['id']}/content/", {"rules": [PLACE]})
    done = client.post(f"/api/v1/score-models/{model['id']}/publish/", {"reason": "First"})
    again = client.post("/api/v1/score-models/", {"purpose": "product", "name": "Lifts"})

    assert (model["purpose"], draft["state"], done.status_code) == ("product", "draft", 200)
    assert again.status_code == 422


def test_versions_are_compared_in_words(client: JsonClient, ada: Member) -> None:
    first = a_published_model(
        a_profile_rule(40, name="Place"), a_behaviour_rule(3, name="Old"), by=ada, now=NOW
    )
    model = first.model
    second = a_draft(
        a_profile_rule(45, name="Place"),
        a_profile_rule(5, {"field": "city", "is": "Pune"}, name="City"),
        model=model,
        hot_from=80,
    )

    changes = client.get(f"/api/v1/score-versions/{second.pk}/changes/").json()
    page = client_of(ada).get("/w/acme/scoring/draft/publish/").content.decode()
    none = client.get(f"/api/v1/score-versions/{first.pk}/changes/").json()

    assert changes["changes"] == [
        "“Hot from” is 80; it was 70.",
        "Rule “Place”: +45 points, before +40.",
        "New rule “City”: city is “Pune”, +5 points.",
        (
            "Gone: rule “Old”: each time “Viewed a page” (path contains “/pricing”) happened,"
            " +3 points."
        ),
    ]
    assert "it was 70." in page
    assert none == {"before": None, "changes": []}


def test_another_way_of_sorting_is_said(client: JsonClient, ada: Member) -> None:
    a_published_model(a_profile_rule(40), by=ada, now=NOW)
    draft = a_draft(mode="decisions")
    draft.decisions.create(name="From India", condition=INDIA, lead_class="hot")

    said = client.get(f"/api/v1/score-versions/{draft.pk}/changes/").json()["changes"]

    assert said[0] == "Sorted by: decision rules, without points; it was: points."
    assert "New decision rule “From India”: hot when country is “India”." in said


def test_fit_grades_are_written(client: JsonClient, ada: Member) -> None:
    fit = add_model(purpose="fit", name="Fit", now=NOW)
    draft = a_draft(model=fit)
    grades = [96, 93, 90, 87, 83, 80, 77, 73, 70, 67, 63, 60]

    answer = client.put(address(draft), {"rules": [PLACE], "grades": grades})

    assert answer.json()["grades"] == grades
