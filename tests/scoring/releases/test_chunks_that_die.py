"""Killed inside any chunk of several, while Redis is away, a publish and its release end right."""

import os
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from funnel.actions.definitions import start_funnel
from funnel.models import StageMove
from leadmgmt.kernel import doorbell, events
from scoring.actions import recomputing, releasing
from tests.builders import a_lead
from tests.kernel.mortal import Workers, workers
from tests.scoring.builders import a_profile_rule, a_published_model
from tests.scoring.releases import reacting
from tests.scoring.releases.reacting_in_chunks import AT_ONCE, CHUNK, NOWHERE
from tests.scoring.releases.test_workers_that_die import (
    NOW,
    PEOPLE,
    _check,
    _drain_after_death,
    _publish,
)
from tests.worlds import World

MORE_MOMENTS_THAN_THERE_ARE = 1_000
EVERY = int(os.environ.get("EVERY_MOMENT", "6"))  # every one takes two minutes


@pytest.fixture(scope="module")
def mortal(django_db_setup: None) -> Iterator[Workers]:
    """Processes that may die; two chunks work all leads out, two show them, three let them go."""
    with workers("tests.scoring.releases.reacting_in_chunks") as prepared:
        yield prepared


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_each_lead_goes_once_whichever_chunk_dies(
    mortal: Workers, world: World, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(events, "_table", reacting.TABLE)
    monkeypatch.setattr(recomputing, "CHUNK", CHUNK)
    monkeypatch.setattr(releasing, "AT_ONCE", AT_ONCE)
    monkeypatch.setattr(doorbell, "_redis", None)
    settings.REDIS_URL = NOWHERE
    start_funnel(now=NOW)
    for _ in range(PEOPLE):
        a_lead(country="India")
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    for moment in range(1, MORE_MOMENTS_THAN_THERE_ARE, EVERY):
        points = 90 + moment // EVERY % 2
        before = StageMove.objects.count()
        release = _publish(world, points)
        has_lived = mortal.drain(dies_at=moment)
        _drain_after_death()
        _check(release, points, before, moment)
        if has_lived:
            break
    assert has_lived
    assert moment > 150
