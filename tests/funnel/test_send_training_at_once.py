"""Whoever presses at once and whatever dies: a letter goes out once, or is shown to be in doubt."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from funnel.jobs import send_all_letters
from funnel.mailing.asking import send_training
from funnel.models import Customer, Training, TrainingLetter
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.kinds import Kind
from leads.models import Activity
from tests.builders import a_company, a_customer, a_lead, a_training
from tests.clients import client_of
from tests.sinks import Sink
from tests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
CLICKS = 3


class Killed(BaseException):
    """The worker is gone, in the middle of anything."""


@contextmanager
def killed_before_statement(number: int) -> Iterator[None]:
    """Die just before the `number`-th statement."""
    seen = 0

    def hook(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Killed
        return execute(*args)

    with connection.execute_wrapper(hook):
        yield


def round_killed_at(number: int) -> bool:
    """True if the round was cut off before its `number`-th statement."""
    try:
        with killed_before_statement(number):
            send_all_letters(NOW)
    except Killed:
        return True
    return False


@pytest.fixture
def firm(world: World) -> Customer:
    return a_customer(company=a_company())


def given(firm: Customer) -> Training:
    return a_training(a_lead(company=firm.company))


def test_a_button_pressed_at_once_sends_once(world: World, firm: Customer, sink: Sink) -> None:
    training, gate = given(firm), Barrier(CLICKS)
    address = workspace_reverse("funnel:training_send", id=training.pk)
    browsers = [client_of(world.rita) for _ in range(CLICKS)]

    def press(browser: Any) -> int:
        try:
            gate.wait(10)
            return int(browser.post(address, {"after": "0"}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as fingers:
        assert list(fingers.map(press, browsers)) == [302] * CLICKS
    send_all_letters()
    assert len(sink.letters) == 1
    assert TrainingLetter.objects.get().state == "sent"


def test_workers_at_once_share_the_work_and_no_letter(
    world: World, firm: Customer, sink: Sink
) -> None:
    for _ in range(20):
        send_training(given(firm), by=world.rita, now=NOW)

    def work(_: int) -> None:
        try:
            with inside(None):
                send_all_letters(NOW)
                send_all_letters(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    send_all_letters(NOW)
    assert len(sink.letters) == 20
    assert sink.twice == []
    assert set(TrainingLetter.objects.values_list("state", flat=True)) == {"sent"}


def test_a_worker_killed_before_any_statement_sends_nothing_twice(
    world: World, firm: Customer, sink: Sink
) -> None:
    number, is_cut_off = 0, True
    while is_cut_off:
        number += 1
        letter = send_training(given(firm), by=world.rita, now=NOW)
        is_cut_off = round_killed_at(number)
        for minutes in (5, 20, 60):
            send_all_letters(NOW + timedelta(minutes=minutes))
        letter.refresh_from_db()
        assert letter.state in ("sent", "uncertain"), number
        assert letter.state == "uncertain" or letter.to in sink.recipients, number
    assert sink.twice == []
    assert number > 8  # the round has that many statements; else the hook does not bite
    facts = Activity.objects.filter(kind=Kind.TRAINING_SENT).count()
    assert facts == TrainingLetter.objects.filter(state="sent").count()


def test_a_server_that_dies_after_taking_it_leaves_it_in_doubt(
    world: World, firm: Customer, sink: Sink
) -> None:
    letter = send_training(given(firm), by=world.rita, now=NOW)
    sink.data[letter.to] = "hang up"
    for minutes in (0, 5, 20, 60):
        send_all_letters(NOW + timedelta(minutes=minutes))
    letter.refresh_from_db()
    assert letter.state == "uncertain"
    assert sink.recipients == [letter.to]
