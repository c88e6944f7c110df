"""The next playbook while it is written: nobody is asked by it before it is published."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.playbook_drafts import (
    DraftSavedMeanwhile,
    discard_draft,
    publish_draft,
    save_draft,
)
from funnel.actions.playbooks import (
    CannotPublishPlaybook,
    NewPlaybook,
    PlaybookMovedOn,
    publish_playbook,
)
from funnel.models import Playbook, PlaybookDraft
from funnel.playbook import REASONS, USUAL, Question, read_questions
from funnel.queries.playbooks import playbook_in_force, questions_of
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_key
from tests.clients import api_of, client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LABELS = {kind: [each.label for each in some] for kind, some in REASONS.items()}
RIVAL = Question("", "Bound to a rival", "Until when?", in_favour="no")
NEXT = NewPlaybook(questions=(*USUAL, RIVAL), reasons=LABELS)
PAGE, CHANGE = "funnel:playbook", "funnel:playbook_change"


def labels() -> list[str]:
    return [each.label for each in questions_of(playbook_in_force())]


def test_a_draft_asks_nobody_until_it_is_published(max: Member, ada: Member) -> None:
    draft = save_draft(NEXT, by=max, now=NOW)
    assert (draft.after, draft.by, labels()) == (0, max, [each.label for each in USUAL])
    made = publish_draft(reason="Rivals", by=ada, now=NOW)
    assert (made.version, made.by, made.reason, labels()[-1]) == (1, ada, "Rivals", RIVAL.label)
    assert not PlaybookDraft.objects.exists()


def test_a_question_that_only_the_draft_has_is_written_on(max: Member) -> None:
    draft = save_draft(NEXT, by=max, now=NOW)
    *_known, fresh = read_questions(draft.questions)
    assert fresh.key == "own_1"
    reworded = replace(NEXT, questions=(*USUAL, replace(fresh, label="Bound elsewhere"), RIVAL))
    save_draft(reworded, by=max, now=NOW)
    publish_draft(reason="Rivals", by=max, now=NOW)
    asked = questions_of(playbook_in_force())[-2:]
    assert [(each.key, each.label) for each in asked] == [
        ("own_1", "Bound elsewhere"),
        ("own_2", "Bound to a rival"),
    ]
    with pytest.raises(CannotPublishPlaybook, match="“own_7” is no question we know"):
        save_draft(replace(NEXT, questions=(replace(RIVAL, key="own_7"),)), by=max, now=NOW)


def test_a_draft_is_not_published_without_a_reason_nor_over_a_later_version(max: Member) -> None:
    save_draft(NEXT, by=max, now=NOW)
    with pytest.raises(CannotPublishPlaybook, match="Say why"):
        publish_draft(reason=" ", by=max, now=NOW)
    publish_playbook(replace(NEXT, questions=USUAL[:2]), reason="Shorter", by=max, now=NOW)
    with pytest.raises(PlaybookMovedOn, match="Version 1 was published meanwhile"):
        publish_draft(reason="Rivals", by=max, now=NOW)
    assert PlaybookDraft.objects.exists()
    save_draft(NEXT, by=max, now=NOW)  # looked at again
    assert publish_draft(reason="Rivals", by=max, now=NOW).version == 2


def test_two_who_write_do_not_overwrite_each_other(max: Member, ada: Member) -> None:
    save_draft(NEXT, by=max, now=NOW, seen=0)
    for seen in (0, 2):
        with pytest.raises(DraftSavedMeanwhile, match="changed or published meanwhile"):
            save_draft(NEXT, by=ada, now=NOW, seen=seen)
    assert save_draft(NEXT, by=ada, now=NOW, seen=1).revision == 2
    discard_draft()
    with pytest.raises(PlaybookMovedOn, match="no draft any more"):
        publish_draft(reason="Rivals", by=ada, now=NOW)


def posted(context: Any) -> dict[str, Any]:
    """The form as the browser shows it."""
    count = len(context["questions"].forms)
    data: dict[str, Any] = {"q-TOTAL_FORMS": count, "q-INITIAL_FORMS": count}
    fields = [field for row in context["questions"] for field in row]
    for field in [*fields, *context["form"]]:
        if field.value() is not None and field.value() is not False:
            data[field.html_name] = field.value()
    usual = {f"q-{nth}-in_favour": "yes" for nth in range(count)}  # as browsers choose
    return usual | data


def test_the_page_saves_a_draft_goes_on_with_it_and_publishes(max: Member, rita: Member) -> None:
    browser, change = client_of(max), workspace_reverse(CHANGE)
    data = posted(browser.get(change).context) | {"q-7-label": "Bound to a rival"}
    assert browser.post(change, data | {"draft": "1"}).status_code == 302
    assert (Playbook.objects.count(), PlaybookDraft.objects.get().by) == (0, max)
    shown = client_of(rita).get(workspace_reverse(PAGE)).content.decode()
    assert "Max saved a draft of the next version" in shown
    assert "Discard draft" not in shown
    late = browser.post(change, data | {"draft": "1"})
    assert late.status_code == 422
    assert "changed or published meanwhile" in late.content.decode()
    again = posted(browser.get(change).context)
    assert again["q-7-label"] == "Bound to a rival"
    assert browser.post(change, again).status_code == 422  # why is missing
    assert browser.post(change, again | {"reason": "Rivals"}).status_code == 302
    assert (Playbook.objects.get().reason, labels()[-1]) == ("Rivals", "Bound to a rival")
    assert not PlaybookDraft.objects.exists()


def test_browsers_let_a_draft_be_saved_before_anybody_says_why(max: Member) -> None:
    shown = client_of(max).get(workspace_reverse(CHANGE)).content.decode()
    [button] = re.findall(r'<button[^>]*name="draft"[^>]*>', shown)
    assert "formnovalidate" in button


def test_a_draft_is_discarded_by_who_plans(max: Member, rita: Member) -> None:
    save_draft(NEXT, by=max, now=NOW)
    address = workspace_reverse("funnel:playbook_discard")
    assert client_of(rita).post(address).status_code == 403
    assert client_of(max).post(address).status_code == 302
    assert not PlaybookDraft.objects.exists()


def test_programs_write_publish_and_discard_a_draft(ada: Member) -> None:
    client, path = api_of(a_key(ada)), "/api/v1/playbooks/draft/"
    assert client.get(path).status_code == 404
    usual = client.get("/api/v1/playbooks/current/").json()["questions"]
    body = {"questions": [*usual, {"label": "Bound to a rival"}], "by": str(ada.pk)}
    saved = client.put(path, body)
    assert (saved.status_code, saved["ETag"], saved.json()["after"]) == (200, '"1"', 0)
    assert client.get("/api/v1/playbooks/current/").json()["version"] == 0
    again = client.put(path, body | {"questions": saved.json()["questions"]})
    assert again["ETag"] == '"2"'
    assert client.put(path, body, headers={"If-Match": '"1"'}).status_code == 412
    assert client.post(f"{path}publish/", {}).status_code == 422
    told = {"reason": "Rivals", "by": str(ada.pk)}
    made = client.post(f"{path}publish/", told, headers={"If-Match": '"2"'})
    assert (made.status_code, made.json()["version"], made.json()["by"]) == (201, 1, str(ada.pk))
    assert client.post(f"{path}publish/", told).status_code == 409
    client.put(path, body)
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
