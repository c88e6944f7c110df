"""The pages of sequences: written, published, read, by whom it may be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from nurturing import jobs
from nurturing.actions.enrolling import enrol_leads
from nurturing.models import Enrolment, Message, Sequence, SequenceVersion, Step
from tests.builders import a_lead, a_sequence
from tests.clients import client_of
from tests.sinks import Sink

NOW = timezone.now()


def url(name: str, **kwargs: Any) -> str:
    return workspace_reverse(f"nurturing:{name}", **kwargs)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    text: str = answer.content.decode()
    return text


def test_a_marketer_writes_and_publishes_a_sequence_by_the_pages_alone(
    mara: Member, sink: Sink
) -> None:
    browser = client_of(mara)
    browser.post(url("sequence_new"), {"name": "Welcome", "trigger": "hand"})
    sequence = Sequence.objects.get()
    browser.post(url("step_add", id=sequence.pk), {"kind": "email"})
    browser.post(url("step_add", id=sequence.pk), {"kind": "wait"})
    browser.post(url("step_add", id=sequence.pk), {"kind": "email"})
    first, wait, second = Step.objects.order_by("position")
    browser.post(url("step", id=first.pk), {"subject": "One", "body": "Hi {{ lead.name }}"})
    browser.post(url("step", id=wait.pk), {"wait_days": 0, "wait_hours": 2})
    browser.post(url("step", id=second.pk), {"subject": "Two", "body": "Bye"})
    answer = browser.post(url("draft", id=sequence.pk), {"reason": "First try"}, follow=True)
    assert "Version 1 is in force" in text_of(answer)
    lead = a_lead()
    browser.post(url("enrol", lead_id=lead.pk), {"sequence": sequence.pk})
    for hours in (0, 3):
        later = timezone.now() + timedelta(hours=hours)
        jobs.advance_due(now=later)
        jobs.send_due(now=later)
    assert [each["Subject"] for each in sink.letters] == ["One", "Two"]
    assert Enrolment.objects.get().enrolled_by == mara


def test_people_stay_on_the_version_they_started(mara: Member) -> None:
    browser = client_of(mara)
    sequence = a_sequence("Old", timedelta(days=1), "Old end")
    enrol_leads([a_lead().pk], sequences=[sequence], now=NOW)
    browser.post(url("draft_start", id=sequence.pk))
    draft = SequenceVersion.objects.get(state="draft")
    browser.post(url("step", id=draft.steps.first().pk), {"subject": "New", "body": "New"})
    browser.post(url("draft", id=sequence.pk), {"reason": "Fresh words"})
    enrol_leads([a_lead().pk], sequences=[sequence], now=NOW)
    jobs.advance_due(now=NOW)
    subjects = Message.objects.order_by("id").values_list("step__subject", flat=True)
    assert list(subjects) == ["Old", "New"]
    assert "Still on it" in text_of(browser.get(url("sequence", id=sequence.pk)))


def test_a_published_step_cannot_be_changed(mara: Member) -> None:
    sequence = a_sequence("Fixed")
    step = Step.objects.get()
    client_of(mara).post(url("step", id=step.pk), {"subject": "Other", "body": "Other"})
    client_of(mara).post(url("step_remove", id=step.pk))
    client_of(mara).post(url("step_move", id=step.pk), {"direction": "down"})
    step.refresh_from_db()
    assert step.subject == "Fixed"
    assert sequence.versions.get().steps.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("subject", "{{ lead.name"), ("body", "{% include 'x' %}"), ("subject", "a" * 201)],
)
def test_a_text_that_cannot_be_filled_in_is_refused_at_its_field(
    mara: Member, field: str, value: str
) -> None:
    client_of(mara).post(url("sequence_new"), {"name": "X", "trigger": "hand"})
    sequence = Sequence.objects.get()
    client_of(mara).post(url("step_add", id=sequence.pk), {"kind": "email"})
    step = Step.objects.get()
    answer = client_of(mara).post(
        url("step", id=step.pk), {"subject": "S", "body": "B"} | {field: value}
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert value[:20] in answer.content.decode().replace("&#x27;", "'"), "what was typed is kept"


@pytest.mark.parametrize("steps", [(), (timedelta(days=1),), ("Hi", timedelta(days=1))])
def test_a_draft_that_sends_nothing_is_not_published(mara: Member, steps: Any) -> None:
    sequence = a_sequence(*(steps or ("x",)))
    SequenceVersion.objects.update(state="draft")
    if not steps:
        Step.objects.all().delete()
    answer = client_of(mara).post(url("draft", id=sequence.pk), {"reason": "Why not"})
    assert answer.status_code == 422
    assert SequenceVersion.objects.get().state == "draft"


def test_steps_move_and_go_without_leaving_a_gap(mara: Member) -> None:
    sequence = a_sequence("A", "B", "C", "D")
    SequenceVersion.objects.update(state="draft")
    browser = client_of(mara)
    by_name = {each.subject: each for each in Step.objects.all()}
    browser.post(url("step_move", id=by_name["A"].pk), {"direction": "down"})
    browser.post(url("step_move", id=by_name["D"].pk), {"direction": "up"})
    browser.post(url("step_remove", id=by_name["B"].pk))
    steps = sequence.versions.get().steps.order_by("position")
    assert [(each.position, each.subject) for each in steps] == [(0, "A"), (1, "D"), (2, "C")]


def test_the_preview_is_filled_in_and_harmless(mara: Member) -> None:
    sequence = a_sequence("Hi")
    lead = a_lead(name="<script>alert(1)</script>Eve")
    step = sequence.versions.get().steps.get()
    typed = {"subject": "Dear {{ lead.name }}", "body": "<p onclick=x()>{{ lead.name }}</p>"}
    answer = client_of(mara).post(
        url("step_preview", id=step.pk), typed | {"lead": lead.pk}, headers={"hx-request": "true"}
    )
    shown = text_of(answer)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;Eve" in shown
    assert "<script" not in shown
    assert "onclick" not in shown


def test_a_test_letter_goes_to_oneself_and_leaves_no_trace(mara: Member, sink: Sink) -> None:
    sequence = a_sequence("Hi {{ lead.first_name }}")
    a_lead(name="Lena Berg")
    step = sequence.versions.get().steps.get()
    client_of(mara).post(url("step_test", id=step.pk))
    assert sink.recipients == [mara.user.email]
    assert sink.letters[0]["Subject"] == "[Test] Hi Lena"
    assert Message.objects.count() == 0


def test_what_is_in_doubt_waits_for_a_persons_word(mara: Member, sink: Sink) -> None:
    sequence = a_sequence("Hi")
    enrol_leads([a_lead().pk, a_lead().pk], sequences=[sequence], now=NOW)
    jobs.advance_due(now=NOW)
    Message.objects.update(state="uncertain", claimed_at=NOW, to="x@example.org")
    browser = client_of(mara)
    page = text_of(browser.get(url("message_list", id=sequence.pk) + "?state=uncertain"))
    assert "Send again" in page
    one, other = Message.objects.all()
    browser.post(url("message_settle", id=one.pk), {"verdict": "arrived"})
    browser.post(url("message_settle", id=other.pk), {"verdict": "again"})
    jobs.send_due(now=timezone.now())
    assert len(sink.letters) == 1
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_a_paused_sequence_goes_on_where_it_stopped(mara: Member) -> None:
    sequence = a_sequence("Hi")
    browser = client_of(mara)
    browser.post(url("sequence_pause", id=sequence.pk))
    assert enrol_leads([a_lead().pk], sequences=[Sequence.objects.get()], now=NOW) == 0
    browser.post(url("sequence_resume", id=sequence.pk))
    assert enrol_leads([a_lead().pk], sequences=[Sequence.objects.get()], now=NOW) == 1


def test_rates_name_both_ends(mara: Member) -> None:
    sequence = a_sequence("Hi")
    enrol_leads([a_lead().pk for _ in range(4)], sequences=[sequence], now=NOW)
    jobs.advance_due(now=NOW)
    Message.objects.update(state="sent", sent_at=NOW)
    Message.objects.filter(pk=Message.objects.all()[0].pk).update(opened_at=NOW)
    page = text_of(client_of(mara).get(url("sequence_list")))
    assert "Opened ÷ sent" in page
    assert "25.0%" in page


def test_lists_ask_as_many_questions_for_many_rows_as_for_few(mara: Member) -> None:
    browser = client_of(mara)

    def questions() -> list[int]:
        sequence = a_sequence("Hi", timedelta(days=1), "More")
        enrol_leads([a_lead().pk for _ in range(5)], sequences=[sequence], now=NOW)
        jobs.advance_due(now=NOW)
        asked = []
        for path in (
            url("sequence_list"),
            url("sequence", id=sequence.pk),
            url("message_list", id=sequence.pk),
        ):
            text_of(browser.get(path))  # once for what is only asked the first time
            with CaptureQueriesContext(connection) as captured:
                text_of(browser.get(path))
            asked.append(len(captured))
        return asked

    few = questions()
    for _ in range(3):
        many = questions()
    assert many == few
    assert max(many) <= 16


def test_a_rep_enrols_and_takes_out_but_does_not_write(rita: Member) -> None:
    sequence, lead = a_sequence("Hi", timedelta(days=1), "More"), a_lead()
    browser = client_of(rita)
    browser.post(url("enrol", lead_id=lead.pk), {"sequence": sequence.pk})
    enrolment = Enrolment.objects.get()
    browser.post(url("leave", id=enrolment.pk))
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == ("left", "by_hand")
    assert browser.post(url("sequence_pause", id=sequence.pk)).status_code == 403
    assert browser.get(url("sequence_new")).status_code == 403


@pytest.mark.parametrize("problem", ["no email", "do not email", "twice", "paused"])
def test_a_lead_that_cannot_be_enrolled_is_refused_with_the_reason(
    rita: Member, problem: str
) -> None:
    sequence, lead = a_sequence("Hi"), a_lead()
    if problem == "no email":
        lead = a_lead(email="")
    elif problem == "do not email":
        lead = a_lead(do_not_email=True)
    elif problem == "twice":
        enrol_leads([lead.pk], sequences=[sequence], now=NOW)
    else:
        Sequence.objects.update(is_active=False)
    before = Enrolment.objects.count()
    answer = client_of(rita).post(url("enrol", lead_id=lead.pk), {"sequence": sequence.pk})
    assert answer.status_code == 302
    assert Enrolment.objects.count() == before


def test_another_workspaces_sequence_does_not_exist(gus: Member) -> None:
    sequence = a_sequence("Hi")
    step = Step.objects.get()
    for name, pk in (("sequence", sequence.pk), ("draft", sequence.pk), ("step", step.pk)):
        path = url(name, id=pk).replace("/acme/", "/globex/")
        assert client_of(gus).get(path).status_code == 404
