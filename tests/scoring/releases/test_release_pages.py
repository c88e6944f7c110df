"""The pages around a publish: foreseen, let go, held back, stopped, over; in few queries each."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from funnel.actions.definitions import start_funnel
from leadmgmt.workspaces.models import Member
from scoring.actions import releasing
from scoring.actions.foreseeing import ask_radius
from scoring.actions.publishing import publish_model
from scoring.actions.releasing import advance_releases, stop_release
from scoring.actions.terms import Terms
from scoring.models import HeldLead, ModelVersion, Release
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of
from tests.scoring.builders import a_draft, a_profile_rule, a_published_model, finish

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PUBLISH = "/w/acme/scoring/draft/publish/"
PEOPLE = "/w/acme/scoring/draft/effect/people/"
SCORING = "/w/acme/scoring/"


@pytest.fixture
def draft(mara: Member) -> ModelVersion:
    """Twelve leads come to 90 from 10."""
    start_funnel(now=NOW)
    for _ in range(12):
        a_lead(country="India")
    a_published_model(a_profile_rule(10), by=mara, now=NOW)
    return a_draft(a_profile_rule(90))


@pytest.fixture
def page(mara: Member) -> Client:
    return client_of(mara)


@pytest.fixture
def release(draft: ModelVersion, mara: Member) -> Release:
    """Five of the twelve were let go; the hour is full."""
    terms = Terms(("mql",), hourly_cap=5, shares=(100,))
    now = timezone.now()
    finish(publish_model(draft, by=mara, reason="Hotter", now=now, terms=terms), now=now)
    advance_releases([Release.objects.get().pk], now=now)
    return Release.objects.get()


def read(page: Client, url: str) -> str:
    answer = page.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_draft_that_moves_nobody_says_so(draft: ModelVersion, page: Client) -> None:
    draft.rules.update(points=10)
    ask_radius(draft, now=NOW)
    told = read(page, PUBLISH)
    assert "Nobody would move" in told
    assert "New MQLs<" not in told


def test_it_can_be_worked_out_again_though_the_draft_has_not_changed(
    draft: ModelVersion, page: Client
) -> None:
    ask_radius(draft, now=NOW)
    a_lead(country="India")
    assert "for 12 leads" in read(page, PUBLISH)
    assert "Work it out again" in read(page, PUBLISH)
    page.post("/w/acme/scoring/draft/effect/")
    assert "for 13 leads" in read(page, PUBLISH)


def test_the_queue_opens_those_who_would_be_new_in_it(draft: ModelVersion, page: Client) -> None:
    ask_radius(draft, now=NOW)
    assert '?figure=owner:">+12</a>' in read(page, PUBLISH)


def test_the_publish_page_asks_the_same_whatever_would_move(
    draft: ModelVersion, page: Client, django_assert_max_num_queries: Any
) -> None:
    ask_radius(draft, now=NOW)
    read(page, PUBLISH)
    with django_assert_max_num_queries(22):
        read(page, PUBLISH)
    with django_assert_max_num_queries(14):
        read(page, f"{PEOPLE}?figure=promoted")


def test_the_release_tells_how_far_it_is_within_few_queries(
    release: Release, page: Client, django_assert_max_num_queries: Any
) -> None:
    read(page, SCORING)
    with django_assert_max_num_queries(10):
        told = read(page, f"{SCORING}releases/{release.pk}/")
    with django_assert_max_num_queries(24):
        read(page, SCORING)
    with django_assert_max_num_queries(12):
        people = read(page, f"{SCORING}releases/{release.pk}/people/")
    assert "Held back" in told
    assert people.count("became an MQL") == 5
    assert people.count("waits") == 7


def test_a_release_opens_whom_it_let_go_and_who_waits(release: Release, page: Client) -> None:
    at = f"{SCORING}releases/{release.pk}/people/"
    assert read(page, f"{at}?which=promoted").count("/w/acme/leads/") > 0
    assert "Who became an MQL" in read(page, f"{at}?which=promoted")
    assert "became an MQL" not in read(page, f"{at}?which=waiting").split("<main")[1]


def test_a_release_that_has_not_begun_does_not_say_that_scores_have_switched(
    draft: ModelVersion, mara: Member, page: Client
) -> None:
    terms = Terms(("mql",), shares=(100,))
    publish_model(draft, by=mara, reason="Hotter", now=NOW, terms=terms)
    told = read(page, SCORING)
    assert "Scores have switched" not in told
    assert "It begins when all scores have switched" in told


def test_what_is_over_takes_one_line_and_names_both_sides(release: Release, page: Client) -> None:
    stop_release(release, now=NOW)
    assert "End for good" in read(page, SCORING)
    releasing.end_release(release, by=None, now=NOW)
    told = read(page, SCORING)
    assert "5 leads became MQLs by it" in told
    assert "7 stayed as they are" in told
    assert "At most an hour" not in told


def test_its_people_are_told_stage_by_stage_on_the_page_and_over_the_api(
    release: Release, page: Client, mara: Member
) -> None:
    Release.objects.filter(pk=release.pk).update(shares=[10, 50, 100])
    release.refresh_from_db()
    held = list(HeldLead.objects.filter(release=release).order_by("lot", "lead_id"))
    at, api = f"{SCORING}releases/{release.pk}/people/", api_of(a_key(mara))
    address = f"/api/v1/score-releases/{release.pk}/people/"
    assert "Stage 2 (to 50 %)" in read(page, at)
    seen = []
    for stage, (first, beyond) in enumerate(((0, 1_000), (1_000, 5_000), (5_000, 10_000))):
        those = [str(each.lead_id) for each in held if first <= each.lot < beyond]
        told = api.get(f"{address}?stage={stage}").json()["results"]
        assert [each["lead"] for each in told] == those
        assert {each["stage"] for each in told} <= {stage}
        shown = read(page, f"{at}?stage={stage}").split("<main")[1]
        assert shown.count("/w/acme/leads/") == len(those)
        seen += those
    assert seen == [str(each.lead_id) for each in held]
    promoted = api.get(f"{address}?which=promoted").json()["results"]
    assert len(promoted) == 5
    assert all(each["is_promoted"] and each["released_at"] for each in promoted)


def test_who_steered_it_is_kept_shown_and_told(
    release: Release, page: Client, mara: Member, max: Member
) -> None:
    base = f"{SCORING}releases/{release.pk}/"
    page.post(f"{base}stop/")
    page.post(f"{base}stop/")
    releasing.go_on_release(release, by=max, now=timezone.now())
    releasing.end_release(release, by=None, now=timezone.now())

    shown = read(page, f"{base}people/")
    assert shown.count("Stopped it") == 1
    assert shown.index("Stopped it") < shown.index("Went on") < shown.index("Ended it for good")
    told = api_of(a_key(mara)).get(f"/api/v1/score-releases/{release.pk}/").json()["steps"]
    assert [(each["what"], each["by"]) for each in told] == [
        ("stopped", str(mara.pk)),
        ("went_on", str(max.pk)),
        ("ended", None),
    ]
