"""A planned message becomes a letter at the mail server, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from leads.kinds import Kind
from leads.models import Activity
from nurturing import jobs
from nurturing.actions.enrolling import enrol_leads
from nurturing.models import Enrolment, Message, Suppression
from tests.builders import a_lead, a_sequence
from tests.sinks import Sink

NOW = timezone.now()


def run(at: Any = NOW) -> None:
    """What the worker does in one round."""
    jobs.advance_due(now=at)
    jobs.send_due(now=at)
    jobs.settle_due(now=at)


def states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.usefixtures("world")
def test_a_lead_gets_the_first_email_and_after_the_wait_the_second(sink: Sink) -> None:
    lead = a_lead(name="Lena Berg", email="lena@example.org")
    sequence = a_sequence("Hello {{ lead.first_name }}", timedelta(days=3), "Still there?")
    enrol_leads([lead.pk], sequences=[sequence], now=NOW)
    run()
    run(NOW + timedelta(days=2, hours=23))
    assert [each["Subject"] for each in sink.letters] == ["Hello Lena"]
    run(NOW + timedelta(days=3, minutes=1))
    assert [each["Subject"] for each in sink.letters] == ["Hello Lena", "Still there?"]
    assert states() == ["sent", "sent"]
    assert Enrolment.objects.get().state == "finished"
    kinds = Activity.objects.filter(lead=lead).values_list("kind", flat=True)
    assert sorted(kinds) == [Kind.ENROLLED, Kind.MESSAGE_SENT, Kind.MESSAGE_SENT]


@pytest.mark.usefixtures("world")
def test_the_letter_has_what_mailbox_providers_ask_for(sink: Sink) -> None:
    lead = a_lead(name="Zoë <b>", email="zoe@example.org")
    enrol_leads([lead.pk], sequences=[a_sequence("Grüße {{ lead.name }}")], now=NOW)
    run()
    letter = sink.letters[0]
    message = Message.objects.get()
    assert letter["Subject"] == "Grüße Zoë <b>"
    assert letter["Message-ID"] == f"<{message.pk}@mail.example>"
    assert letter["From"] == "Acme <no-reply@mail.example>"
    assert letter["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/u/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = (part.get_content() for part in letter.iter_parts())
    assert "Zoë &lt;b&gt;" in html
    assert plain.startswith("Grüße Zoë <b>")
    assert "Unsubscribe: http://127.0.0.1:8000/u/" in plain


@pytest.mark.usefixtures("world")
def test_answers_reach_the_rep_who_owns_the_lead(sink: Sink, rita: Member) -> None:
    enrol_leads([a_lead(owner=rita).pk], sequences=[a_sequence("Hello")], now=NOW)
    run()
    assert sink.letters[0]["Reply-To"] == "rita@example.com"


@pytest.mark.usefixtures("world")
def test_nobody_gets_a_step_twice_even_when_enrolled_again(sink: Sink) -> None:
    lead, sequence = a_lead(), a_sequence("Hello")
    for _ in range(2):
        enrol_leads([lead.pk], sequences=[sequence], now=NOW)
        run()
    assert len(sink.letters) == 1
    assert Enrolment.objects.count() == 2


@pytest.mark.usefixtures("world")
def test_a_paused_sequence_neither_moves_nor_sends(sink: Sink) -> None:
    sequence = a_sequence("Hello")
    enrol_leads([a_lead().pk], sequences=[sequence], now=NOW)
    jobs.advance_due(now=NOW)
    type(sequence).objects.update(is_active=False)
    run()
    assert sink.letters == []
    assert states() == ["planned"]


@pytest.mark.usefixtures("world")
def test_a_temporary_refusal_is_tried_again_later(sink: Sink) -> None:
    lead = a_lead()
    sink.data[lead.email] = "451 Try later"
    enrol_leads([lead.pk], sequences=[a_sequence("Hello")], now=NOW)
    run()
    message = Message.objects.get()
    assert (message.state, message.attempts, message.problem) == ("planned", 1, "451 Try later")
    sink.data.clear()
    run(NOW + timedelta(seconds=30))
    assert sink.letters == []
    run(NOW + timedelta(seconds=61))
    assert len(sink.letters) == 1
    assert states() == ["sent"]


@pytest.mark.usefixtures("world")
def test_an_address_refused_for_good_bounces_and_is_not_written_to_again(sink: Sink) -> None:
    lead = a_lead()
    sink.rcpt[lead.email] = "550 No such user"
    enrol_leads([lead.pk], sequences=[a_sequence("Hello", timedelta(days=1), "More")], now=NOW)
    run()
    run(NOW + timedelta(days=2))
    assert states() == ["failed"]
    assert Suppression.objects.get().email == lead.email
    assert Enrolment.objects.get().reason == "bounced"
    assert Activity.objects.filter(kind=Kind.MESSAGE_BOUNCED, lead=lead).count() == 1


@pytest.mark.usefixtures("world")
def test_a_mail_server_that_is_away_costs_nothing_but_time(sink: Sink, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    enrol_leads([a_lead().pk for _ in range(30)], sequences=[a_sequence("Hello")], now=NOW)
    run()
    assert set(states()) == {"planned"}
    settings.EMAIL_PORT = port
    run(NOW + timedelta(minutes=2))
    assert states() == ["sent"] * 30
    assert len(sink.letters) == 30


@pytest.mark.usefixtures("world")
def test_who_must_not_be_written_to_is_passed_over_with_a_reason(sink: Sink) -> None:
    leads = [a_lead() for _ in range(3)]
    enrol_leads([each.pk for each in leads], sequences=[a_sequence("Hello")], now=NOW)
    jobs.advance_due(now=NOW)
    type(leads[0]).objects.filter(pk=leads[0].pk).update(do_not_email=True)
    Suppression.objects.create(email=leads[1].email, reason="unsubscribed")
    run()
    assert sink.recipients == [leads[2].email]
    assert sorted(states()) == ["sent", "withheld", "withheld"]
    assert all(Message.objects.filter(state="withheld").values_list("problem", flat=True))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("text", ["{{ lead.name | nothing }}", "{% include 'x' %}"])
def test_a_text_that_cannot_be_filled_in_fails_and_says_why(sink: Sink, text: str) -> None:
    enrol_leads([a_lead().pk], sequences=[a_sequence(text)], now=NOW)
    run()
    message = Message.objects.get()
    assert message.state == "failed"
    assert "merge field" in message.problem


@pytest.mark.usefixtures("world")
def test_line_breaks_in_a_name_add_no_header_and_no_recipient(sink: Sink) -> None:
    lead = a_lead(name="Eve\r\nBcc: all@example.org", email="eve@example.org")
    bad = a_lead(name="Bad", email="bad@example.org\r\nBcc: all@example.org")
    sequence = a_sequence("Hello {{ lead.name }}")
    enrol_leads([lead.pk, bad.pk], sequences=[sequence], now=NOW)
    run()
    assert sink.recipients == ["eve@example.org"]
    assert sink.letters[0]["Bcc"] is None
    assert sorted(states()) == ["failed", "sent"]


@pytest.mark.usefixtures("world")
def test_a_dead_workers_messages_become_uncertain_and_are_not_sent_again(sink: Sink) -> None:
    from nurturing.actions.sending import claim_messages

    enrol_leads([a_lead().pk], sequences=[a_sequence("Hello")], now=NOW)
    jobs.advance_due(now=NOW)
    claim_messages(now=NOW)
    run(NOW + timedelta(minutes=5))
    assert states() == ["sending"]
    run(NOW + timedelta(minutes=16))
    run(NOW + timedelta(minutes=60))
    assert states() == ["uncertain"]
    assert sink.letters == []
