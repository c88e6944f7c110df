"""Training: from asking to a trained version, or an honest refusal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import CustomField, FieldKind
from scoring.actions.training import (
    AnotherLearns,
    CannotChooseModel,
    ask_training,
    choose_prediction,
    retire_prediction,
)
from scoring.models import PredictiveModel, Probability
from scoring.predicting.features import Feature, Weights, chance
from scoring.predicting.wording import Namer
from scoring.queries.predicting import strongest_signs
from tests.clients import drain
from tests.scoring.predicting.builders import (
    NOW,
    STUDY,
    a_chosen_model,
    a_trained_model,
    some_leads,
)


def test_a_version_learns_which_signs_go_with_success(mara: Member, gus: Member) -> None:
    CustomField.objects.create(key="seats", label="Seats", kind=FieldKind.NUMBER)
    some_leads(3_000)
    trained = a_trained_model(mara)
    assert (trained.number, trained.state) == (1, "trained")
    assert trained.figures["cases"] == 3_000
    held_out = trained.figures["held_out"]
    assert held_out["cases"] == 750
    assert 0.6 < held_out["auc_low"] < held_out["auc"] < held_out["auc_high"] < 0.8
    assert held_out["brier"] < held_out["brier_guess"]
    said = [(each.sentence, each.points > 0) for each in strongest_signs(trained)]
    assert ("country: Greece", True) in said
    assert ("“Viewed a page” 1 time in the last 7 days", True) in said
    weights = Weights.from_json(trained.weights)
    names = {feature.name for feature in weights.features}
    assert {"country", "page:/pricing", "quiet", "attributes.seats"} <= names
    assert "phone" not in names  # nobody has one
    with inside(gus.workspace_id):
        assert not PredictiveModel.objects.exists()


def test_chances_are_calibrated_in_the_large_though_winners_are_rare(mara: Member) -> None:
    some_leads(3_000)
    trained = a_trained_model(mara)
    bins = trained.figures["held_out"]["bins"]
    expected = sum(each["expected"] * each["cases"] for each in bins) / 750
    assert expected == pytest.approx(trained.figures["won"] / 3_000, abs=0.02)
    average = chance(Weights.from_json(trained.weights).base)
    assert 0.05 < average < 0.4


def test_bands_of_money_are_told_in_the_currency(acme: Workspace) -> None:
    CustomField.objects.create(key="budget", label="Budget", kind=FieldKind.MONEY)
    feature = Feature("attributes.budget", True, cuts=(50_000.0, 900_050.0))
    said = [Namer().level(feature, level) for level in range(feature.size)]
    assert said == [
        "Budget: less than €500",
        "Budget: from €500 to less than €9,000.50",
        "Budget: €9,000.50 or more",
        "Budget is not known",
    ]


def test_fields_left_out_are_not_looked_at(mara: Member) -> None:
    some_leads(1_000)
    trained = a_trained_model(mara, replace(STUDY, without=frozenset({"country"})))
    names = {feature.name for feature in Weights.from_json(trained.weights).features}
    assert "country" not in names
    assert "page:/pricing" in names


def test_too_few_cases_are_refused_with_the_numbers(mara: Member) -> None:
    some_leads(120)
    some_leads(10, first=NOW - timedelta(days=20))
    refused = a_trained_model(mara)
    assert refused.state == "refused"
    assert (refused.figures["cases"], refused.figures["open"]) == (120, 10)
    with pytest.raises(CannotChooseModel, match="Version 1 is “Not enough to learn from”"):
        choose_prediction(refused, by=mara, reason="Why not", now=NOW)


def test_one_learns_at_a_time(mara: Member) -> None:
    some_leads(600)
    ask_training(STUDY, by=mara, now=NOW)
    with pytest.raises(AnotherLearns, match="Version 1 is still learning"):
        ask_training(STUDY, by=mara, now=NOW)
    drain()
    assert ask_training(STUDY, by=mara, now=NOW).number == 2


def test_a_person_chooses_with_a_reason_and_the_one_before_is_retired(mara: Member) -> None:
    some_leads(600)
    first = a_trained_model(mara)
    assert not Probability.objects.exists()
    with pytest.raises(CannotChooseModel, match="Say why"):
        choose_prediction(first, by=mara, reason=" ", now=NOW)
    choose_prediction(first, by=mara, reason="Ranks well", now=NOW)
    second = a_chosen_model(mara)
    first.refresh_from_db()
    assert (first.state, first.reason, first.chosen_by) == ("retired", "Ranks well", mara)
    assert (second.state, second.retired_at) == ("chosen", None)
    retire_prediction(second, by=mara, now=NOW)
    assert not Probability.objects.exists()
    with pytest.raises(CannotChooseModel, match="Version 2 is not the chosen one"):
        retire_prediction(second, by=mara, now=NOW)
