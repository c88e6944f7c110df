"""What follows from a publish is let go in stages and under caps, each lead once, or stopped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from funnel.actions.definitions import start_funnel
from funnel.models import StageMove
from leadmgmt.kernel.context import inside
from leads.actions.erasing import erase_leads
from leads.actions.merging import merge_leads
from leads.actions.removing import take_out
from leads.models import Lead, RemovedCause, Stage
from scoring.actions.publishing import publish_model
from scoring.actions.releasing import (
    ReleaseIsOver,
    advance_releases,
    end_release,
    go_on_release,
    open_next_stage,
    release_due,
    stop_release,
)
from scoring.actions.rescoring import rescore_due, rescore_leads
from scoring.actions.terms import CannotRelease, Terms
from scoring.models import HeldLead, Release, ReleaseState
from scoring.queries.releases import release_told
from sla.actions import start_policy
from sla.models import Clock
from tests.builders import a_lead, an_activity
from tests.clients import drain
from tests.scoring.builders import (
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
    finish,
)
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = ("mql", "clocks", "sequences")
PEOPLE = 40


@pytest.fixture(autouse=True)
def _promises(world: World) -> None:
    """What makes an MQL, and how soon somebody calls."""
    start_funnel(now=NOW)
    start_policy(by=None, now=NOW)


@pytest.fixture
def people(world: World) -> list[Lead]:
    """Leads that score 40 until a version gives them 90."""
    leads = [a_lead(country="India") for _ in range(PEOPLE)]
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    drain()
    return leads


def released(world: World, **given: object) -> Release:
    """A version that makes all of them hot, published with effects; its scores have switched."""
    terms = Terms(**{"effects": ALL, "shares": (100,)} | given)  # type: ignore[arg-type]
    asked = publish_model(
        a_draft(a_profile_rule(90)), by=world.mara, reason="Hotter", now=NOW, terms=terms
    )
    finish(asked, now=NOW)
    return Release.objects.get(version=asked.version)


def advance(release: Release, now: datetime, times: int = 1) -> Release:
    for _ in range(times):
        advance_releases([release.pk], now=now)
    release.refresh_from_db()
    return release


def mqls() -> int:
    return int(Lead.objects.filter(stage=Stage.MQL).count())


def test_scores_switch_at_once_and_effects_are_held(people: list[Lead], world: World) -> None:
    release = released(world)
    assert set(Lead.objects.values_list("score", flat=True)) == {90}
    assert (mqls(), HeldLead.objects.count()) == (0, PEOPLE)

    advance(release, NOW)

    assert mqls() == Clock.objects.count() == PEOPLE
    assert release.state == ReleaseState.DONE


def test_publishing_quietly_holds_and_does_nothing(people: list[Lead], world: World) -> None:
    finish(
        publish_model(a_draft(a_profile_rule(90)), by=world.mara, reason="Hotter", now=NOW), now=NOW
    )
    drain()
    assert (mqls(), Release.objects.count(), HeldLead.objects.count()) == (0, 0, 0)


def test_what_is_not_chosen_does_not_follow(people: list[Lead], world: World) -> None:
    advance(released(world, effects=("mql",)), NOW)
    drain()
    assert (mqls(), Clock.objects.count()) == (PEOPLE, 0)


def test_no_hour_and_no_total_goes_beyond_its_cap(people: list[Lead], world: World) -> None:
    release = released(world, hourly_cap=5, total_cap=12)

    advance(release, NOW, times=3)
    assert (mqls(), release.capped_until) == (5, NOW + HOUR)
    advance(release, NOW + HOUR - timedelta(seconds=1))
    assert mqls() == 5
    advance(release, NOW + HOUR, times=2)
    assert mqls() == 10
    advance(release, NOW + 2 * HOUR)

    assert (mqls(), release.state) == (12, ReleaseState.DONE)
    assert release_told(release).waiting == PEOPLE - 12
    assert "total cap" in release_told(release).state


def test_who_is_gone_since_makes_no_room_under_the_total_cap(
    people: list[Lead], world: World
) -> None:
    release = released(world, hourly_cap=5, total_cap=12)
    advance(release, NOW)
    promoted = list(Lead.objects.filter(stage=Stage.MQL).values_list("pk", flat=True))
    other = Lead.objects.exclude(pk__in=promoted).order_by("pk")[0]
    merge_leads(other.pk, promoted[0], choices={}, by=world.ada, now=NOW)
    take_out(promoted[1:3], cause=RemovedCause.PERSON, by=world.ada, now=NOW)
    erase_leads([promoted[3]], reason="asked us", by=world.ada, now=NOW)

    for hour in range(1, 4):
        advance(release, NOW + hour * HOUR, times=2)

    assert (release.promoted, release.state) == (12, ReleaseState.DONE)
    assert HeldLead.objects.filter(is_promoted=True).count() == 12 - 4


def test_stages_take_the_same_leads_and_open_by_the_clock(people: list[Lead], world: World) -> None:
    release = released(world, shares=(30, 60, 100), hours=2)
    rows = dict(HeldLead.objects.values_list("lead_id", "lot"))
    first = {lead for lead, lot in rows.items() if lot < 3_000}

    advance(release, NOW, times=2)
    assert set(Lead.objects.filter(stage=Stage.MQL).values_list("pk", flat=True)) == first
    assert (release.stage, release.due_at) == (0, NOW + 2 * HOUR)

    assert release_due(now=NOW + HOUR) == 0
    assert release_due(now=NOW + 2 * HOUR) == 1
    assert mqls() == sum(lot < 6_000 for lot in rows.values())
    release_due(now=NOW + 4 * HOUR)
    assert mqls() == PEOPLE


def test_a_stage_by_hand_waits_for_the_click(people: list[Lead], world: World) -> None:
    release = released(world, shares=(50, 100))
    advance(release, NOW)
    before = mqls()
    assert (release.due_at, 0 < before < PEOPLE) == (None, True)

    open_next_stage(release, now=NOW + HOUR)
    advance(release, NOW + HOUR)

    assert mqls() == PEOPLE
    with pytest.raises(ReleaseIsOver):
        open_next_stage(release, now=NOW)


def test_a_stop_keeps_what_went_and_a_go_on_takes_the_rest(
    people: list[Lead], world: World
) -> None:
    release = released(world, hourly_cap=5)
    advance(release, NOW)
    stop_release(release, now=NOW)

    advance(release, NOW + 3 * HOUR)
    assert release_due(now=NOW + 3 * HOUR) == 0
    drain()
    assert (mqls(), release.state) == (5, ReleaseState.STOPPED)

    go_on_release(release, now=NOW + 3 * HOUR)
    advance(release, NOW + 3 * HOUR)
    assert mqls() == 10

    end_release(release, by=world.mara, now=NOW + 3 * HOUR)
    advance(release, NOW + 5 * HOUR)
    assert mqls() == 10
    with pytest.raises(ReleaseIsOver, match="has ended"):
        go_on_release(release, now=NOW)


def test_a_stop_before_the_switch_holds_everybody(people: list[Lead], world: World) -> None:
    asked = publish_model(
        a_draft(a_profile_rule(90)), by=world.mara, reason="+", now=NOW, terms=Terms(ALL)
    )
    release = Release.objects.get()
    stop_release(release, now=NOW)
    finish(asked, now=NOW)
    advance(release, NOW, times=3)
    assert (mqls(), HeldLead.objects.count()) == (0, PEOPLE)

    go_on_release(release, now=NOW)
    open_next_stage(release, now=NOW)
    open_next_stage(release, now=NOW)
    advance(release, NOW)
    assert mqls() == PEOPLE


def test_facts_of_a_held_lead_count_and_days_do_not(world: World) -> None:
    leads = [a_lead(country="India") for _ in range(2)]
    looks = a_behaviour_rule(1, {"activity": "page_view"}, window_days=3)
    for each in leads:
        an_activity(each, occurred_at=NOW - timedelta(days=1))
    a_published_model(a_profile_rule(40), looks, by=world.mara, now=NOW)
    terms = Terms(ALL, shares=(100,))
    looks = a_behaviour_rule(1, {"activity": "page_view"}, window_days=3)
    draft = a_draft(a_profile_rule(90), looks)
    finish(publish_model(draft, by=world.mara, reason="+", now=NOW, terms=terms), now=NOW)
    stop_release(Release.objects.get(), now=NOW)

    rescore_due(now=NOW + timedelta(days=5))
    drain()
    assert (mqls(), Lead.objects.filter(score=90).count()) == (0, 2)

    an_activity(leads[0], occurred_at=NOW + timedelta(days=5))
    rescore_leads([leads[0].pk], now=NOW + timedelta(days=5))
    drain()
    assert list(Lead.objects.filter(stage=Stage.MQL)) == [leads[0]]


def test_the_next_publish_ends_a_release_and_takes_over_who_waits(
    people: list[Lead], world: World
) -> None:
    first = released(world, hourly_cap=5)
    advance(first, NOW)
    asked = publish_model(
        a_draft(a_profile_rule(95)), by=world.mara, reason="+", now=NOW, terms=Terms(ALL)
    )
    first.refresh_from_db()
    assert first.state == ReleaseState.ENDED
    second = Release.objects.get(version=asked.version)
    assert HeldLead.objects.filter(release=second).count() == PEOPLE - 5


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"effects": ("clocks",)}, "follows from becoming an MQL"),
        ({"effects": ("mql", "fireworks")}, "“fireworks” is no effect"),
        ({"hourly_cap": 0}, "1 or more"),
        ({"shares": (10, 5, 100)}, "growing percentages"),
        ({"shares": (1, 10)}, "the last is 100"),
        ({"hours": 0}, "1 to 336 hours"),
    ],
)
def test_senseless_terms_are_refused_and_nothing_is_published(
    people: list[Lead], world: World, given: dict[str, object], sentence: str
) -> None:
    with pytest.raises(CannotRelease, match=sentence):
        released(world, **given)
    assert Release.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_let_each_lead_go_once(world: World) -> None:
    for _ in range(PEOPLE):
        a_lead(country="India")
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    release = released(world, hourly_cap=7, total_cap=17)

    def work(hour: int) -> None:
        try:
            with inside(UUID(str(world.acme.pk))):
                advance_releases([release.pk], now=NOW + hour // 4 * HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(16)))

    assert mqls() == 17 == StageMove.objects.filter(to_stage=Stage.MQL).count()
    assert HeldLead.objects.filter(is_promoted=True).count() == 17
