"""What a workspace asks, and when it calls a lead qualified."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.playbooks import (
    CannotPublishPlaybook,
    NewPlaybook,
    PlaybookMovedOn,
    publish_playbook,
)
from funnel.actions.qualifying import CannotQualifyLead, qualify_lead, save_qualification
from funnel.models import Playbook, Qualification
from funnel.playbook import REASONS, USUAL, Question
from funnel.queries.playbooks import playbook_in_force, questions_asked, questions_of
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from tests.builders import a_key, a_lead, told
from tests.clients import api_of, client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LABELS = {kind: [each.label for each in some] for kind, some in REASONS.items()}
RIVAL = Question("", "Bound to a rival", "Until when?", in_favour="no", demand="not_against")


def a_playbook(*questions: Question, by: Member, **given: Any) -> Playbook:
    asked = questions or (*USUAL, RIVAL)
    rest: Any = {name: given.pop(name) for name in ("reason", "after") if name in given}
    new = NewPlaybook(questions=asked, reasons=LABELS, **given)
    return publish_playbook(new, **{"reason": "Rivals"} | rest, by=by, now=NOW)


@pytest.fixture
def lead(rita: Member) -> Lead:
    return a_lead(name="Nina", stage="mql", owner=rita)


def qualify(lead: Lead, by: Member, **answers: str) -> Qualification:
    known: Any = told()
    known["answers"] |= {key: {"answer": answer} for key, answer in answers.items()}
    return qualify_lead(lead, outcome="positive", told=known, by=by, now=NOW)


def test_an_own_question_is_asked_and_the_rule_looks_at_it(
    lead: Lead, rita: Member, ada: Member
) -> None:
    made = a_playbook(by=ada)
    assert (made.version, made.by, made.reason) == (1, ada, "Rivals")
    assert [each.key for each in questions_of(made)][-1] == "own_1"
    with pytest.raises(CannotQualifyLead, match="Bound to a rival") as refused:
        qualify(lead, rita, own_1="yes")
    assert refused.value.field == "own_1"
    assert qualify(lead, rita, own_1="unknown").playbook == made


@pytest.mark.parametrize(("least", "is_enough"), [(4, True), (5, False)])
def test_so_many_answers_must_speak_for_buying(
    lead: Lead, rita: Member, ada: Member, least: int, is_enough: bool
) -> None:
    a_playbook(*USUAL, by=ada, least_in_favour=least)
    if is_enough:
        assert qualify(lead, rita).in_favour == 4
    else:
        with pytest.raises(CannotQualifyLead, match="4 answers speak for buying"):
            qualify(lead, rita)


def test_one_answer_may_have_to_be_yes(lead: Lead, rita: Member, ada: Member) -> None:
    budget = replace(USUAL[0], demand="in_favour")
    a_playbook(budget, *USUAL[1:], by=ada)
    with pytest.raises(CannotQualifyLead, match="wants these to speak for buying: Budget"):
        qualify(lead, rita, budget="partly")
    assert qualify(lead, rita, budget="yes").outcome == "positive"


def test_old_qualifications_show_what_they_were_asked(
    lead: Lead, rita: Member, ada: Member
) -> None:
    a_playbook(by=ada)
    old = qualify(lead, rita, own_1="no")
    later = a_playbook(*USUAL[:2], by=ada, reason="Shorter")
    assert [each.key for each in questions_of(later)] == ["budget", "authority"]
    old.refresh_from_db()
    asked = [each.words for each in questions_asked(old, playbook_in_force())]
    assert asked[-1] == "Bound to a rival"
    assert len(asked) == len(USUAL) + 1
    assert old.answers["own_1"]["answer"] == "no"


def test_a_question_that_was_retired_can_be_asked_again(ada: Member) -> None:
    a_playbook(by=ada)
    later = a_playbook(*USUAL, by=ada, reason="Shorter")
    back = a_playbook(*USUAL, replace(RIVAL, key="own_1"), by=ada, reason="Longer")
    assert "own_1" not in [each.key for each in questions_of(later)]
    assert "own_1" in [each.key for each in questions_of(back)]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": " "}, "Say why"),
        ({"least_in_favour": 9}, "9 of 8 answers"),
        ({"cool_off_days": 400}, "400 days do not do"),
        ({"questions": [replace(RIVAL, key="own_7")]}, "“own_7” is no question we know"),
        ({"questions": [RIVAL, RIVAL]}, "Two questions have the same words"),
        ({"questions": []}, "Ask at least one question"),
        ({"reasons": {"accepted": ["x"]}}, "give from 1 to 30 reasons"),
    ],
)
def test_a_playbook_that_makes_no_sense_is_refused(
    ada: Member, given: dict[str, Any], sentence: str
) -> None:
    new = {"questions": (*USUAL, RIVAL), "reasons": LABELS} | given
    reason = new.pop("reason", "Rivals")
    with pytest.raises(CannotPublishPlaybook, match=sentence):
        publish_playbook(NewPlaybook(**new), reason=str(reason), by=ada, now=NOW)
    assert not Playbook.objects.exists()


def test_who_was_slower_is_told_and_a_double_click_is_one_version(ada: Member) -> None:
    assert a_playbook(by=ada, after=0) == a_playbook(
        *questions_of(playbook_in_force()), by=ada, reason="Rivals"
    )
    with pytest.raises(PlaybookMovedOn, match="Version 1 was published meanwhile"):
        a_playbook(*USUAL, by=ada, after=0)


def test_what_is_no_question_is_refused(lead: Lead, rita: Member) -> None:
    for answers, sentence in (
        ({"shoe_size": {"answer": "yes"}}, "“shoe_size” is no question"),
        ({"need": {"answer": "perhaps"}}, "“perhaps” is no answer"),
        ({"need": {"on": "soon"}}, "“soon” is no day"),
    ):
        with pytest.raises(CannotQualifyLead, match=sentence):
            save_qualification(lead, {"answers": answers}, by=rita, now=NOW)


def test_the_page_publishes_a_version(max: Member, rita: Member) -> None:
    address = workspace_reverse("funnel:playbook_change")
    browser = client_of(max)
    form = browser.get(address).context
    data: dict[str, Any] = {f"q-{name}": value for name, value in (
        ("TOTAL_FORMS", 9), ("INITIAL_FORMS", 9),
    )}  # fmt: skip
    for number, row in enumerate(form["questions"]):
        for field in row:
            value = field.value()
            if value not in (None, False):
                data[field.html_name] = value
        assert row.prefix == f"q-{number}"
    data |= {"q-7-label": "Bound to a rival", "q-7-in_favour": "no", "q-8-in_favour": "yes"}
    data |= {field.html_name: field.value() for field in form["form"] if field.value() is not None}
    assert browser.post(address, data).status_code == 422
    assert browser.post(address, data | {"reason": "Rivals"}).status_code == 302
    made = Playbook.objects.get()
    assert [each.label for each in questions_of(made)][-1] == "Bound to a rival"
    assert (made.reasons, made.by) == (Playbook().reasons, max)
    shown = client_of(rita).get(workspace_reverse("funnel:playbook")).content.decode()
    assert "Rivals" in shown
    assert workspace_reverse("funnel:playbook_change") not in shown
    assert client_of(rita).post(address, data | {"reason": "x"}).status_code == 403


def test_the_api_reads_and_publishes_versions(ada: Member) -> None:
    client = api_of(a_key(ada))
    usual = client.get("/api/v1/playbooks/current/").json()
    assert (usual["version"], len(usual["questions"])) == (0, 7)
    body: dict[str, Any] = {
        "questions": [*usual["questions"], {"label": "Bound to a rival", "in_favour": "no"}]
    }
    body |= {"reason": "Rivals", "after": 0}
    assert client.post("/api/v1/playbooks/", body).json()["version"] == 1
    assert client.post("/api/v1/playbooks/", body | {"reason": "x"}).status_code == 409
    assert client.get("/api/v1/playbooks/").json()["results"][0]["by"] is None
