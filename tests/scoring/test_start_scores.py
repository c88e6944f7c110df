"""A new cycle begins with the score that was declared, and the rows still sum to it exactly."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leads.actions.cycles import InCycle, set_cycles
from leads.conditions import calendar_at
from leads.models import Lead
from scoring.actions.cycles import Carried, resume_scores, start_scores
from scoring.actions.publishing import recompute_model
from scoring.actions.rescoring import live_scorers, rescore_due, rescore_leads
from scoring.models import CARRIED, Hit, LeadScore, Purpose, RuleGroup, ScoreChange, ScoreModel
from scoring.queries import explain_score
from scoring.statements import contributions, facts, these
from tests.builders import a_lead, an_activity
from tests.scoring.builders import a_behaviour_rule, a_profile_rule, a_published_model, finish
from tests.worlds import World

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PRICES = {"path": "/pricing"}


def look(lead: Lead, at: datetime) -> None:
    an_activity(lead, occurred_at=at, properties=PRICES)


def close(lead: Lead, carried: Carried, at: datetime = NOW) -> None:
    lead.refresh_from_db()
    set_cycles([InCycle(lead.pk, lead.cycle + 1, at)])
    start_scores([lead.pk], carried, now=at)


def score(lead: Lead) -> int | None:
    lead.refresh_from_db()
    return lead.score


def rows(lead: Lead) -> dict[int, int]:
    exact = LeadScore.objects.get(lead=lead)
    assert exact.value == sum(exact.points)
    return dict(zip(exact.places, exact.points, strict=True))


@pytest.fixture
def lead(world: World) -> Lead:
    """Somebody from India (20 points) who looked at the prices three times (10 each): 50."""
    lead = a_lead(country="India")
    for hours in (1, 30, 100):
        look(lead, NOW - hours * HOUR)
    rules = a_profile_rule(20), a_behaviour_rule(10)
    a_published_model(*rules, by=world.ada, now=NOW - HOUR / 2)
    assert score(lead) == 50
    return lead


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        (Carried("nothing"), 0),
        (Carried("profile"), 20),
        (Carried("share", 25), 12),
        (Carried("share", 100), 50),
        (Carried("points", 7), 7),
    ],
)
def test_a_cycle_begins_with_what_was_declared(lead: Lead, carried: Carried, expected: int) -> None:
    close(lead, carried)
    assert score(lead) == expected
    assert rows(lead) == {1: 20} | ({CARRIED: expected - 20} if expected != 20 else {})
    assert not Hit.objects.exists()


def test_only_facts_since_the_beginning_count_even_on_its_day(lead: Lead) -> None:
    close(lead, Carried("nothing"))
    look(lead, NOW + timedelta(minutes=1))
    look(lead, NOW - timedelta(minutes=1))  # heard of late
    rescore_leads([lead.pk], now=NOW + HOUR)
    assert score(lead) == 10


def test_what_was_carried_over_is_told_beside_the_rules(lead: Lead) -> None:
    close(lead, Carried("share", 50))
    told = explain_score(lead)
    assert told is not None
    assert [(each.name, each.points) for each in told.given] == [
        ("Carried over from the cycle before", 5),
        ("Profile", 20),
    ]
    latest = ScoreChange.objects.latest("at")
    assert (latest.old_score, latest.new_score, latest.reason) == (50, 25, "cycle")


def test_a_second_cycle_forgets_what_the_first_left(lead: Lead) -> None:
    close(lead, Carried("share", 100))
    close(lead, Carried("nothing"), NOW + DAY)
    assert score(lead) == 0
    assert rows(lead)[CARRIED] == -20


def test_other_leads_keep_every_point(world: World, lead: Lead) -> None:
    other = a_lead(country="India")
    look(other, NOW - DAY)
    rescore_leads([other.pk], now=NOW)
    close(lead, Carried("nothing"))
    rescore_leads([lead.pk, other.pk], now=NOW + HOUR)
    assert (score(lead), score(other)) == (0, 30)


def test_a_cycle_taken_up_again_has_its_score_again(lead: Lead) -> None:
    close(lead, Carried("share", 10))
    set_cycles([InCycle(lead.pk, 1, None)])
    resume_scores([lead.pk], ended={lead.pk: 2}, now=NOW + HOUR)
    assert score(lead) == 50
    assert rows(lead) == {1: 20, 2: 30}


def test_the_grade_stays_and_other_models_begin_anew(world: World, lead: Lead) -> None:
    for name, purpose in (("Fit", Purpose.FIT), ("Robots", Purpose.PRODUCT)):
        model = ScoreModel.objects.create(name=name, purpose=purpose)
        rules = a_profile_rule(40), a_behaviour_rule(1)
        a_published_model(*rules, by=world.ada, now=NOW - HOUR / 2, model=model)
    lead.refresh_from_db()
    assert lead.grade == "B"  # 43 of its points
    close(lead, Carried("share", 50))
    values = dict(LeadScore.objects.values_list("version__model__name", "value"))
    assert (values["Fit"], values["Robots"]) == (40, 22)
    assert score(lead) == 25


def test_where_no_cycle_was_closed_nothing_is_asked_about_cycles(world: World, lead: Lead) -> None:
    batch, calendar = these([lead.pk]), calendar_at(NOW)
    for is_closed in (False, True):
        (scorer,) = live_scorers()
        counted = contributions(scorer, batch, calendar).text
        looked = facts(scorer.patterns, batch, calendar, is_cycled=scorer.is_cycled).text
        assert ("carryover" in counted) is is_closed
        assert ("cycle_began_at" in looked) is is_closed
        close(lead, Carried("nothing"))


RULES = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(-30, 30).filter(bool),
        st.one_of(st.none(), st.integers(1, 40)),  # cap
        st.booleans(),  # in the group
        st.one_of(st.none(), st.integers(1, 9)),  # half-life
    ),
    min_size=1,
    max_size=4,
)
CARRY = st.one_of(
    st.just(Carried("nothing")),
    st.just(Carried("profile")),
    st.integers(1, 100).map(lambda percent: Carried("share", percent)),
    st.integers(1, 90).map(lambda points: Carried("points", points)),
)


def fading(half: int | None) -> dict[str, Any]:
    return {"decay": "half_life", "half_life_days": half} if half else {}


HOURS = st.lists(st.integers(1, 24 * 12), max_size=6)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failing case is small already
    suppress_health_check=list(HealthCheck),
)
@given(
    rules=RULES,
    carried=CARRY,
    before=HOURS,
    after=HOURS,
    bounds=st.sampled_from([(None, None), (-10, 50), (0, None), (None, 25)]),
    cap=st.integers(5, 60),
)
def test_rows_sum_and_never_drift(
    world: World,
    rules: list[tuple[bool, int, int | None, bool, int | None]],
    carried: Carried,
    before: list[int],
    after: list[int],
    bounds: tuple[int | None, int | None],
    cap: int,
) -> None:
    """Whatever the rules: the declared beginning, then sums that equal a look at all facts."""
    with transaction.atomic():
        lead, group = a_lead(country="India"), RuleGroup(name="Prices", cap=cap)
        made = [
            a_profile_rule(points)
            if is_profile
            else a_behaviour_rule(
                points,
                cap=most,
                group=group if is_grouped else None,
                **fading(half),
            )
            for is_profile, points, most, is_grouped, half in rules
        ]
        for hours in before:
            look(lead, NOW - hours * HOUR)
        least, most = bounds
        a_published_model(*made, by=world.ada, now=NOW - HOUR, least=least, most=most)
        rescore_leads([lead.pk], now=NOW)
        old = score(lead) or 0
        close(lead, carried)
        if carried.kind != "profile":
            expected = carried.target(old, Purpose.MAIN)
            top = expected if most is None else min(expected, most)
            assert score(lead) == (top if least is None else max(top, least))
        for hours in after:
            look(lead, NOW + hours * HOUR)
        later = NOW + 13 * DAY
        rescore_leads([lead.pk], now=NOW + 12 * DAY)
        rescore_due(now=later)
        stepped = rows(lead)
        finish(recompute_model(by=world.ada, now=later), now=later)
        assert rows(lead) == stepped
        transaction.set_rollback(True)
