"""The link of a training goes to its person by email, once, and everybody sees that it did."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from funnel.care.teaching import link_of, take_content_back
from funnel.jobs import send_all_letters
from funnel.mailing.asking import CannotSendTraining, LetterUnderWay, send_training
from funnel.mailing.posting import claim_letters
from funnel.models import Customer, Training, TrainingLetter
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.erasing import erase_leads
from leads.kinds import Kind
from leads.models import Activity, Lead
from nurturing.models import Suppression
from tests.builders import (
    a_company,
    a_customer,
    a_key,
    a_lead,
    a_training,
    a_training_content,
    a_training_letter,
)
from tests.clients import api_of, client_of
from tests.sinks import Sink

pytestmark = pytest.mark.usefixtures("world")

NOW = timezone.now()


@pytest.fixture
def firm() -> Customer:
    return a_customer(company=a_company(name="Nordwind"))


@pytest.fixture
def anna(firm: Customer) -> Lead:
    return a_lead(name="Anna", email="anna@nordwind.example", company=firm.company)


@pytest.fixture
def training(anna: Lead) -> Training:
    return a_training(anna, content=a_training_content(title="First steps", minutes=12))


def state_of(training: Training) -> tuple[str, str]:
    letter = TrainingLetter.objects.filter(training=training).latest("number")
    return letter.state, letter.problem


def test_the_link_reaches_them_and_the_timeline_tells(
    training: Training, anna: Lead, rita: Member, sink: Sink
) -> None:
    send_training(training, note="Hi Anna,\nas promised.", by=rita, now=NOW)
    assert state_of(training)[0] == "planned"
    assert send_all_letters(NOW) == 1
    [letter] = sink.letters
    assert letter["Subject"] == "First steps"
    assert letter["From"] == "Acme <no-reply@mail.example>"
    assert letter["Reply-To"] == "rita@example.com"
    text = letter.get_content().replace("\r\n", "\n")
    assert text.startswith("Hi Anna,\nas promised.\n\nRita of Acme has something for you")
    assert "First steps (Article, 12 minutes)" in text
    assert link_of(training) in text
    kept = TrainingLetter.objects.get()
    assert (kept.state, kept.to, kept.asked_by, kept.sent_at) == ("sent", anna.email, rita, NOW)
    fact = Activity.objects.get(kind=Kind.TRAINING_SENT)
    assert (fact.lead_id, fact.by_id, fact.occurred_at) == (anna.pk, rita.pk, NOW)
    assert fact.properties == {"training": "First steps", "to": anna.email}


def test_asked_twice_it_goes_once(training: Training, rita: Member, sink: Sink) -> None:
    first = send_training(training, by=rita, now=NOW)
    assert send_training(training, by=rita, now=NOW) == first
    for minutes in (0, 1, 60):
        send_all_letters(NOW + timedelta(minutes=minutes))
        assert send_training(training, by=rita, now=NOW) == first
    assert len(sink.letters) == 1
    assert Activity.objects.filter(kind=Kind.TRAINING_SENT).count() == 1


def test_whoever_knows_of_the_first_may_send_it_again(
    training: Training, rita: Member, sink: Sink
) -> None:
    send_training(training, by=rita, now=NOW)
    with pytest.raises(LetterUnderWay, match=r"anna@nordwind\.example is under way already"):
        send_training(training, after=1, by=rita, now=NOW)
    send_all_letters(NOW)
    assert send_training(training, after=1, by=rita, now=NOW).number == 2
    with pytest.raises(Refusal, match="no letter number 3; the last one is 2"):
        send_training(training, after=3, by=rita, now=NOW)
    send_all_letters(NOW)
    assert len(sink.letters) == 2


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"email": ""}, "Anna has no email address"),
        ({"do_not_email": True}, "Anna wants no emails from us"),
        ({"email": "Gone@nordwind.example"}, "We do not write to .*: Email came back"),
    ],
)
def test_who_must_not_be_written_to_is_refused(
    training: Training, anna: Lead, rita: Member, known: dict[str, Any], sentence: str
) -> None:
    Suppression.objects.create(email="gone@nordwind.example", reason="bounced")
    Lead.objects.filter(pk=anna.pk).update(**known)
    with pytest.raises(CannotSendTraining, match=sentence):
        send_training(training, by=rita, now=NOW)
    page = client_of(rita).get(workspace_reverse("funnel:training_send", id=training.pk))
    assert "Send it" not in page.content.decode()
    assert not TrainingLetter.objects.exists()


def test_who_objects_meanwhile_is_passed_over(
    training: Training, anna: Lead, rita: Member, sink: Sink
) -> None:
    send_training(training, by=rita, now=NOW)
    Suppression.objects.create(email=anna.email, reason="unsubscribed")
    send_all_letters(NOW)
    assert sink.letters == []
    assert state_of(training)[0] == "withheld"
    assert "anna@nordwind.example: Unsubscribed" in state_of(training)[1]


def test_people_of_no_customer_are_refused(rita: Member) -> None:
    stranger = a_training(a_lead(name="Stan", company=a_company()))
    with pytest.raises(Refusal, match="Stan is of no customer"):
        send_training(stranger, by=rita, now=NOW)


def test_an_address_that_takes_none_is_not_written_to_again(
    training: Training, anna: Lead, rita: Member, sink: Sink
) -> None:
    sink.rcpt[anna.email] = "550 No such user"
    send_training(training, by=rita, now=NOW)
    send_all_letters(NOW)
    assert state_of(training) == ("failed", "550 No such user")
    assert Suppression.objects.get().email == anna.email
    assert Activity.objects.filter(kind=Kind.MESSAGE_BOUNCED, lead=anna).count() == 1
    with pytest.raises(CannotSendTraining, match="Email came back"):
        send_training(training, after=1, by=rita, now=NOW)


def test_a_server_that_puts_it_off_is_asked_again_later(
    training: Training, anna: Lead, rita: Member, sink: Sink
) -> None:
    sink.data[anna.email] = "451 Try later"
    send_training(training, by=rita, now=NOW)
    send_all_letters(NOW)
    assert state_of(training) == ("planned", "451 Try later")
    sink.data.clear()
    send_all_letters(NOW + timedelta(seconds=30))
    assert sink.letters == []
    send_all_letters(NOW + timedelta(seconds=61))
    assert state_of(training) == ("sent", "")


def test_a_dead_workers_letter_is_uncertain_and_not_sent_again(
    training: Training, rita: Member, sink: Sink
) -> None:
    send_training(training, by=rita, now=NOW)
    claim_letters(now=NOW)
    for minutes, state in ((5, "sending"), (16, "uncertain"), (60, "uncertain")):
        send_all_letters(NOW + timedelta(minutes=minutes))
        assert state_of(training)[0] == state
    assert sink.letters == []
    assert send_training(training, by=rita, now=NOW).number == 1
    assert send_training(training, after=1, by=rita, now=NOW).number == 2


def test_a_file_goes_with_it_unless_it_is_large(
    anna: Lead,
    rita: Member,
    sink: Sink,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("guide.pdf", b"Page one")
    guide = a_training(anna, content=a_training_content(address="", file=file))
    send_training(guide, is_with_file=True, by=rita, now=NOW)
    send_all_letters(NOW)
    [attached] = sink.letters[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("guide.pdf", b"Page one")
    monkeypatch.setattr("funnel.mailing.asking.LARGEST_ATTACHED", 7)
    with pytest.raises(CannotSendTraining, match="many mailboxes refuse; send the link"):
        send_training(guide, is_with_file=True, after=1, by=rita, now=NOW)
    with pytest.raises(CannotSendTraining, match="is no file, so nothing can be attached"):
        send_training(a_training(anna), is_with_file=True, by=rita, now=NOW)


def test_a_file_that_is_lost_fails_and_says_so(
    anna: Lead, rita: Member, sink: Sink, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("guide.pdf", b"Page one")
    guide = a_training(anna, content=a_training_content(address="", file=file))
    send_training(guide, is_with_file=True, by=rita, now=NOW)
    for each in tmp_path.rglob("*"):
        if each.is_file():
            each.unlink()
    send_all_letters(NOW)
    assert state_of(guide) == ("failed", "The file is lost.")
    assert sink.letters == []


def test_what_is_taken_back_or_erased_is_not_sent(
    training: Training, anna: Lead, rita: Member, ada: Member, sink: Sink
) -> None:
    send_training(training, by=rita, now=NOW)
    take_content_back(training)
    another = a_training(anna)
    send_training(another, by=rita, now=NOW)
    erase_leads([anna.pk], reason="Asked", by=ada, now=NOW)
    assert send_all_letters(NOW) == 0
    assert sink.letters == []
    assert not TrainingLetter.objects.exists()
    page = workspace_reverse("funnel:training_send", id=another.pk)
    assert client_of(rita).get(page).status_code == 404


def test_a_title_of_two_lines_makes_no_header(anna: Lead, rita: Member, sink: Sink) -> None:
    content = a_training_content()
    type(content).objects.filter(pk=content.pk).update(title="One\r\nBcc: all@example.org")
    send_training(a_training(anna, content=content), by=rita, now=NOW)
    send_all_letters(NOW)
    assert sink.recipients == [anna.email]
    assert sink.letters[0]["Bcc"] is None


def test_it_is_sent_and_seen_on_the_pages(
    training: Training, firm: Customer, rita: Member, mara: Member, sink: Sink
) -> None:
    browser, page = client_of(rita), workspace_reverse("funnel:customer", id=firm.pk)
    send = workspace_reverse("funnel:training_send", id=training.pk)
    assert send in browser.get(page).content.decode()
    shown = browser.get(send).content.decode()
    assert "anna@nordwind.example" in shown
    assert "Rita of Acme has something for you to learn from" in shown
    for _ in range(2):
        answer = browser.post(send, {"note": "Hi", "after": "0"})
        assert answer.status_code == 302
    assert "Under way to anna@nordwind.example" in browser.get(page).content.decode()
    send_all_letters()
    assert len(sink.letters) == 1
    shown = browser.get(page).content.decode()
    assert "Sent to anna@nordwind.example" in shown
    assert "Was sent “First steps” to learn from" in shown
    assert "Send it again" in browser.get(send).content.decode()
    assert client_of(mara).get(send).status_code == 403
    assert client_of(mara).post(send, {"after": "1"}).status_code == 403


def test_a_refusal_stands_on_the_form(training: Training, rita: Member) -> None:
    send = workspace_reverse("funnel:training_send", id=training.pk)
    answer = client_of(rita).post(send, {"note": "x" * 1_001, "after": "0"})
    assert answer.status_code == 422
    Suppression.objects.create(email=training.lead.email, reason="unsubscribed")
    answer = client_of(rita).post(send, {"after": "0"})
    assert answer.status_code == 422
    assert "We do not write to anna@nordwind.example: Unsubscribed" in answer.content.decode()


def test_the_customers_page_asks_no_more_for_more_letters(
    training: Training, firm: Customer, rita: Member
) -> None:
    page, browser = workspace_reverse("funnel:customer", id=firm.pk), client_of(rita)
    a_training_letter(training, asked_by=rita)
    with CaptureQueriesContext(connection) as one:
        browser.get(page)
    for number in (2, 3):
        a_training_letter(training, number=number)
        a_training_letter(a_training(training.lead), asked_by=rita)
    with CaptureQueriesContext(connection) as more:
        browser.get(page)
    assert len(more) <= len(one)


def test_the_api_does_the_same(
    training: Training, rita: Member, ada: Member, globex: Workspace, sink: Sink
) -> None:
    api, path = api_of(a_key(ada)), f"/api/v1/trainings/{training.pk}/"
    assert api.get(path).json()["letter"] is None
    for _ in range(2):
        told = api.post(f"{path}send/", {"note": "Hi", "by": str(rita.pk)}).json()["letter"]
        assert (told["number"], told["state"], told["asked_by"]) == (1, "planned", str(rita.pk))
    assert api.post(f"{path}send/", {"after": 1}).status_code == 409
    send_all_letters()
    told = api.get(path).json()["letter"]
    assert (told["state"], told["to"], told["note"]) == ("sent", "anna@nordwind.example", "Hi")
    assert told["sent_at"]
    assert len(sink.letters) == 1
    assert api.post(f"{path}send/", {"after": 1}).json()["letter"]["number"] == 2
    assert api.post(f"{path}send/", {"colour": "red"}).status_code == 422
    Suppression.objects.create(email=training.lead.email, reason="by_hand")
    refused = api.post(f"{path}send/", {"after": 2})
    assert refused.status_code in (409, 422)
    with inside(globex.pk):
        foreign = a_training(a_lead())
    assert api.post(f"/api/v1/trainings/{foreign.pk}/send/", {}).status_code == 404
