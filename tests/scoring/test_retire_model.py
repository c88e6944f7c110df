"""A fit model or a product line goes out of use; its scores and its grade go with it."""

from datetime import UTC, datetime

import pytest

from leads.models import Lead
from scoring.actions.drafting import CannotChangeModel, duplicate_model, start_draft
from scoring.actions.models import CannotAddModel, add_model, main_model
from scoring.actions.publishing import publish_model
from scoring.actions.rescoring import rescore_leads
from scoring.actions.retiring import CannotRetireModel, retire_model
from scoring.models import LeadScore, ModelVersion, Purpose, ScoreModel
from tests.builders import a_lead
from tests.scoring.builders import a_draft, a_profile_rule, a_published_model, finish
from tests.worlds import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def fit(world: World) -> ScoreModel:
    return add_model(purpose=Purpose.FIT, name="Fit", now=NOW)


@pytest.fixture
def lead(fit: ScoreModel, world: World) -> Lead:
    made = a_lead(country="India")
    matrix = {"warm": {"A": ["hot", "hot"]}}
    a_published_model(a_profile_rule(40), by=world.mara, now=NOW, matrix=matrix)
    draft = a_draft(a_profile_rule(57), model=fit)
    finish(publish_model(draft, by=world.mara, reason="+", now=NOW), now=NOW)
    return made


def shown(lead: Lead) -> tuple[int | None, str, str]:
    lead.refresh_from_db()
    return lead.score, lead.lead_class, lead.grade


def test_its_scores_and_its_grade_go(lead: Lead, fit: ScoreModel, world: World) -> None:
    assert shown(lead) == (40, "hot", "A")
    start_draft(fit, by=world.mara, now=NOW)

    recompute = retire_model(fit, by=world.mara, now=NOW)
    assert recompute is not None
    finish(recompute, now=NOW)

    assert shown(lead) == (40, "warm", "")
    assert not LeadScore.objects.filter(version__model=fit).exists()
    assert list(ModelVersion.objects.of(fit).values_list("state", flat=True)) == ["retired"]
    rescore_leads([lead.pk], now=NOW)
    assert shown(lead) == (40, "warm", "")


def test_what_never_had_scores_just_goes(world: World) -> None:
    lifts = add_model(purpose=Purpose.PRODUCT, name="Lifts", now=NOW)
    start_draft(lifts, by=world.mara, now=NOW)

    assert retire_model(lifts, by=world.mara, now=NOW) is None
    assert not ModelVersion.objects.of(lifts).exists()
    with pytest.raises(CannotRetireModel, match="“Lifts” is retired already"):
        retire_model(lifts, by=world.mara, now=NOW)
    lifts.refresh_from_db()
    with pytest.raises(CannotChangeModel, match="“Lifts” is retired"):
        start_draft(lifts, by=world.mara, now=NOW)


def test_the_main_model_stays(lead: Lead, world: World) -> None:
    with pytest.raises(CannotRetireModel, match="publish a new version"):
        retire_model(main_model(), by=world.mara, now=NOW)


def test_a_product_line_begins_as_a_copy(lead: Lead, world: World) -> None:
    draft = duplicate_model(main_model(), name="Lifts", by=world.mara, now=NOW)

    assert (draft.model.purpose, draft.rules.get().points) == ("product", 40)
    with pytest.raises(CannotAddModel, match="Another model is called “Lifts”"):
        duplicate_model(main_model(), name="Lifts", by=world.mara, now=NOW)


def test_there_is_one_model_for_fit(fit: ScoreModel) -> None:
    with pytest.raises(CannotAddModel, match="for this purpose already"):
        add_model(purpose=Purpose.FIT, name="Another", now=NOW)
