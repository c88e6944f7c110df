"""Scoring as integrations see it."""

from datetime import UTC, datetime

from leadmgmt.workspaces.models import Member, Scope
from tests.builders import a_key, a_lead, an_activity
from tests.clients import api_of
from tests.scoring.builders import a_behaviour_rule, a_profile_rule, a_published_model
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


def test_what_is_not_there_is_not_found(ada: Member, world: World) -> None:
    lead = a_lead()
    client = api_of(a_key(ada))

    assert client.get("/api/v1/score-model/").status_code == 404
    assert client.get(f"/api/v1/leads/{lead.pk}/score/").status_code == 404
    assert client.get(f"/api/v1/leads/{world.acme.pk}/score/").status_code == 404


def test_a_key_without_the_scope_reads_nothing(ada: Member) -> None:
    client = api_of(a_key(ada, Scope.ACTIVITIES_WRITE))

    assert client.get("/api/v1/score-model/").status_code == 403
