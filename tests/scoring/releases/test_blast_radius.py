"""Before publishing one sees whom it would move, and what would follow; people, not only sums."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from funnel.actions.definitions import start_funnel
from leadmgmt.workspaces.models import Member
from leads.models import Lead, Stage
from scoring.actions import foreseeing
from scoring.actions.foreseeing import advance_radii, ask_radius, digest_of_draft
from scoring.actions.publishing import publish_model
from scoring.actions.releasing import advance_releases
from scoring.actions.terms import Terms
from scoring.models import BlastRadius, ModelVersion, Release, TouchedLead
from scoring.queries.radius import people_of
from sla.actions import start_policy
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of, drain
from tests.scoring.builders import a_draft, a_profile_rule, a_published_model, finish
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
EFFECT = "/w/acme/scoring/draft/effect/"


@pytest.fixture
def draft(world: World) -> ModelVersion:
    """Indians come to 90 from 10, Greeks fall to 0 from 60; one Indian is an MQL already."""
    start_funnel(now=NOW)
    start_policy(by=None, now=NOW)
    for _ in range(3):
        a_lead(country="India")
    a_lead(country="India", stage=Stage.MQL, owner=world.rita)
    a_lead(country="Greece")
    a_lead(country="Chile")
    greek = {"field": "country", "is": "Greece"}
    a_published_model(a_profile_rule(10), a_profile_rule(60, greek), by=world.mara, now=NOW)
    return a_draft(a_profile_rule(90))


def test_the_radius_says_who_would_move_and_what_would_follow(
    draft: ModelVersion, world: World
) -> None:
    radius = ask_radius(draft, now=NOW)

    figures = radius.figures
    assert radius.finished_at == NOW
    assert (figures["moved"], figures["line"]) == (5, 50)
    assert (figures["gaining"], figures["losing"], figures["promoted"]) == (4, 1, 3)
    assert sorted(figures["shifts"]) == [("cold", "hot", 4), ("warm", "cold", 1)]
    assert (
        figures["effects"] | {"clocks": {"First response": 3}, "sequences": {}}
        == figures["effects"]
    )
    load = {each["name"]: (each["now"], each["then"]) for each in figures["load"]}
    assert load["In the pool, claimed by nobody"] == (0, 3)
    assert load["Rita"] == (1, 1)
    assert set(Lead.objects.values_list("score", flat=True)) == {0, 10, 60}


def test_each_figure_has_its_people(draft: ModelVersion) -> None:
    figures = ask_radius(draft, now=NOW).figures
    radius = BlastRadius.objects.get()
    assert people_of(radius, "losing").get().lead.country == "Greece"
    assert people_of(radius, "class:cold-hot").count() == 4
    assert people_of(radius, "promoted").count() == figures["promoted"]
    assert people_of(radius, "clocks:First response").count() == 3
    assert people_of(radius, "owner:").count() == 3
    assert people_of(radius, "nonsense:x").count() == 0


def test_what_was_foreseen_happens(draft: ModelVersion, world: World) -> None:
    ask_radius(draft, now=NOW)
    terms = Terms(("mql", "clocks"), shares=(100,))
    finish(publish_model(draft, by=world.mara, reason="+", now=NOW, terms=terms), now=NOW)
    before = set(Lead.objects.filter(stage=Stage.MQL).values_list("pk", flat=True))
    advance_releases([Release.objects.get().pk], now=NOW)

    after = set(Lead.objects.filter(stage=Stage.MQL).values_list("pk", flat=True))
    foreseen = TouchedLead.objects.filter(is_promoted=True).values_list("lead_id", flat=True)
    assert after - before == set(foreseen)


def test_a_changed_draft_makes_it_stale(draft: ModelVersion) -> None:
    radius = ask_radius(draft, now=NOW)
    assert radius.digest == digest_of_draft(draft)
    draft.rules.update(points=80)
    assert radius.digest != digest_of_draft(draft)


def test_many_leads_are_worked_out_in_the_background(
    draft: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "SMALL", 2)
    monkeypatch.setattr(foreseeing, "CHUNK", 2)
    radius = ask_radius(draft, now=NOW)
    assert (radius.finished_at, radius.done) == (None, 0)
    advance_radii([radius.pk], now=NOW)
    drain()
    radius.refresh_from_db()
    assert (radius.done, radius.figures["moved"]) == (6, 5)


def test_the_page_works_it_out_and_opens_the_people(draft: ModelVersion, mara: Member) -> None:
    page = client_of(mara)
    assert "Nobody has worked this draft out" in page.get(EFFECT).content.decode()

    said = page.post(EFFECT, headers={"HX-Request": "true"}).content.decode()
    people = page.get(f"{EFFECT}people/?figure=class:warm-cold").content.decode()
    draft.rules.update(points=80)
    stale = page.get(EFFECT).content.decode()

    assert "figure=promoted" in said
    assert "Start first-response clocks: First response" in said
    assert "Who would change class" in people
    assert "has changed since" in stale


def test_a_release_is_published_watched_and_stopped_on_the_pages(
    draft: ModelVersion, mara: Member, rita: Member
) -> None:
    page: Client = client_of(mara)
    asked = {"reason": "Hotter", "effects": ["mql", "clocks"], "hourly_cap": "2"}
    wrong = page.post("/w/acme/scoring/draft/publish/", asked | {"shares": "10, 5"})
    assert wrong.status_code == 422
    assert "growing percentages" in wrong.content.decode()

    page.post("/w/acme/scoring/draft/publish/", asked | {"shares": "100", "total_cap": ""})
    drain()
    shown = page.get("/w/acme/scoring/").content.decode()
    release = Release.objects.get()
    assert "Capped until" in shown
    assert "Scores have switched at once for everybody" in shown
    assert "Stop the release" not in client_of(rita).get("/w/acme/scoring/").content.decode()

    at = f"/w/acme/scoring/releases/{release.pk}"
    page.post(f"{at}/stop/")
    assert "Stopped: nobody else" in page.get(f"{at}/").content.decode()
    page.post(f"{at}/go-on/")
    page.post(f"{at}/end/")
    assert "Ended for good" in page.get("/w/acme/scoring/").content.decode()
    assert Lead.objects.filter(stage=Stage.MQL).count() == 3


def test_the_same_over_the_api(draft: ModelVersion, ada: Member) -> None:
    api = api_of(a_key(ada))
    at = f"/api/v1/score-models/{draft.model_id}"
    assert api.get(f"{at}/blast-radius/").status_code == 404
    told = api.post(f"{at}/blast-radius/", {}).json()
    people = api.get(f"{at}/blast-radius/people/?figure=promoted").json()["results"]
    wrong = api.post(f"{at}/publish/", {"reason": "+", "effects": ["clocks"]})
    done = api.post(
        f"{at}/publish/",
        {"reason": "+", "effects": ["mql"], "hourly_cap": 1, "total_cap": 2, "shares": [100]},
    )
    drain()
    (release,) = api.get("/api/v1/score-releases/").json()["results"]
    stopped = api.post(f"/api/v1/score-releases/{release['id']}/stop/", {}).json()
    ended = api.post(f"/api/v1/score-releases/{release['id']}/end/", {}).json()
    again = api.post(f"/api/v1/score-releases/{release['id']}/go-on/", {})

    assert (told["promoted"], told["is_stale"], told["load"][0]["then"]) == (3, False, 3)
    assert len(people) == 3
    assert (wrong.status_code, done.status_code) == (422, 200)
    assert (release["promoted"], release["held"], release["effects"]) == (1, 5, ["mql"])
    assert release["capped_until"] is not None
    assert (stopped["state"], ended["state"], again.status_code) == ("stopped", "ended", 409)
