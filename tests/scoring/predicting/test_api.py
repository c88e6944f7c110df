"""Predictive models as integrations see them."""

from leadmgmt.workspaces.models import Member, Scope
from leads.models import Lead
from scoring.models import PredictiveModel
from tests.builders import a_key, a_lead
from tests.clients import api_of, drain
from tests.scoring.predicting.builders import A_DAY, NOW, some_leads
from tests.worlds import World

ASKED = {
    "created_from": (NOW - 300 * A_DAY).isoformat(),
    "created_to": NOW.isoformat(),
    "within_days": 30,
}


def test_a_version_is_trained_read_chosen_and_explained(ada: Member) -> None:
    some_leads(800)
    client = api_of(a_key(ada))
    asked = client.post("/api/v1/predictive-models/", ASKED)
    assert (asked.status_code, asked.json()["state"]) == (202, "asked")
    drain()
    url = f"/api/v1/predictive-models/{asked.json()['id']}/"
    trained = client.get(url).json()
    assert trained["state"] == "trained"
    assert trained["figures"]["held_out"]["auc"] > 0.6
    assert "country: Greece" in [each["sentence"] for each in trained["signs"]]
    refused = client.post(f"{url}choose/", {"reason": ""})
    assert refused.status_code == 422
    assert client.post(f"{url}choose/", {"reason": "Good"}).json()["state"] == "chosen"
    drain()
    lead = Lead.objects.first()
    assert lead is not None
    told = client.get(f"/api/v1/leads/{lead.pk}/probability/").json()
    assert told["base"] + sum(each["points"] for each in told["reasons"]) == told["points"]
    assert 0 < told["probability"] < 1
    assert client.post(f"{url}retire/", {}).json()["state"] == "retired"
    (listed,) = client.get("/api/v1/predictive-models/").json()["results"]
    assert (listed["version"], listed["reason"]) == (1, "Good")


def test_too_few_cases_are_told(ada: Member) -> None:
    client = api_of(a_key(ada))
    made = client.post("/api/v1/predictive-models/", ASKED).json()
    drain()
    told = client.get(f"/api/v1/predictive-models/{made['id']}/").json()
    assert told["state"] == "refused"
    assert told["refusal"].startswith("There are 0 cases, 0 of which reached the outcome")


def test_what_is_unknown_or_not_there_is_refused(ada: Member, world: World) -> None:
    client = api_of(a_key(ada))
    typo = client.post("/api/v1/predictive-models/", {**ASKED, "wait": 3})
    assert typo.status_code == 422
    strange = client.post("/api/v1/predictive-models/", {**ASKED, "without": ["shoes"]})
    assert strange.json()["detail"] == "There is no field “shoes” to leave out."
    assert client.get(f"/api/v1/leads/{a_lead().pk}/probability/").status_code == 404
    assert client.get(f"/api/v1/predictive-models/{world.acme.pk}/").status_code == 404
    assert not PredictiveModel.objects.exists()


def test_a_key_that_may_only_read_trains_nothing(ada: Member) -> None:
    client = api_of(a_key(ada, Scope.LEADS_READ))
    assert client.post("/api/v1/predictive-models/", ASKED).status_code == 403
    assert client.get("/api/v1/predictive-models/").status_code == 200
