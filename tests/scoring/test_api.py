"""Scoring as integrations see it."""

from datetime import UTC, datetime

from leadmgmt.workspaces.models import Member, Scope
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.models import RuleGroup
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of, drain
from tests.scoring.builders import (
    INDIA,
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
    finish,
)
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_the_published_model_is_read(ada: Member) -> None:
    a_published_model(a_profile_rule(40, name="From India"), by=ada, now=NOW)

    model = api_of(a_key(ada)).get("/api/v1/score-model/").json()

    assert (model["version"], model["hot_from"], model["reason"]) == (1, 70, "A first model")
    assert [(rule["name"], rule["sentence"]) for rule in model["rules"]] == [
        ("From India", "country is “India”")
    ]


def test_a_score_comes_with_what_it_is_made_of(ada: Member) -> None:
    lead = a_lead(country="India")
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    a_published_model(a_profile_rule(40), a_behaviour_rule(50, cap=35), by=ada, now=NOW)

    score = api_of(a_key(ada)).get(f"/api/v1/leads/{lead.pk}/score/").json()

    assert (score["score"], score["lead_class"]) == (75, "hot")
    given = [(row["points"], row["raw"], row["facts"]) for row in score["contributions"]]
    assert given == [(40, 40, 1), (35, 50, 1)]


def test_a_score_by_every_model_is_read(ada: Member) -> None:
    lead = a_lead(country="India")
    a_published_model(a_profile_rule(40), by=ada, now=NOW)
    fit = add_model(purpose="fit", name="Fit", now=NOW)
    rule = a_profile_rule(57, group=RuleGroup(name="Place", cap=50))
    a_published_model(rule, by=ada, now=NOW, model=fit)

    score = api_of(a_key(ada)).get(f"/api/v1/leads/{lead.pk}/score/").json()

    assert (score["score"], score["lead_class"], score["grade"]) == (40, "warm", "A-")
    assert [(each["name"], each["score"], each["grade"]) for each in score["models"]] == [
        ("Main score", 40, "A-"),
        ("Fit", 50, "A-"),
    ]
    given = [(row["rule"] is None, row["points"]) for row in score["models"][1]["contributions"]]
    assert given == [(False, 57), (True, -7)]


def test_sorted_by_decisions_no_number_is_read(ada: Member) -> None:
    lead = a_lead(country="India")
    draft = a_draft(mode="decisions")
    draft.decisions.create(name="From India", condition=INDIA, lead_class="hot")
    finish(publish_model(draft, by=ada, reason="Simple", now=NOW), now=NOW)

    score = api_of(a_key(ada)).get(f"/api/v1/leads/{lead.pk}/score/").json()

    assert (score["score"], score["lead_class"], score["contributions"]) == (None, "hot", [])


def test_a_draft_is_published_and_a_model_retired(ada: Member) -> None:
    client = api_of(a_key(ada))
    fit = add_model(purpose="fit", name="Fit", now=NOW)
    draft = a_draft(a_profile_rule(57, decay="none"), model=fit)

    refused = client.post(f"/api/v1/score-models/{fit.pk}/publish/", {"reason": "x", "loud": 1})
    done = client.post(f"/api/v1/score-models/{fit.pk}/publish/", {"reason": "Whom we want"})
    drain()
    version = client.get(f"/api/v1/score-versions/{draft.pk}/").json()
    again = client.post(f"/api/v1/score-models/{fit.pk}/publish/", {"reason": "x"})
    retired = client.post(f"/api/v1/score-models/{fit.pk}/retire/", {}).json()
    models = client.get("/api/v1/score-models/").json()["results"]

    assert (refused.status_code, done.status_code, again.status_code) == (422, 200, 404)
    assert (version["number"], version["state"], version["reason"]) == (
        1,
        "published",
        "Whom we want",
    )
    assert [rule["points"] for rule in version["rules"]] == [57]
    assert retired["retired_at"] is not None
    assert [(each["name"], each["version"]) for each in models] == [("Fit", None)]


def test_what_is_not_there_is_not_found(ada: Member, world: World) -> None:
    lead = a_lead()
    client = api_of(a_key(ada))

    assert client.get("/api/v1/score-model/").status_code == 404
    assert client.get(f"/api/v1/leads/{lead.pk}/score/").status_code == 404
    assert client.get(f"/api/v1/leads/{world.acme.pk}/score/").status_code == 404


def test_a_key_without_the_scope_reads_nothing(ada: Member) -> None:
    client = api_of(a_key(ada, Scope.ACTIVITIES_WRITE))

    assert client.get("/api/v1/score-model/").status_code == 403
