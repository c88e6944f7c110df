"""Grade, class and urgency follow from the models in force; or the class from decision rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leads.models import Lead
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model, recompute_model
from scoring.actions.rescoring import rescore_due, rescore_leads
from scoring.models import Decision, LeadScore, ModelVersion, Purpose, ScoreChange, ScoreModel
from scoring.queries import explain_change, explain_score, explain_scores
from tests.builders import a_lead, an_activity
from tests.scoring import oracle
from tests.scoring.builders import (
    PRICING,
    a_behaviour_rule,
    a_draft,
    a_profile_rule,
    a_published_model,
    finish,
)
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED_LATELY = {"activity": "form_submitted", "within_days": 7}
GREECE = {"field": "country", "is": "Greece"}


@pytest.fixture
def fit(world: World) -> ScoreModel:
    return add_model(purpose=Purpose.FIT, name="Fit", now=NOW)


@pytest.fixture
def lead(world: World) -> Lead:
    return a_lead(country="India")


def shown(lead: Lead) -> tuple[int | None, str, str]:
    lead.refresh_from_db()
    return lead.score, lead.lead_class, lead.grade


def publish(draft: ModelVersion, world: World, now: datetime = NOW) -> ModelVersion:
    finish(publish_model(draft, by=world.mara, reason="Because", now=now), now=now)
    draft.refresh_from_db()
    return draft


def a_decision(version: ModelVersion, condition: dict[str, Any], lead_class: str) -> Decision:
    made: Decision = version.decisions.create(
        position=version.decisions.count(),
        name=f"Is {lead_class}",
        condition=condition,
        lead_class=lead_class,
    )
    return made


def test_a_fit_model_gives_the_grade_and_the_score_stays(
    lead: Lead, fit: ScoreModel, world: World
) -> None:
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)

    publish(a_draft(a_profile_rule(57), model=fit), world)

    assert shown(lead) == (40, "warm", "A")
    assert [each.model.purpose for each in explain_scores(lead)] == ["main", "fit"]
    change = ScoreChange.objects.order_by("-at", "-id").first()
    assert change is not None
    assert (change.old_grade, change.new_grade, change.reason) == ("", "A", "version")


def test_a_grade_that_moves_brings_the_class_along(
    lead: Lead, fit: ScoreModel, world: World
) -> None:
    matrix = {"warm": {"A": ["hot", "hot"], "F": ["cold", "warm"]}}
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW, matrix=matrix)
    publish(a_draft(a_profile_rule(57, GREECE), model=fit), world)
    assert shown(lead) == (40, "cold", "F")

    Lead.objects.filter(pk=lead.pk).update(country="Greece")
    finish(recompute_model(fit, by=world.mara, now=NOW), now=NOW)

    assert shown(lead) == (0, "cold", "A")  # its points for India have gone
    Lead.objects.filter(pk=lead.pk).update(country="India")
    rescore_leads([lead.pk], now=NOW)
    assert shown(lead) == (40, "cold", "F")
    publish(a_draft(a_profile_rule(57), model=fit), world)
    assert shown(lead) == (40, "hot", "A")


def test_urgency_ends_by_itself(lead: Lead, world: World) -> None:
    an_activity(lead, kind="form_submitted", occurred_at=NOW)
    matrix = {"warm": {"": ["warm", "hot"]}}
    model: dict[str, Any] = {"matrix": matrix, "urgency": ASKED_LATELY}
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW, **model)
    assert shown(lead) == (40, "hot", "")

    rescore_due(now=NOW + 7 * DAY)
    assert shown(lead) == (40, "hot", "")
    rescore_due(now=NOW + 8 * DAY)
    assert shown(lead) == (40, "warm", "")
    assert ScoreChange.objects.latest("at").reason == "days"


def test_decision_rules_sort_without_any_number(lead: Lead, world: World) -> None:
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    draft = a_draft(mode="decisions")
    a_decision(draft, ASKED_LATELY, "hot")
    a_decision(draft, {"field": "country", "is": "India"}, "warm")
    publish(draft, world)
    assert shown(lead) == (None, "warm", "")
    explained = explain_score(lead)
    assert explained is not None
    assert (explained.score, [each.name for each in explained.given]) == (None, ["Is warm"])
    assert explained.reason == "Warm, because of the rule “Is warm”."

    an_activity(lead, kind="form_submitted", occurred_at=NOW)
    rescore_leads([lead.pk], now=NOW)
    assert shown(lead) == (None, "hot", "")

    rescore_due(now=NOW + 8 * DAY)
    assert shown(lead) == (None, "warm", "")


def test_a_product_line_has_a_score_of_its_own(lead: Lead, world: World) -> None:
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW)
    lifts = add_model(purpose=Purpose.PRODUCT, name="Lifts", now=NOW)
    version = publish(a_draft(a_behaviour_rule(5), model=lifts), world)

    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    rescore_leads([lead.pk], now=NOW)

    assert LeadScore.objects.get(lead=lead, version=version).value == 5
    assert shown(lead) == (40, "warm", "")
    assert [(each.model.name, each.score) for each in explain_scores(lead)] == [
        ("Main score", 40),
        ("Lifts", 5),
    ]


CLASSES = st.sampled_from(["hot", "warm", "cold"])
CELL = st.lists(CLASSES, min_size=2, max_size=2)
ROW = st.dictionaries(st.sampled_from(["A", "B", "C", "D", "F", ""]), CELL)
MATRIX = st.dictionaries(CLASSES, ROW)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    points=st.integers(-10, 90),
    fits=st.one_of(st.none(), st.integers(-5, 70)),
    matrix=MATRIX,
    asked_days_ago=st.one_of(st.none(), st.integers(0, 9)),
)
def test_the_class_is_what_the_matrix_says(
    points: int,
    fits: int | None,
    matrix: dict[str, dict[str, list[str]]],
    asked_days_ago: int | None,
    lead: Lead,
    world: World,
) -> None:
    with transaction.atomic():
        if asked_days_ago is not None:
            an_activity(lead, kind="form_submitted", occurred_at=NOW - asked_days_ago * DAY)
        model: dict[str, Any] = {"matrix": matrix, "urgency": ASKED_LATELY}
        version = a_published_model(a_profile_rule(points), by=world.mara, now=NOW, **model)
        letter = ""
        if fits is not None:
            graded = add_model(purpose=Purpose.FIT, name="Fit", now=NOW)
            publish(a_draft(a_profile_rule(fits), model=graded), world)
            letter = oracle.grade(version.grades, fits)
        band = oracle.band(version, points)
        is_urgent = asked_days_ago is not None and asked_days_ago <= 7
        cell = matrix.get(band, {}).get(letter[:1])
        wanted = cell[is_urgent] if cell else band
        assert shown(lead) == (points, wanted, letter)
        transaction.set_rollback(True)


def test_a_change_keeps_what_the_score_was_made_of(lead: Lead, world: World) -> None:
    an_activity(lead, properties={"path": "/pricing"}, occurred_at=NOW)
    first = a_profile_rule(40, name="From India")
    a_published_model(first, a_behaviour_rule(9, PRICING, name="Prices"), by=world.mara, now=NOW)
    a_published_model(a_profile_rule(10), by=world.mara, now=NOW + DAY)

    changes = ScoreChange.objects.order_by("at").select_related("version__model")
    told = [[(each.name, each.points) for each in explain_change(one)] for one in changes]
    assert told == [[("From India", 40), ("Prices", 9)], [("Profile", 10)]]
