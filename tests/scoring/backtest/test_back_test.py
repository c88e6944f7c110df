"""A version asked about the past, as it was known then."""

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.kinds import Kind
from leads.models import ProfileChange
from scoring.actions.backtesting import TooManyRehearsals, cancel_back_test, start_back_test
from scoring.actions.drafting import discard_draft
from scoring.actions.rehearsals import CannotTry
from scoring.cases import CannotStudy, Study
from scoring.models import BackTest, BackTestPart, ModelVersion
from tests.builders import a_custom_field
from tests.clients import drain
from tests.scoring.backtest.past import A_DAY, NOW, START, STUDY, happened, one, people
from tests.scoring.builders import a_behaviour_rule, a_draft, a_profile_rule, a_published_model


def outcome(version: ModelVersion, study: Study = STUDY) -> BackTest:
    """The back-test as the worker leaves it."""
    test = start_back_test(version, study, by=None, now=NOW)
    drain()
    test.refresh_from_db()
    return test


@pytest.fixture
def draft(acme: Workspace) -> ModelVersion:
    return a_draft(a_profile_rule(7), a_behaviour_rule(10), hot_from=25, warm_from=5)


def test_scores_are_those_of_the_decision_moment(draft: ModelVersion) -> None:
    people()
    test = outcome(draft)
    assert (test.state, test.done, test.total) == ("done", 60, 60)
    assert (test.result["cases"], test.result["won"], test.result["verdict"]) == (60, 30, "orders")
    (version,) = test.result["versions"]
    bands = [(each["first"], each["cases"], each["won"]) for each in version["bands"]]
    assert bands == [(10, 30, 0), (26, 30, 30)]
    india, views = version["rules"]
    assert (india["cases"], india["won"], india["rate"], india["others_rate"]) == (30, 30, 1.0, 0.0)
    assert (views["cases"], views["others"]) == (60, 0)
    assert not BackTestPart.objects.exists()


def test_nothing_that_came_after_the_moment_changes_a_figure(draft: ModelVersion) -> None:
    leads = people()
    before = outcome(draft).result
    for lead in leads:
        happened(lead, 15, Kind.PAGE_VIEW, path="/pricing/")
        happened(lead, 200, Kind.PAGE_VIEW, path="/pricing/")
        old, lead.country = lead.country, "India" if lead.country == "Norway" else "Norway"
        lead.save()
        ProfileChange.objects.create(
            lead=lead, field="country", old=old, new=lead.country, via="person",
            changed_at=lead.created_at + 15 * A_DAY,
        )  # fmt: skip
    assert outcome(draft).result == before


def test_windows_end_at_the_decision_moment_not_today(acme: Workspace) -> None:
    rule = a_behaviour_rule(10, window_days=13)
    draft = a_draft(rule, hot_from=25, warm_from=5)
    people()  # one day after creation is 13 days before the decision
    (version,) = outcome(draft).result["versions"]
    assert [each["first"] for each in version["bands"]] == [10, 20]
    rule.window_days = 12
    rule.save()
    (version,) = outcome(draft).result["versions"]
    assert [each["first"] for each in version["bands"]] == [0, 10]


def test_a_draft_is_told_beside_the_version_in_force(mara: Member) -> None:
    people(30, 120)
    published = a_published_model(a_profile_rule(5, {"field": "country", "is": "Norway"}),
                                  by=mara, now=NOW)  # fmt: skip
    draft = a_draft(a_profile_rule(7), hot_from=25, warm_from=5)
    test = outcome(draft)
    assert test.beside == published
    assert test.result["verdict"] == "better"
    assert [each["number"] for each in test.result["versions"]] == [None, 1]
    assert test.result["gap"]["caught"]["low"] > 0


def test_a_version_in_force_is_tested_alone(mara: Member) -> None:
    people()
    published = a_published_model(a_profile_rule(5), by=mara, now=NOW)
    test = outcome(published)
    assert (test.beside, len(test.result["versions"])) == (None, 1)


def test_a_draft_that_says_the_same_is_told_so(mara: Member) -> None:
    people()
    a_published_model(a_profile_rule(5), by=mara, now=NOW)
    assert outcome(a_draft(a_profile_rule(5))).result["verdict"] == "same"


def test_rules_about_fields_left_out_give_nothing(draft: ModelVersion) -> None:
    people()
    study = Study(**{**vars(STUDY), "without": frozenset({"country"})})
    (version,) = outcome(draft, study).result["versions"]
    assert [each["is_left_out"] for each in version["rules"]] == [True, False]
    assert [each["first"] for each in version["bands"]] == [10, 20]


def test_the_field_of_the_outcome_is_left_out_by_itself(acme: Workspace) -> None:
    a_custom_field("converted", "yes_no")
    for nth in range(60):
        one(nth, attributes={"converted": nth < 30})
    draft = a_draft(a_profile_rule(50, {"field": "attributes.converted", "is": True}))
    study = Study(START, START + 100 * A_DAY, "field", "attributes.converted", "yes", 0, 0)
    result = outcome(draft, study).result
    assert (result["won"], result["verdict"]) == (30, "random")


def test_what_cannot_be_known_then_is_warned_about(acme: Workspace) -> None:
    people()
    draft = a_draft(a_profile_rule(5, {"field": "grade", "is": "A"}))
    (version,) = outcome(draft).result["versions"]
    assert version["warnings"] == [{"field": "grade", "how": "not_kept"}]


def test_too_few_cases_are_a_result_without_figures(draft: ModelVersion) -> None:
    people(29, 60)
    test = outcome(draft)
    assert test.state == "done"
    assert test.result == {"cases": 89, "won": 29, "open": 0, "early": 0, "verdict": "too_few"}


def test_a_draft_that_changes_meanwhile_ends_its_test(draft: ModelVersion) -> None:
    people()
    test = start_back_test(draft, STUDY, by=None, now=NOW)
    draft.rules.update(points=1)
    drain()
    test.refresh_from_db()
    assert (test.state, test.result) == ("overtaken", {})


def test_the_result_stays_when_the_draft_is_discarded(draft: ModelVersion) -> None:
    people()
    test = outcome(draft)
    discard_draft(draft)
    test.refresh_from_db()
    assert test.version is None
    assert test.result["versions"][0]["rules"][0]["name"] == "Profile"


def test_a_cancelled_test_does_no_more_and_ends_once(draft: ModelVersion) -> None:
    people()
    test = start_back_test(draft, STUDY, by=None, now=NOW)
    cancel_back_test(test, now=NOW)
    drain()
    test.refresh_from_db()
    assert (test.state, test.result) == ("cancelled", {})
    with pytest.raises(CannotTry, match="at its end already"):
        cancel_back_test(test, now=NOW)


def test_what_cannot_be_tested_is_refused(draft: ModelVersion) -> None:
    backwards = Study(**{**vars(STUDY), "created_to": START})
    with pytest.raises(CannotStudy, match="must begin before it ends"):
        start_back_test(draft, backwards, by=None, now=NOW)
    for _nth in range(3):
        start_back_test(draft, STUDY, by=None, now=NOW)
    with pytest.raises(TooManyRehearsals, match="3 back-tests are worked out already"):
        start_back_test(draft, STUDY, by=None, now=NOW)
    draft.rules.all().delete()
    with pytest.raises(CannotTry, match="without rules"):
        start_back_test(draft, STUDY, by=None, now=NOW)


def test_other_workspaces_are_no_cases(draft: ModelVersion, globex: Workspace) -> None:
    with inside(globex.pk):
        people()
    assert outcome(draft).result["cases"] == 0
