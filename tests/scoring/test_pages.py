"""The scoring pages: a marketer reads the model, writes the next one, and publishes it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.models import OutboxRow
from scoring.models import ModelState, ModelVersion, Recompute, Rule, ScoreChange
from tests.builders import a_draft_of, a_lead, an_activity
from tests.clients import client_of, drain
from tests.scoring.builders import (
    PRICING,
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
)
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def mara_online(mara: Any) -> Client:
    return client_of(mara)


def test_without_a_model_it_says_how_to_begin(mara_online: Client) -> None:
    page = mara_online.get("/w/acme/scoring/").content.decode()

    assert "Start with a ready-made model" in page


def test_the_ready_made_model_reads_aloud_and_can_be_published(mara_online: Client) -> None:
    a_lead(job_title="Head of IT", phone="+30210")
    mara_online.post("/w/acme/scoring/draft/start/")
    draft = mara_online.get("/w/acme/scoring/draft/").content.decode()
    mara_online.post("/w/acme/scoring/draft/effect/")
    effect = mara_online.get("/w/acme/scoring/draft/publish/").content.decode()
    answer = mara_online.post("/w/acme/scoring/draft/publish/", {"reason": "First model"})
    drain()
    page = mara_online.get("/w/acme/scoring/").content.decode()

    assert "each day on which “Viewed a page” (path contains “/pricing”) happened" in draft
    assert "for 1 leads; nothing was written" in effect
    assert answer.status_code == 302
    assert "version 1" in page
    assert "First model" in page


def test_the_published_model_says_how_many_leads_each_rule_hits(
    mara_online: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    a_lead(country="India")
    an_activity(a_lead(), properties={"path": "/pricing"}, occurred_at=NOW)
    a_published_model(a_profile_rule(40), a_behaviour_rule(80), by=world.mara, now=NOW)

    with django_assert_max_num_queries(25):
        page = mara_online.get("/w/acme/scoring/").content.decode()

    assert page.count('"rule-count">1 lead<') == 2
    assert "hot from 70" in page


def test_a_rule_is_written_in_rows(mara_online: Client) -> None:
    a_draft()
    condition = {
        "any": [
            {"field": "country", "is_one_of": ["India", "Greece"]},
            {"none": [{"field": "phone", "is_known": True}]},
        ]
    }
    form = {"save": "1", "name": "", "points": "15"} | a_draft_of(condition)

    answer = mara_online.post("/w/acme/scoring/draft/rules/add/profile/", form)

    assert answer.status_code == 302
    rule = Rule.objects.get()
    assert rule.condition == condition
    assert rule.name == "country is one of “India” or “Greece” or (none of: phone is known)"
    page = mara_online.get(f"/w/acme/scoring/draft/rules/{rule.pk}/").content.decode()
    assert 'value="India, Greece"' in page


def test_a_rule_about_scores_cannot_be_chosen_or_forced(mara_online: Client) -> None:
    a_draft()
    form = {"save": "1", "points": "15"} | a_draft_of({"field": "score", "is_at_least": 3})

    page = mara_online.get("/w/acme/scoring/draft/rules/add/profile/").content.decode()
    answer = mara_online.post("/w/acme/scoring/draft/rules/add/profile/", form)

    assert 'value="score"' not in page
    assert answer.status_code == 422
    assert "cannot look at “score”" in answer.content.decode()


def test_a_behaviour_rule_is_written_in_rows(mara_online: Client) -> None:
    a_draft()
    form = {
        "save": "1",
        "name": "Prices",
        "points": "10",
        "given": "once",
        "times": "3",
        "window_days": "14",
        "cap": "",
    } | a_draft_of(PRICING, is_alone=True)

    mara_online.post("/w/acme/scoring/draft/rules/add/behaviour/", form)

    rule = Rule.objects.get()
    assert rule.condition == PRICING | {"at_least": 3}
    assert (rule.per, rule.window_days, rule.cap) == ("once", 14, None)
    page = mara_online.get(f"/w/acme/scoring/draft/rules/{rule.pk}/").content.decode()
    assert 'name="times" value="3"' in page


def test_what_is_not_saved_stays_in_the_form(mara_online: Client) -> None:
    a_draft()
    form = {"points": "10", "given": "once"} | a_draft_of(PRICING, is_alone=True)
    url = "/w/acme/scoring/draft/rules/add/behaviour/"

    drawn = mara_online.post(url, form, headers={"HX-Request": "true"})

    assert drawn.status_code == 200
    assert 'value="/pricing"' in drawn.content.decode()
    assert 'name="times"' in drawn.content.decode()
    assert not Rule.objects.exists()


def test_a_wrong_row_says_what_is_wrong_with_it(mara_online: Client) -> None:
    a_draft()
    tree = {
        "all": [
            {"field": "country", "is": "India"},
            {"field": "company.employees", "is_at_least": 5},
        ]
    }
    form = {"save": "1", "points": "15"} | a_draft_of(tree) | {"condition-r.1-value": "many"}

    answer = mara_online.post("/w/acme/scoring/draft/rules/add/profile/", form)

    assert answer.status_code == 422
    assert "“is_at_least” is &#x27;many&#x27;" in answer.content.decode()
    assert not Rule.objects.exists()


def test_a_row_is_added_and_removed_without_scripts(mara_online: Client) -> None:
    a_draft()
    form = {"save": "1", "points": "15"} | a_draft_of({"field": "city", "is": "Pune"})
    url = "/w/acme/scoring/draft/rules/add/profile/"

    more = mara_online.post(url, form | {"condition-act": "add:r"}).content.decode()
    none = mara_online.post(url, form | {"condition-act": "drop:r.0"}).content.decode()

    assert 'name="condition-r.1-about"' in more
    assert 'value="Pune"' in more
    assert 'name="condition-r.0-about"' not in none
    assert not Rule.objects.exists()


def test_the_leads_a_rule_hits_are_counted_while_it_is_written(mara_online: Client) -> None:
    a_draft()
    a_lead(country="India")
    an_activity(a_lead(), properties={"path": "/pricing"}, occurred_at=timezone.now())
    profile = {"points": "5"} | a_draft_of({"field": "country", "is": "India"})
    behaviour = {"points": "5", "given": "day", "window_days": "7"}
    behaviour |= a_draft_of(PRICING, is_alone=True)
    url = "/w/acme/scoring/draft/rules/count/"

    hit = mara_online.post(url + "profile/", profile).content.decode()
    unfinished = mara_online.post(url + "profile/", profile | {"condition-r.0-value": ""})
    looked = mara_online.post(url + "behaviour/", behaviour).content.decode()

    assert "<strong>1</strong> lead would" in hit
    assert "Fill in the rule" in unfinished.content.decode()
    assert "<strong>1</strong> lead would" in looked


def test_rules_are_moved_copied_and_removed(mara_online: Client) -> None:
    draft = a_draft(a_profile_rule(1, name="First"), a_profile_rule(2, name="Second"))
    first, second = draft.rules.order_by("position")

    mara_online.post(f"/w/acme/scoring/draft/rules/{second.pk}/move/", {"to": "up"})
    mara_online.post(f"/w/acme/scoring/draft/rules/{second.pk}/duplicate/")
    mara_online.post(f"/w/acme/scoring/draft/rules/{first.pk}/remove/")

    names = draft.rules.order_by("position").values_list("name", flat=True)
    assert list(names) == ["Second", "Second (copy)"]


def test_thresholds_must_be_in_order(mara_online: Client) -> None:
    draft = a_draft()

    wrong = mara_online.post("/w/acme/scoring/draft/", {"hot_from": 30, "warm_from": 30})
    right = mara_online.post("/w/acme/scoring/draft/", {"hot_from": 50, "warm_from": 30})

    assert wrong.status_code == 422
    assert "must be above “warm from”" in wrong.content.decode()
    assert right.status_code == 302
    draft.refresh_from_db()
    assert (draft.hot_from, draft.warm_from) == (50, 30)


def test_publishing_needs_a_reason_and_rules(mara_online: Client) -> None:
    draft = a_draft()
    url = "/w/acme/scoring/draft/publish/"

    without_reason = mara_online.post(url, {"reason": " "})
    without_rules = mara_online.post(url, {"reason": "Because"})

    assert without_reason.status_code == without_rules.status_code == 422
    assert "at least one rule" in without_rules.content.decode()
    draft.refresh_from_db()
    assert draft.state == ModelState.DRAFT


def test_others_read_and_do_not_write(rita: Any, world: World) -> None:
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    browser = client_of(rita)

    assert browser.get("/w/acme/scoring/").status_code == 200
    assert browser.post("/w/acme/scoring/draft/start/").status_code == 403
    assert "Start a draft" not in browser.get("/w/acme/scoring/").content.decode()


def test_the_lead_page_says_why(rita: Any, world: World) -> None:
    lead = a_lead(country="India")
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    a_published_model(a_profile_rule(40), a_behaviour_rule(50, cap=35), by=world.mara, now=NOW)

    page = client_of(rita).get(f"/w/acme/leads/{lead.pk}/").content.decode()

    assert "Why this score" in page
    assert "Hot, because 75 is at least 70." in page
    assert "50 points before the cap" in page


def test_progress_is_told_until_it_is_done(mara_online: Client, world: World) -> None:
    a_lead()
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    mara_online.post("/w/acme/scoring/recompute/")

    running = mara_online.get("/w/acme/scoring/progress/")
    drain()
    done = mara_online.get("/w/acme/scoring/progress/")

    assert "0 of 1 leads" in running.content.decode()
    assert done.headers["HX-Refresh"] == "true"
    assert Recompute.objects.latest("asked_at").finished_at is not None
    assert OutboxRow.objects.count() == 0
    assert ModelVersion.objects.published().count() == 1
    assert ScoreChange.objects.count() == 1


def test_a_version_stays_readable(mara_online: Client, world: World) -> None:
    model = a_published_model(a_profile_rule(40, name="From India"), by=world.mara, now=NOW)

    page = mara_online.get(f"/w/acme/scoring/versions/{model.pk}/").content.decode()

    assert "From India" in page
    assert "A first model" in page


def test_publishing_shows_who_would_cross_the_line_to_mql(
    mara_online: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.line._provider", lambda: 60)
    a_lead(country="India", score=10, lead_class="cold")
    a_lead(country="Greece", score=70, lead_class="hot")
    draft = a_draft(a_profile_rule(65))

    mara_online.post("/w/acme/scoring/draft/effect/")
    page = mara_online.get("/w/acme/scoring/draft/publish/").content.decode()

    assert "Below 60 points now, at or above then." in page
    figures = draft.radii.get().figures
    assert (figures["moved"], figures["gaining"], figures["losing"]) == (2, 1, 1)


def test_the_draft_counts_whom_its_rules_hit_once_the_page_is_there(
    world: World, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    for country in ("India", "India", "Greece"):
        an_activity(a_lead(country=country), properties={"path": "/pricing"}, occurred_at=now)
    greek = {"field": "country", "is": "Greece"}
    a_draft(a_profile_rule(5), a_behaviour_rule(5), a_profile_rule(9, greek))
    browser, htmx = client_of(world.mara), {"HX-Request": "true"}
    page = browser.get("/w/acme/scoring/draft/").content.decode()
    assert 'hx-get="/w/acme/scoring/draft/?counts=1"' in page
    assert "leads now" not in page
    with django_assert_max_num_queries(13):
        counted = browser.get("/w/acme/scoring/draft/?counts=1", headers=htmx).content.decode()
    told = re.findall(r"(\d) leads? now", counted)
    assert told == ["2", "3", "1"]
    assert "hx-get" not in counted
