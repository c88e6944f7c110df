"""What the links of a message do, for people, scanners and guessers."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leads.kinds import Kind
from leads.models import Activity, Lead
from nurturing import jobs
from nurturing.actions.enrolling import enrol_leads
from nurturing.models import Enrolment, Link, Message, Suppression
from nurturing.tokens import Purpose, Subject, subject_of, token_for
from tests.builders import a_lead, a_sequence
from tests.sinks import Sink
from tests.worlds import ACME, GLOBEX

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
BODY = (
    'See <a href="https://example.com/a?b=1&amp;c=2">one</a>, <a href="http://two.example/">two</a>'
)


@dataclass
class Received:
    """A message in a mailbox, and the paths in it."""

    lead: Lead
    message: Message
    opened: str
    links: list[str]
    unsubscribe: str


@pytest.fixture
def received(world: Any, sink: Sink) -> Received:
    """Sent two hours ago."""
    lead = a_lead()
    enrol(lead)
    message = Message.objects.get()
    Message.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    html = sink.letters[0].get_payload()[1].get_content()  # type: ignore[index,union-attr]
    paths = re.findall(r"http://127\.0\.0\.1:8000(/[olu]/[^\"]+)", html)
    return Received(
        lead=lead,
        message=message,
        opened=next(each for each in paths if each.startswith("/o/")),
        links=[each for each in paths if each.startswith("/l/")],
        unsubscribe=next(each for each in paths if each.startswith("/u/")),
    )


def enrol(lead: Lead) -> None:
    now = timezone.now()
    sequence = a_sequence("Hello", timedelta(days=1), "More")
    sequence.versions.get().steps.filter(position=0).update(body=BODY)
    enrol_leads([lead.pk], sequences=[sequence], now=now)
    jobs.advance_due(now=now)
    jobs.send_due(now=now)


def get(path: str, agent: str = BROWSER, method: str = "get") -> Any:
    return getattr(Client(), method)(path, headers={"user-agent": agent})


def facts(kind: Kind) -> list[bool]:
    """Machine verdicts of the facts of a kind, oldest first."""
    found = Activity.objects.filter(kind=kind).order_by("occurred_at", "id")
    return list(found.values_list("is_machine", flat=True))


def test_loading_the_image_is_an_opening_and_counts_once(received: Received) -> None:
    for _ in range(3):
        assert get(received.opened)["Content-Type"] == "image/gif"
    received.message.refresh_from_db()
    assert received.message.opened_at is not None
    assert facts(Kind.MESSAGE_OPENED) == [False]


def test_a_click_leads_to_the_stored_address_and_nowhere_else(received: Received) -> None:
    answer = get(received.links[0] + "?url=https://evil.example&next=//evil.example")
    assert answer.status_code == 302
    assert answer["Location"] == "https://example.com/a?b=1&c=2"
    assert facts(Kind.MESSAGE_CLICKED) == [False]
    received.message.refresh_from_db()
    assert received.message.clicked_at is not None


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https:///x", "ftp://x.example/"],
)
def test_a_stored_address_that_is_none_is_not_followed(received: Received, target: str) -> None:
    Link.objects.update(target=target)
    assert get(received.links[0]).status_code == 404


@pytest.mark.parametrize(
    ("agent", "method"),
    [(BROWSER, "head"), ("Barracuda Link Protection", "get"), ("", "get"), ("curl/8", "get")],
)
def test_machines_are_told_from_people(received: Received, agent: str, method: str) -> None:
    get(received.opened, agent, method)
    get(received.links[0], agent, method)
    assert facts(Kind.MESSAGE_OPENED) == [True]
    assert facts(Kind.MESSAGE_CLICKED) == [True]
    received.message.refresh_from_db()
    assert (received.message.opened_at, received.message.clicked_at) == (None, None)


def test_all_links_within_a_minute_were_a_machine(received: Received) -> None:
    Message.objects.update(sent_at=timezone.now() - timedelta(seconds=20))
    get(received.opened)
    get(received.links[0])
    assert facts(Kind.MESSAGE_CLICKED) == [False]
    get(received.links[1])
    assert facts(Kind.MESSAGE_CLICKED) == [True, True]
    assert facts(Kind.MESSAGE_OPENED) == [True]
    received.message.refresh_from_db()
    assert (received.message.opened_at, received.message.clicked_at) == (None, None)


def test_a_person_after_the_machine_still_counts(received: Received) -> None:
    get(received.links[0], "Proofpoint")
    get(received.links[0])
    assert sorted(facts(Kind.MESSAGE_CLICKED)) == [False, True]
    received.message.refresh_from_db()
    assert received.message.clicked_at is not None


def test_an_uncertain_message_that_is_opened_has_arrived(received: Received) -> None:
    claimed_at = timezone.now() - timedelta(hours=1)
    Message.objects.update(state="uncertain", sent_at=None, claimed_at=claimed_at)
    get(received.opened)
    received.message.refresh_from_db()
    assert (received.message.state, received.message.sent_at) == ("sent", claimed_at)
    assert received.message.opened_at is not None
    assert facts(Kind.MESSAGE_SENT) == [False]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_at_any_link_changes_nothing_we_may_send(received: Received, method: str) -> None:
    for path in (received.opened, *received.links, received.unsubscribe):
        for agent in (BROWSER, "SafeLinks", "HeadlessChrome", ""):
            get(path, agent, method)
    assert Suppression.objects.count() == 0
    assert Enrolment.objects.get().state == "running"
    assert facts(Kind.UNSUBSCRIBED) == []


def test_the_button_unsubscribes_without_login_twice_is_once(received: Received) -> None:
    page = get(received.unsubscribe).content.decode()
    assert '<form method="post">' in page
    stranger = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = stranger.post(received.unsubscribe, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert Suppression.objects.get().email == received.lead.email
    received.lead.refresh_from_db()
    assert received.lead.do_not_email
    assert (Enrolment.objects.get().state, Enrolment.objects.get().reason) == (
        "left",
        "unsubscribed",
    )
    assert facts(Kind.UNSUBSCRIBED) == [False]
    received.message.refresh_from_db()
    assert received.message.unsubscribed_at is not None


def test_a_page_about_an_address_does_not_give_it_away(received: Received) -> None:
    assert received.lead.email not in get(received.unsubscribe).content.decode()


def test_no_altered_token_is_accepted(received: Received) -> None:
    """Each character changed, and every purpose tried with another's token."""
    for path in (received.opened, received.links[0], received.unsubscribe):
        prefix, token = path[:3], path[3:].removesuffix(".gif")
        suffix = path[3 + len(token) :]
        for place, character in enumerate(token):
            other = "A" if character != "A" else "B"
            altered = token[:place] + other + token[place + 1 :]
            assert get(f"{prefix}{altered}{suffix}").status_code == 404
        for wrong in (f"/o/{token}.gif", f"/l/{token}", f"/u/{token}"):
            assert wrong == path or get(wrong).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "A" * 68, "ä" * 68, "A" * 67 + "=", "%00" * 10])
def test_what_is_no_token_is_not_found(token: str) -> None:
    for purpose in Purpose:
        assert subject_of(purpose, token) is None


def test_a_message_cannot_be_named_through_another_workspace(received: Received) -> None:
    about = Subject(GLOBEX, received.message.pk)
    assert get(f"/u/{token_for(Purpose.UNSUBSCRIBE, about)}").status_code == 404
    Message.objects.filter(pk=received.message.pk).delete()
    gone = Subject(ACME, received.message.pk)
    assert get(f"/o/{token_for(Purpose.OPEN, gone)}.gif").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["nonsense", "AAAA" * 20])
def test_a_broken_unsubscribe_link_says_what_to_do(token: str) -> None:
    for answer in (Client().get(f"/u/{token}"), Client().post(f"/u/{token}")):
        assert answer.status_code == 404
        assert "Open it again from the email itself" in answer.content.decode()
