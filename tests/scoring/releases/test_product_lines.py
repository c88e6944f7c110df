"""A definition of an MQL may ask for the score of a product line: what publishing it would do."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.definitions import propose_change, publish_definition, start_funnel
from leads.actions.editing import change_lead
from leads.models import Lead
from scoring.actions.beside import rescore_all
from scoring.actions.foreseeing import ask_radius, digest_of_draft
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.actions.releasing import advance_releases
from scoring.actions.terms import CannotRelease, Terms
from scoring.models import HeldLead, ModelScore, ModelVersion, Purpose, Release, ScoreModel
from scoring.queries.radius import people_of
from tests.builders import a_key, a_lead, agree_on
from tests.clients import api_of, client_of, drain
from tests.scoring.builders import a_draft, a_profile_rule, a_published_model, finish
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TERMS = Terms(("mql",), shares=(100,))


@pytest.fixture
def lifts(world: World) -> ScoreModel:
    """It gives Indians 5 points; its draft 30."""
    made = add_model(purpose=Purpose.PRODUCT, name="Lifts", now=NOW)
    a_lead(country="Greece")
    a_lead(country="India", stage="mql")
    a_lead(country="India")
    a_published_model(a_profile_rule(5), by=world.ada, now=NOW, model=made)
    drain()
    return made


@pytest.fixture
def draft(lifts: ScoreModel) -> ModelVersion:
    return a_draft(a_profile_rule(30), model=lifts)


def ask_for(lifts: ScoreModel, world: World) -> None:
    """An MQL has at least 20 points by this line, from now on."""
    start_funnel(now=NOW)
    condition: dict[str, Any] = {"field": f"score.{lifts.pk}", "is_at_least": 20}
    change = propose_change(
        stage="mql", explanation="They want lifts", reason="+", condition=condition, by=world.max
    )
    agree_on(change, marketing=world.mara, sales=world.max)
    publish_definition(change, by=world.max, now=NOW)
    drain()


def stages() -> list[str]:
    return sorted(Lead.objects.filter(country="India").values_list("stage", flat=True))


def test_it_is_foreseen_who_becomes_an_mql(
    lifts: ScoreModel, draft: ModelVersion, world: World
) -> None:
    ask_for(lifts, world)
    radius = ask_radius(draft, now=NOW)

    assert (radius.figures["moved"], radius.figures["promoted"]) == (2, 1)
    assert people_of(radius, "promoted").get().lead.stage == "lead"
    touched = people_of(radius, "moved").values_list("old_score", "new_score")
    assert [*touched] == [(5, 30)] * 2
    assert sorted(ModelScore.objects.values_list("value", flat=True)) == [0, 5, 5]
    address = f"/api/v1/score-models/{lifts.pk}/blast-radius/"
    told = api_of(a_key(world.ada)).get(address).json()
    assert (told["moved"], told["promoted"]) == (2, 1)


def test_what_was_foreseen_happens_when_it_is_let_go(
    lifts: ScoreModel, draft: ModelVersion, world: World
) -> None:
    ask_for(lifts, world)
    finish(publish_model(draft, by=world.ada, reason="+", now=NOW, terms=TERMS), now=NOW)
    assert stages() == ["lead", "mql"]
    assert HeldLead.objects.count() == 2

    advance_releases([Release.objects.get().pk], now=NOW)
    drain()

    assert stages() == ["mql", "mql"]
    assert HeldLead.objects.filter(is_promoted=True).count() == 1


def test_published_quietly_it_waits_for_the_next_thing_to_happen(
    lifts: ScoreModel, draft: ModelVersion, world: World
) -> None:
    ask_for(lifts, world)
    finish(publish_model(draft, by=world.ada, reason="+", now=NOW), now=NOW)
    drain()
    assert stages() == ["lead", "mql"]
    quiet = Lead.objects.get(country="India", stage="lead")
    rescore_all([quiet.pk], now=NOW)
    drain()
    assert stages() == ["lead", "mql"]  # nothing of it has changed

    change_lead(quiet, changes={"job_title": "Head of lifts"}, now=NOW)
    drain()

    assert stages() == ["mql", "mql"]


def test_the_page_says_it(lifts: ScoreModel, draft: ModelVersion, world: World) -> None:
    browser, at = client_of(world.mara), f"?model={lifts.pk}"
    unasked = browser.get(f"/w/acme/scoring/draft/publish/{at}").content.decode()
    ask_for(lifts, world)
    ask_radius(draft, now=NOW)
    page = browser.get(f"/w/acme/scoring/draft/publish/{at}").content.decode()
    found = browser.get(f"/w/acme/scoring/draft/effect/people/{at}&figure=promoted")
    people = found.content.decode()

    assert "Nothing follows from this score" in unasked
    assert 'name="effects"' not in unasked
    assert "whoever meets the definition becomes an MQL with the next thing" in page
    assert 'name="effects"' in page
    assert "5 → 30" in people
    assert "Grade then" not in people


def test_nothing_follows_where_no_definition_asks(
    lifts: ScoreModel, draft: ModelVersion, world: World
) -> None:
    start_funnel(now=NOW)
    radius = ask_radius(draft, now=NOW)
    assert (radius.figures["moved"], radius.figures["promoted"]) == (2, 0)

    with pytest.raises(CannotRelease, match="does not ask for it"):
        publish_model(draft, by=world.ada, reason="+", now=NOW, terms=TERMS)

    ask_for_again = radius.digest
    ask_for(lifts, world)
    assert digest_of_draft(draft) != ask_for_again
