"""Whatever dies, however many send at once: no step twice, and nothing is lost unseen."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leads.kinds import Kind
from leads.models import Activity
from nurturing import jobs
from nurturing.actions.engaging import unsubscribe
from nurturing.actions.enrolling import enrol_leads
from nurturing.models import Message
from nurturing.tokens import Subject
from tests.builders import a_lead, a_sequence
from tests.sinks import Sink
from tests.worlds import ACME

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
PEOPLE = 3


class Killed(BaseException):
    """The worker is gone, in the middle of anything."""


@contextmanager
def killed_before_statement(number: int) -> Iterator[list[int]]:
    """Die just before the `number`-th statement; yields how many there were."""
    seen = [0]

    def hook(execute: Callable[..., Any], *args: Any) -> Any:
        seen[0] += 1
        if seen[0] == number:
            raise Killed
        return execute(*args)

    with connection.execute_wrapper(hook):
        yield seen


def one_round(at: Any) -> None:
    jobs.advance_due(now=at)
    jobs.send_due(now=at)
    jobs.settle_due(now=at)


def outcome() -> dict[str, str]:
    """Lead's address → state of their message."""
    return dict(Message.objects.values_list("lead__email", "state"))


def round_killed_at(number: int, at: Any) -> bool:
    """True if the round was cut off before its `number`-th statement."""
    try:
        with killed_before_statement(number):
            one_round(at)
    except Killed:
        return True
    return False


@pytest.mark.usefixtures("world")
def test_a_worker_killed_before_any_statement_sends_nothing_twice(sink: Sink) -> None:
    number, is_cut_off = 0, True
    while is_cut_off:
        number += 1
        sequence = a_sequence(f"Hello {number}")
        leads = [a_lead().pk for _ in range(PEOPLE)]
        enrol_leads(leads, sequences=[sequence], now=NOW)
        is_cut_off = round_killed_at(number, NOW)
        for minutes in (5, 20, 60):
            one_round(NOW + timedelta(minutes=minutes))
        messages = Message.objects.filter(sequence=sequence)
        states = set(messages.values_list("state", flat=True))
        assert states in ({"sent"}, {"uncertain"}), number
        assert messages.count() == PEOPLE
        sent = set(messages.filter(state="sent").values_list("to", flat=True))
        assert sent <= set(sink.recipients), "noted as sent, and never seen"
    assert sink.twice == []
    assert set(sink.recipients) <= set(outcome())
    assert number > 8  # the round has that many statements; else the hook does not bite
    facts = Activity.objects.filter(kind=Kind.MESSAGE_SENT).count()
    assert facts == Message.objects.filter(state="sent").count()


@pytest.mark.usefixtures("world")
def test_a_server_that_dies_after_taking_a_letter_leaves_only_that_one_in_doubt(
    sink: Sink,
) -> None:
    leads = [a_lead() for _ in range(PEOPLE)]
    sink.data[leads[1].email] = "hang up"
    enrol_leads([each.pk for each in leads], sequences=[a_sequence("Hello")], now=NOW)
    for minutes in (0, 5, 20, 60):
        one_round(NOW + timedelta(minutes=minutes))
    assert outcome() == {
        leads[0].email: "sent",
        leads[1].email: "uncertain",
        leads[2].email: "sent",
    }
    assert sink.twice == []


@pytest.mark.usefixtures("world")
def test_two_senders_at_once_share_the_work_and_no_letter(sink: Sink) -> None:
    sequence = a_sequence("Hello")
    enrol_leads([a_lead().pk for _ in range(60)], sequences=[sequence], now=NOW)

    def work(_: int) -> None:
        try:
            with inside(None):
                one_round(NOW)
                one_round(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    one_round(NOW)
    assert len(sink.letters) == 60
    assert sink.twice == []
    assert set(outcome().values()) == {"sent"}


@pytest.mark.usefixtures("world")
def test_after_an_unsubscription_has_committed_nothing_more_is_claimed(sink: Sink) -> None:
    """The last reader of a batch unsubscribes while the first ones are being written to."""
    leads = [a_lead() for _ in range(40)]
    enrol_leads([each.pk for each in leads], sequences=[a_sequence("Hello")], now=NOW)
    jobs.advance_due(now=NOW)
    last = Message.objects.order_by("-due_at", "-id")[0]

    def somebody_unsubscribes(recipient: str) -> None:
        if len(sink.letters) != 3:
            return
        try:
            with inside(ACME), transaction.atomic():
                unsubscribe(Subject(ACME, last.pk), now=NOW)
        finally:
            connections.close_all()

    sink.on_letter = somebody_unsubscribes
    one_round(NOW)
    last.refresh_from_db()
    assert last.state == "withheld"
    assert last.lead.email not in sink.recipients
    assert len(sink.letters) == 39
