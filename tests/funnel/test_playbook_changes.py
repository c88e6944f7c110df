"""The draft of a playbook tells what it changes against what is in force."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from funnel.actions.playbook_drafts import publish_draft, save_draft
from funnel.actions.playbooks import NewPlaybook, publish_playbook
from funnel.playbook import REASONS, USUAL, Question
from funnel.queries.playbook_changes import changes_of
from funnel.queries.playbooks import playbook_in_force
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_key
from tests.clients import api_of, client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LABELS = {kind: [each.label for each in some] for kind, some in REASONS.items()}
SAME = NewPlaybook(questions=USUAL, reasons=LABELS)
RIVAL = Question("", "Bound to a rival", "Until when?", in_favour="no", is_dated=True)

pytestmark = pytest.mark.usefixtures("world")


def told(new: NewPlaybook) -> list[tuple[str, str, str]]:
    """What a draft of these words changes."""
    draft = save_draft(new, by=None, now=NOW)
    return [(each.what, each.before, each.after) for each in changes_of(playbook_in_force(), draft)]


def test_a_draft_like_what_is_in_force_changes_nothing() -> None:
    assert told(SAME) == []


def test_a_question_that_comes_is_told_whole() -> None:
    words = "\n".join(
        [
            "Bound to a rival",
            "Until when?",
            "Speaks for buying: No",
            "For “Qualified”: Nothing",
            "Asks for a date, or words for one",
        ]
    )
    assert told(replace(SAME, questions=(*USUAL, RIVAL))) == [
        ("Question “Bound to a rival”", "", words)
    ]


@pytest.mark.parametrize("gone", [USUAL[1:], (replace(USUAL[0], is_retired=True), *USUAL[1:])])
def test_a_question_that_goes_is_told_left_out_or_retired(gone: tuple[Question, ...]) -> None:
    [(what, before, after)] = told(replace(SAME, questions=gone))
    assert (what, after) == ("Question “Budget”", "")
    assert "For “Qualified”: Must be answered" in before


def test_a_question_that_changes_is_told_before_and_after() -> None:
    changed = replace(USUAL[0], label="Money", demand="in_favour")
    [(what, before, after)] = told(replace(SAME, questions=(changed, *USUAL[1:])))
    assert what == "Question “Budget”"
    assert before.startswith("Budget\n")
    assert after.startswith("Money\n")
    assert "Must be answered" in before
    assert "Must speak for buying" in after


def test_another_order_is_told_and_nothing_else() -> None:
    [(what, before, after)] = told(replace(SAME, questions=(USUAL[1], USUAL[0], *USUAL[2:])))
    assert what == "Order of the questions"
    assert before.startswith("Budget\nAuthority\n")
    assert after.startswith("Authority\nBudget\n")


def test_a_new_question_in_between_is_no_other_order() -> None:
    found = told(replace(SAME, questions=(USUAL[0], RIVAL, *USUAL[1:])))
    assert [what for what, _before, _after in found] == ["Question “Bound to a rival”"]


def test_the_rule_and_the_reasons_are_told() -> None:
    rejected = [*LABELS["rejected"][1:], "Sells to us"]
    accepted = [*LABELS["accepted"][1:], LABELS["accepted"][0]]
    new = replace(
        SAME,
        needs_authorised=False,
        least_in_favour=3,
        cool_off_days=1,
        reasons=LABELS | {"rejected": rejected, "accepted": accepted},
    )
    found = told(new)
    assert found[:3] == [
        ("Somebody who may decide", "Must have been spoken to", "Not needed"),
        ("Answers that speak for buying", "any number", "at least 3"),
        ("Cool-off", "30 days", "1 day"),
    ]
    by_what = {what: (before, after) for what, before, after in found}
    assert by_what["Reasons: Rejected"] == ("Wrong person", "Sells to us")
    assert by_what["Reasons: Accepted"][1].endswith("\nFits our customers")


def test_it_is_held_against_what_is_in_force_now(max: Member) -> None:
    new = replace(SAME, questions=(*USUAL, RIVAL))
    draft = save_draft(new, by=max, now=NOW)
    publish_playbook(replace(SAME, questions=USUAL[1:]), reason="Shorter", by=max, now=NOW)
    whats = [each.what for each in changes_of(playbook_in_force(), draft)]
    assert whats == ["Question “Budget”", "Question “Bound to a rival”"]
    save_draft(new, by=max, now=NOW)
    publish_draft(reason="Rivals", by=max, now=NOW)


def test_pages_show_it_and_programs_read_it(max: Member, rita: Member, ada: Member) -> None:
    page, change = workspace_reverse("funnel:playbook"), workspace_reverse("funnel:playbook_change")
    assert "What the draft changes" not in client_of(rita).get(page).content.decode()
    save_draft(replace(SAME, questions=(*USUAL, RIVAL)), by=max, now=NOW)
    shown = client_of(rita).get(page).content.decode()
    assert "What the draft changes" in shown
    assert "Question “Bound to a rival”" in shown
    assert "What the saved draft changes" in client_of(max).get(change).content.decode()
    [changed] = api_of(a_key(ada)).get("/api/v1/playbooks/draft/").json()["changes"]
    assert (changed["what"], changed["before"]) == ("Question “Bound to a rival”", "")
