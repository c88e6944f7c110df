"""Conditions over the API: checked, counted, explained; the vocabulary to write them in."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leads.conditions import Condition, Counted, Group, Sql, Word, count_leads, parse
from leads.models import CustomField, Purpose
from tests.builders import a_key, a_lead, an_activity
from tests.clients import JsonClient, api_of
from tests.worlds import World

INDIA = {"field": "country", "is": "India"}


@pytest.fixture
def api(ada: Any) -> JsonClient:
    return api_of(a_key(ada, "leads:read"))


def test_a_condition_is_read_back_with_what_can_change_it(api: JsonClient) -> None:
    tree = {"all": [INDIA, {"activity": "visit", "within_days": 7}]}

    answer = api.post("/api/v1/conditions/validate/", {"condition": tree})

    assert answer.json() == {
        "is_valid": True,
        "reading": "country is “India” and “Visited the site” happened in the last 7 days",
        "problem": None,
        "facts": {
            "activities": ["visit"],
            "fields": ["country"],
            "segments": [],
            "is_timed": True,
        },
    }


def test_a_wrong_condition_says_where(api: JsonClient) -> None:
    tree = {"all": [INDIA, {"field": "stage", "is": "mqll"}]}

    checked = api.post("/api/v1/conditions/validate/", {"condition": tree})
    counted = api.post("/api/v1/conditions/count/", {"condition": tree})

    assert checked.status_code == 200
    assert checked.json()["problem"]["place"] == "all.1.is"
    assert "Did you mean “mql”?" in checked.json()["problem"]["sentence"]
    assert counted.status_code == 422
    assert "Did you mean “mql”?" in counted.json()["detail"]


def test_leads_are_counted_with_a_sample(api: JsonClient, world: World) -> None:
    found = [a_lead(country="India") for _ in range(12)]
    a_lead(country="Greece")
    with inside(world.globex.pk):
        a_lead(country="India")

    told = api.post("/api/v1/conditions/count/", {"condition": INDIA}).json()

    assert (told["count"], len(told["sample"])) == (12, 10)
    assert set(told["sample"]) < {str(lead.pk) for lead in found}


class Slow(Condition):
    """It takes its time."""

    def where(self, now: datetime, **_given: Any) -> Sql:
        return Sql("(SELECT true FROM pg_sleep(9))")


def test_counting_gives_up_in_time(world: World) -> None:
    a_lead(country="India")
    now = timezone.now()

    assert count_leads(Slow(Group(Word.ALL, ()), {}), now, within_ms=50) == Counted(None)
    assert count_leads(parse(INDIA), now, within_ms=5_000).count == 1


def test_each_lead_is_explained(api: JsonClient) -> None:
    lead, other = a_lead(country="India"), a_lead()
    an_activity(lead, kind="visit")
    tree = {"any": [INDIA, {"none": [{"activity": "visit"}]}]}
    ids = [str(other.pk), str(lead.pk), str(uuid4())]

    told = api.post("/api/v1/conditions/explain/", {"condition": tree, "leads": ids}).json()

    first, second = told["results"]
    assert [first["lead"], second["lead"]] == ids[:2]
    assert [part["is_holding"] for part in first["parts"]] == [False, True]
    assert [part["is_holding"] for part in second["parts"]] == [True, False]
    assert second["parts"][1]["parts"][0] == {
        "sentence": "“Visited the site” happened",
        "is_holding": True,
        "parts": [],
    }


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"condition": "India"},
        {"condition": INDIA, "leads": []},
        {"condition": INDIA, "leads": ["x"]},
        {"condition": INDIA, "leads": [str(uuid4())] * 101},
        {"condition": INDIA, "leads": [str(uuid4())], "leeds": 1},
    ],
)
def test_what_cannot_be_explained_is_refused(api: JsonClient, sent: dict[str, Any]) -> None:
    assert api.post("/api/v1/conditions/explain/", sent).status_code in (400, 422)


def test_the_vocabulary_is_the_workspace_s_own(api: JsonClient, world: World) -> None:
    CustomField.objects.create(key="size", label="Size", kind="money", subject="company")
    Purpose.objects.create(key="calls", name="Calls")
    with inside(world.globex.pk):
        CustomField.objects.create(key="secret", label="Secret", kind="text")

    told = api.get("/api/v1/conditions/vocabulary/").json()

    fields = {each["name"]: each for each in told["fields"]}
    assert fields["company.attributes.size"]["kind"] == "money"
    assert fields["consent.calls"]["choices"][2] == {"value": "not_asked", "label": "not asked"}
    assert fields["segments"]["refers_to"] == "segment"
    assert {"name": "is_in", "label": "is in", "takes": "many"} in fields["segments"]["operators"]
    assert "attributes.secret" not in fields
    assert {"value": "visit", "label": "Visited the site"} in told["activities"]
