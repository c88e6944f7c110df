"""The predictive model beside the rules, judged only by what it has not learnt from."""

from dataclasses import replace
from typing import Any

import pytest

from leadmgmt.workspaces.models import Member
from scoring.actions.backtesting import start_back_test
from scoring.actions.training import choose_prediction
from scoring.cases import Study
from scoring.models import BackTest, ModelVersion
from tests.builders import a_key
from tests.clients import api_of, client_of, drain
from tests.scoring.builders import a_draft, a_profile_rule, a_published_model
from tests.scoring.predicting.builders import A_DAY, NOW, STUDY, a_trained_model, some_leads

GREECE = {"field": "country", "is": "Greece"}
NORWAY = {"field": "country", "is": "Norway"}


@pytest.fixture
def draft(mara: Member) -> ModelVersion:
    """Points for the wrong country, beside a version in force with points for the right one."""
    a_published_model(a_profile_rule(30, GREECE), by=mara, now=NOW)
    return a_draft(a_profile_rule(30, NORWAY), hot_from=25, warm_from=5)


def outcome_of(version: ModelVersion, study: Study = STUDY) -> BackTest:
    test = start_back_test(version, study, by=None, now=NOW)
    drain()
    return BackTest.objects.get(pk=test.pk)


def predicted(version: ModelVersion, study: Study = STUDY) -> dict[str, Any]:
    found: dict[str, Any] = outcome_of(version, study).result["predicted"]
    return found


def test_without_a_trained_model_nothing_stands_beside(draft: ModelVersion) -> None:
    some_leads(300)
    assert outcome_of(draft).result["predicted"] is None


def test_the_leads_it_learnt_from_are_no_cases_for_it(draft: ModelVersion, mara: Member) -> None:
    some_leads(2_000)
    model = a_trained_model(mara)
    told = predicted(draft)
    held_out = model.figures["held_out"]["cases"]
    assert told["cases"] + told["taught"] == 2_000
    assert held_out - 60 < told["cases"] <= held_out
    assert told["asked"] == told["cases"]


def test_it_stands_beside_both_versions_on_the_same_cases(
    draft: ModelVersion, mara: Member
) -> None:
    some_leads(3_000)
    a_trained_model(mara)
    told = predicted(draft)
    areas = [each["area"]["value"] for each in (*told["versions"], told["prediction"])]
    assert areas[0] < 0.5 < areas[1] < areas[2]
    assert told["verdict"] == "better"
    assert told["gap"]["caught"]["low"] > 0


def test_leads_that_came_after_its_window_are_all_cases(draft: ModelVersion, mara: Member) -> None:
    some_leads(1_000)
    early = replace(STUDY, created_to=NOW - 180 * A_DAY)
    a_trained_model(mara, early)
    told = predicted(draft, replace(STUDY, created_from=NOW - 180 * A_DAY))
    assert told["taught"] == 0
    assert told["cases"] == told["asked"] > 400


def test_too_few_that_it_has_not_learnt_from_are_not_judged(
    draft: ModelVersion, mara: Member
) -> None:
    some_leads(300)
    a_trained_model(mara)
    told = predicted(draft)
    assert (told["verdict"], "prediction" in told) == ("too_few", False)
    assert told["taught"] > 200


def test_it_is_not_judged_where_it_looks_at_what_is_left_out(
    draft: ModelVersion, mara: Member
) -> None:
    some_leads(1_000)
    a_trained_model(mara)
    told = predicted(draft, replace(STUDY, without=frozenset({"country"})))
    assert (told["verdict"], told["fields"]) == ("looks_at_left_out", ["country"])


def test_the_chosen_one_is_asked_rather_than_the_newest(draft: ModelVersion, mara: Member) -> None:
    some_leads(1_000)
    first = a_trained_model(mara)
    choose_prediction(first, by=mara, reason="Ranks well", now=NOW)
    a_trained_model(mara)
    assert predicted(draft)["number"] == 1


def test_page_and_api_say_it_in_words(draft: ModelVersion, mara: Member, ada: Member) -> None:
    some_leads(3_000)
    a_trained_model(mara)
    test = outcome_of(draft)
    page = client_of(mara).get(f"/w/acme/scoring/back-tests/{test.pk}/").content.decode()
    told = api_of(a_key(ada)).get(f"/api/v1/back-tests/{test.pk}/").json()
    assert "The predictive model beside it: version 1" in page
    assert "leads it may have learnt from are left out" in page
    assert page.count("Good leads caught (gain)") > 1
    assert told["prediction"].startswith("It finds more of the SQLs among its best fifth than the")
    assert told["prediction"] in page
    assert told["result"]["predicted"]["asked"] > 500


def test_the_page_says_why_it_is_not_judged(draft: ModelVersion, mara: Member) -> None:
    some_leads(300)
    a_trained_model(mara)
    test = outcome_of(draft)
    page = client_of(mara).get(f"/w/acme/scoring/back-tests/{test.pk}/").content.decode()
    assert "Too few cases to judge it: at least 30 good ones and 30 others" in page
