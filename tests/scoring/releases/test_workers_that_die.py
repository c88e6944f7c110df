"""A worker killed at any moment of a publish and its release loses nobody, and doubles nothing."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db.models import Count
from pytest_django import Settings

from funnel.actions.definitions import start_funnel
from funnel.models import StageMove
from leadmgmt.kernel import doorbell, events
from leadmgmt.kernel.drain import drain
from leadmgmt.kernel.fencing import workspaces_due
from leads.models import Lead, Stage
from scoring.actions.publishing import publish_model
from scoring.actions.terms import Terms
from scoring.models import HeldLead, LeadScore, ModelState, Release, ReleaseState, ScoreChange
from tests.builders import a_lead
from tests.clients import client_of
from tests.kernel.mortal import Workers, workers
from tests.scoring.builders import a_draft, a_profile_rule, a_published_model
from tests.scoring.releases import reacting
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MORE_MOMENTS_THAN_THERE_ARE = 400
PATIENCE = 10  # seconds
PEOPLE, CAP = 5, 3


@pytest.fixture(scope="module")
def mortal(django_db_setup: None) -> Iterator[Workers]:
    """Processes that may die."""
    with workers("tests.scoring.releases.reacting") as prepared:
        yield prepared


def _drain_after_death() -> None:
    # PostgreSQL takes a moment to notice that a client is gone, and to let go of its rows.
    until = time.monotonic() + PATIENCE
    while workspaces_due("kernel_due_outbox") and time.monotonic() < until:
        drain()


def _publish(world: World, points: int) -> Release:
    """Nobody is an MQL; a version moves everybody, and three may become one."""
    Lead.objects.update(stage=Stage.LEAD)
    draft = a_draft(a_profile_rule(points))
    terms = Terms(("mql",), total_cap=CAP, shares=(100,))
    publish_model(draft, by=world.mara, reason="Again", now=NOW, terms=terms)
    return Release.objects.get(version=draft)


def _check(release: Release, points: int, moves_before: int, moment: int) -> None:
    release.refresh_from_db()
    assert release.version.state == ModelState.PUBLISHED, moment
    assert release.state == ReleaseState.DONE, moment
    held = HeldLead.objects.filter(release=release)
    assert (held.count(), held.filter(is_promoted=True).count()) == (PEOPLE, CAP), moment
    assert Lead.objects.filter(stage=Stage.MQL).count() == CAP, moment
    assert StageMove.objects.count() == moves_before + CAP, moment
    assert list(LeadScore.objects.values_list("value", flat=True)) == [points] * PEOPLE, moment
    changes = ScoreChange.objects.filter(version=release.version).values("lead")
    assert [each["n"] for each in changes.annotate(n=Count("*"))] == [1] * PEOPLE, moment


@pytest.mark.django_db(transaction=True)
def test_each_lead_goes_once_whenever_the_worker_dies(
    mortal: Workers, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_table", reacting.TABLE)
    start_funnel(now=NOW)
    for _ in range(PEOPLE):
        a_lead(country="India")
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    for moment in range(1, MORE_MOMENTS_THAN_THERE_ARE):
        points = 90 + moment % 2
        before = StageMove.objects.count()
        release = _publish(world, points)
        has_lived = mortal.drain(dies_at=moment)
        _drain_after_death()
        _check(release, points, before, moment)
        if has_lived:
            break
    assert has_lived
    assert moment > 40


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_release_no_more_than_one(
    mortal: Workers, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_table", reacting.TABLE)
    start_funnel(now=NOW)
    for _ in range(PEOPLE):
        a_lead(country="India")
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    release = _publish(world, 90)
    assert mortal.drain_together(2)
    _drain_after_death()
    _check(release, 90, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_release_is_stopped_gone_on_with_and_done_while_redis_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(events, "_table", reacting.TABLE)
    monkeypatch.setattr(doorbell, "_redis", None)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
    start_funnel(now=NOW)
    for _ in range(PEOPLE):
        a_lead(country="India")
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    release = _publish(world, 90)
    browser = client_of(world.mara)
    at = f"/w/acme/scoring/releases/{release.pk}"
    assert browser.post(f"{at}/stop/").status_code == 302
    _drain_after_death()
    assert Lead.objects.filter(stage=Stage.MQL).count() == 0
    assert browser.post(f"{at}/go-on/").status_code == 302
    _drain_after_death()
    _check(release, 90, 0, 0)
