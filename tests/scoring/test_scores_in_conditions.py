"""Scores by product line, and chances, in conditions: asked, read, followed, listed, shown."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnel.actions.definitions import propose_change, publish_definition, start_funnel
from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.formatting import percent
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.actions.segments import create_segment
from leads.conditions import (
    WrongCondition,
    calendar_at,
    count_leads,
    explain,
    known_fields,
    matching,
    parse,
    read_aloud,
)
from leads.models import Lead, Membership, Segment
from scoring.actions.beside import rescore_all, rescore_due_all
from scoring.actions.chances import advance_refreshes, work_out_chances
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.actions.retiring import retire_model
from scoring.actions.rules import save_rule
from scoring.actions.training import retire_prediction
from scoring.actions.words import CannotSaveRule, RuleWords
from scoring.cases import unknown_then
from scoring.cases.finding import Cases
from scoring.indicators.counting import indicators_seen
from scoring.lending import least_points
from scoring.models import (
    LeadScore,
    ModelScore,
    PredictiveModel,
    Probability,
    Purpose,
    ScoreChange,
    ScoreModel,
)
from scoring.predicting.features import Weights, chance
from tests.builders import a_key, a_lead, agree_on, an_activity
from tests.clients import api_of, client_of, drain
from tests.leads.conditions.oracle import Person, holds
from tests.leads.conditions.people import ZONE
from tests.leads.conditions.trees import numbers
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
DAY = timedelta(days=1)


@pytest.fixture
def lifts(world: World) -> ScoreModel:
    return add_model(purpose=Purpose.PRODUCT, name="Lifts", now=NOW)


def publish(lifts: ScoreModel, world: World, *rules: Any, now: datetime = NOW) -> None:
    a_published_model(*rules, by=world.ada, now=now, model=lifts)


def at_least(lifts: ScoreModel, points: float) -> dict[str, Any]:
    return {"field": f"score.{lifts.pk}", "is_at_least": points}


def found_by(tree: dict[str, Any]) -> set[UUID]:
    return set(matching(parse(tree), NOW).values_list("pk", flat=True))


def a_segment(tree: dict[str, Any]) -> Segment:
    made = create_segment(name="They", condition=tree, by=None, now=NOW)
    drain()
    return made


def members(segment: Segment) -> set[UUID]:
    rows = Membership.objects.filter(segment=segment, left_at=None)
    return set(rows.values_list("lead_id", flat=True))


def a_chosen_model(base: int = 0) -> PredictiveModel:
    return PredictiveModel.objects.create(
        number=1,
        state="chosen",
        asked_at=NOW,
        chosen_at=NOW,
        due_at=NOW + DAY,
        weights=Weights(base, ()).as_json(),
    )


def test_it_is_asked_read_and_explained(lifts: ScoreModel, world: World) -> None:
    lead, other = a_lead(country="India"), a_lead(country="Greece")
    publish(lifts, world, a_profile_rule(40))
    tree = at_least(lifts, 40)

    assert found_by(tree) == {lead.pk}
    assert read_aloud(parse(tree)) == "score: Lifts is at least 40"
    told = explain(parse(tree), [lead.pk, other.pk], NOW)
    assert (told[lead.pk].is_holding, told[other.pk].is_holding) == (True, False)
    assert found_by({"field": f"score.{lifts.pk}", "is_known": False}) == set()
    assert count_leads(parse(tree), NOW, within_ms=5_000).count == 1


def test_what_is_wrong_is_said(lifts: ScoreModel, world: World) -> None:
    nobody = f"score.{UUID(int=7)}"
    with pytest.raises(WrongCondition, match=f"There is no field “{nobody}”"):
        parse({"field": nobody, "is_at_least": 1})
    with pytest.raises(WrongCondition, match="“is_at_least” is 'many', but it must be a number"):
        parse({"field": f"score.{lifts.pk}", "is_at_least": "many"})
    with pytest.raises(WrongCondition, match="There is no field “chance”"):
        parse({"field": "chance", "is_at_least": 30})
    a_chosen_model()
    assert read_aloud(parse({"field": "chance", "is_at_least": 30})) == (
        "chance of buying is at least 30 %"
    )


def test_no_rule_asks_for_a_score_or_a_chance(lifts: ScoreModel, world: World) -> None:
    a_chosen_model()
    draft = a_draft(a_profile_rule(5))
    asked = ((at_least(lifts, 1), "score: Lifts"), ({"field": "chance", "is": 3}, "chance"))
    for tree, name in asked:
        with pytest.raises(CannotSaveRule, match=f"A rule cannot look at “{name}"):
            save_rule(draft, RuleWords("Round", "profile", tree, 5))


def test_a_segment_follows_every_kind_of_fact(lifts: ScoreModel, world: World) -> None:
    lead = a_lead(country="Greece")
    publish(
        lifts,
        world,
        a_profile_rule(40),
        a_behaviour_rule(10, window_days=2),
        now=timezone.now(),
    )
    segment = a_segment(at_least(lifts, 10))
    drain()
    assert members(segment) == set()

    an_activity(lead, properties={"path": "/pricing"}, occurred_at=timezone.now())
    rescore_all([lead.pk], now=timezone.now())
    drain()
    assert members(segment) == {lead.pk}
    rescore_due_all(now=timezone.now() + 4 * DAY)
    drain()
    assert members(segment) == set()
    Lead.objects.filter(pk=lead.pk).update(country="India")
    rescore_all([lead.pk], now=timezone.now())
    drain()
    assert members(segment) == {lead.pk}
    publish(lifts, world, a_profile_rule(9), now=timezone.now())
    drain()
    assert members(segment) == set()


def test_retired_it_holds_for_nobody_and_says_who_asks(lifts: ScoreModel, world: World) -> None:
    a_lead(country="India")
    publish(lifts, world, a_profile_rule(40))
    segment = a_segment(at_least(lifts, 40))
    assert len(members(segment)) == 1

    recompute = retire_model(lifts, by=world.ada, now=NOW)
    assert recompute is not None
    finish(recompute, now=NOW)
    drain()

    assert not ModelScore.objects.exists()
    assert members(segment) == set()
    with pytest.raises(WrongCondition, match="There is no field"):
        parse(at_least(lifts, 40))
    assert read_aloud(parse(at_least(lifts, 40), is_stored=True)) == "score: Lifts is at least 40"
    page = client_of(world.ada).get("/w/acme/scoring/models/retired/").content.decode()
    assert "Still asked about by" in page
    assert ">They</a>" in page
    told = api_of(a_key(world.ada)).get(f"/api/v1/score-models/{lifts.pk}/").json()
    assert [(each["noun"], each["name"]) for each in told["used_by"]] == [("segment", "They")]


def test_history_is_kept_by_model(lifts: ScoreModel, world: World) -> None:
    lead = a_lead(country="India")
    a_published_model(a_profile_rule(5), by=world.ada, now=NOW)
    publish(lifts, world, a_profile_rule(40))
    Lead.objects.filter(pk=lead.pk).update(country="Greece")
    rescore_all([lead.pk], now=NOW + DAY, reason="profile")
    rescore_all([lead.pk], now=NOW + 2 * DAY)

    rows = ScoreChange.objects.filter(lead=lead).of(lifts).order_by("at")
    assert list(rows.values_list("old_score", "new_score", "reason")) == [
        (None, 40, "version"),
        (40, 0, "profile"),
    ]
    assert ScoreChange.objects.filter(lead=lead).main().count() == 2
    page = client_of(world.ada).get(f"/w/acme/scoring/leads/{lead.pk}/").content.decode()
    assert page.index("How it came about") < page.index("How “Lifts” came about")
    assert "“Lifts” over time" in page
    api = api_of(a_key(world.ada))
    address = f"/api/v1/leads/{lead.pk}/score/changes/"
    by_lifts = api.get(f"{address}?model={lifts.pk}").json()["results"]
    assert [each["new_score"] for each in by_lifts] == [0, 40]
    assert [each["new_score"] for each in api.get(address).json()["results"]] == [0, 5]
    assert api.get(f"{address}?model=none").status_code == 404


def test_the_narrow_copy_is_the_score(lifts: ScoreModel, world: World) -> None:
    leads = [a_lead(country="India") for _ in range(3)]
    publish(lifts, world, a_profile_rule(40))
    rescore_all([each.pk for each in leads], now=NOW)
    exact = LeadScore.objects.filter(version__model=lifts).values_list("lead", "value")
    assert set(ModelScore.objects.values_list("lead", "value")) == set(exact)


def test_a_chance_is_asked_as_it_is_shown() -> None:
    for points in range(-1_200, 1_200):
        shown = int(percent(float(chance(points)), 0).rstrip(" %\u00a0\u202f"))
        assert least_points(shown) <= points < least_points(shown + 1)


def test_a_segment_follows_the_chance(world: World) -> None:
    lead = a_lead()
    model = a_chosen_model(base=0)
    segment = a_segment({"field": "chance", "is_at_least": 50})
    assert members(segment) == set()
    work_out_chances([lead.pk], now=NOW)
    drain()
    assert members(segment) == {lead.pk}
    retire_prediction(model, by=world.ada, now=NOW)
    drain()
    assert members(segment) == set()


VALUES = (0, 3.5, 12, 40, 80)
SCORES = (None, 0, 3, 12, 40, 41, 80, -5)
CHANCES = (None, -900, -100, -1, 0, 60, 200, 1_500)
TESTS = st.sampled_from(["score", "chance"]).flatmap(
    lambda name: numbers(*VALUES, 50, 100).map(lambda test: {"field": name} | test)
)
TREES = st.recursive(
    TESTS,
    lambda inner: st.builds(
        lambda word, parts: {word: parts},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


@pytest.fixture
def crowd(lifts: ScoreModel) -> dict[UUID, Person]:
    model, made = a_chosen_model(), {}
    for score in SCORES:
        for points in CHANCES:
            lead = a_lead()
            if score is not None:
                ModelScore.objects.create(lead=lead, model=lifts, value=score)
            if points is not None:
                Probability.objects.create(lead=lead, model=model, points=points, as_of=NOW)
            shown = None if points is None else round(100 / (1 + 2 ** (-points / 100)))
            made[lead.pk] = Person({"score": score, "chance": shown})
    return made


def named(tree: dict[str, Any], model: ScoreModel) -> dict[str, Any]:
    """The tree with the real name of the field."""
    if "field" in tree:
        return tree | {"field": f"score.{model.pk}"} if tree["field"] == "score" else tree
    return {word: [named(part, model) for part in parts] for word, parts in tree.items()}


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(tree=TREES)
def test_sql_agrees_with_a_naive_reading(
    tree: dict[str, Any], crowd: dict[UUID, Person], lifts: ScoreModel
) -> None:
    expected = {pk for pk, person in crowd.items() if holds(tree, person, NOW, ZONE)}
    condition = parse(named(tree, lifts))
    assert set(matching(condition, NOW).values_list("pk", flat=True)) == expected
    explained = explain(condition, list(crowd), NOW)
    assert {pk for pk, told in explained.items() if told.is_holding} == expected
    assert read_aloud(condition)


def test_the_vocabulary_and_the_builder_offer_it(lifts: ScoreModel, world: World) -> None:
    a_chosen_model()
    told = api_of(a_key(world.ada)).get("/api/v1/conditions/vocabulary/").json()["fields"]
    offered = {each["name"]: (each["label"], each["kind"], each["unit"]) for each in told}
    assert offered[f"score.{lifts.pk}"] == ("score: Lifts", "number", "")
    assert offered["chance"] == ("chance of buying", "number", "%")
    tree = json.dumps({"all": [at_least(lifts, 40), {"field": "chance", "is_at_least": 30}]})
    state = urlencode({"list": urlencode({"condition": tree})})
    page = client_of(world.ada).get(f"{workspace_reverse('leads:lead_filter')}?{state}")
    shown = page.content.decode()
    assert f'<option value="score.{lifts.pk}" selected>Score: Lifts</option>' in shown
    assert '<option value="chance" selected>Chance of buying</option>' in shown


def test_the_list_shows_it_as_a_column(
    lifts: ScoreModel, world: World, django_assert_max_num_queries: Any
) -> None:
    lead = a_lead(country="India", name="Indira")
    publish(lifts, world, a_profile_rule(437))
    Probability.objects.create(lead=lead, model=a_chosen_model(), points=0, as_of=NOW)
    browser = client_of(world.ada)
    address = f"/w/acme/leads/?columns=country,score.{lifts.pk},chance"
    page = browser.get(address).content.decode()
    assert "Score: Lifts" in page
    assert "Chance of buying, %" in page
    assert "437" in page
    assert ">50<" in page.replace("\n", "")


def test_where_decisions_sort_no_score_is_offered(lifts: ScoreModel, world: World) -> None:
    publish(lifts, world, a_profile_rule(40))
    assert f"score.{lifts.pk}" in known_fields(with_lent=True)
    draft = a_draft(mode="decisions")
    draft.decisions.create(name="From India", condition=INDIA, lead_class="hot")
    finish(publish_model(draft, by=world.ada, reason="Simple", now=NOW), now=NOW)
    offered = known_fields(with_lent=True)
    assert not [name for name in offered if name.startswith("score")]
    page = client_of(world.ada).get("/w/acme/leads/?panel=columns").content.decode()
    assert "Score: Lifts" not in page


def define_mql(condition: dict[str, Any], world: World) -> None:
    """An MQL is whoever it holds for, from now on."""
    start_funnel(now=NOW)
    draft = propose_change(
        stage="mql",
        explanation="They want lifts",
        reason="Lifts sell",
        condition=condition,
        by=world.max,
    )
    agree_on(draft, marketing=world.mara, sales=world.max)
    publish_definition(draft, by=world.max, now=NOW)


def test_a_product_score_makes_an_mql(lifts: ScoreModel, world: World) -> None:
    lead, early = a_lead(), a_lead()
    an_activity(early, properties={"path": "/pricing"}, occurred_at=NOW)
    define_mql(at_least(lifts, 10), world)
    publish(lifts, world, a_behaviour_rule(10))
    drain()
    early.refresh_from_db()
    assert early.stage == "lead"  # publishing fires nothing

    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    rescore_all([lead.pk], now=NOW, is_quiet=True)
    drain()
    lead.refresh_from_db()
    assert lead.stage == "lead"
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    rescore_all([lead.pk], now=NOW)
    drain()
    lead.refresh_from_db()
    assert lead.stage == "mql"


def test_a_chance_makes_an_mql_but_not_by_being_chosen(world: World) -> None:
    lead, model = a_lead(), a_chosen_model(base=10)
    define_mql({"field": "chance", "is_at_least": 50}, world)
    PredictiveModel.objects.filter(pk=model.pk).update(due_at=None)
    advance_refreshes([model.pk], now=NOW)
    PredictiveModel.objects.filter(pk=model.pk).update(due_at=NOW + DAY)
    drain()
    lead.refresh_from_db()
    assert (lead.stage, Probability.objects.get().points) == ("lead", 10)
    Probability.objects.update(points=-100, levels=[0])
    work_out_chances([lead.pk], now=NOW)
    drain()
    lead.refresh_from_db()
    assert lead.stage == "mql"


def test_what_was_said_then_is_unknown(lifts: ScoreModel, world: World) -> None:
    a_chosen_model()
    tree = {"any": [at_least(lifts, 1), {"field": "chance", "is_at_least": 1}]}
    assert set(unknown_then(parse(tree))) == {"score: Lifts", "chance of buying"}
    lead = a_lead(country="India")
    publish(lifts, world, a_profile_rule(40))
    condition = parse(tree)
    calendar = calendar_at(NOW)
    cases = Cases(ids=[lead.pk], moments=[NOW], is_won=[True], open=0, early=0)
    seen = indicators_seen(cases, [condition], calendar, NOW)
    assert fetch(seen.text, **seen.values) == [(0, False, 1, 1)]
