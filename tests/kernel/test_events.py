"""Announcing: inside a transaction, of a batch, in slices the outbox can carry."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from leadmgmt.kernel import events
from leadmgmt.kernel.context import NoWorkspace, inside
from leadmgmt.kernel.events import later, now, publish
from leadmgmt.kernel.models import OutboxRow
from tests.kernel.reacting import BellsRung, note_bells, noticed
from tests.worlds import World


def _bind(monkeypatch: pytest.MonkeyPatch, *reactions: events.Reaction) -> None:
    monkeypatch.setattr(events, "_table", {BellsRung: reactions})


def test_a_now_reaction_is_undone_with_its_event(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bind(monkeypatch, now(note_bells))
    with transaction.atomic():
        publish(BellsRung((uuid4(),)))
        assert len(noticed("bell")) == 1
        transaction.set_rollback(True)
    assert noticed("bell") == []


def test_a_later_reaction_waits_in_the_outbox(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bind(monkeypatch, later(note_bells))
    publish(BellsRung((uuid4(),), "high"))
    assert noticed("bell") == []
    row = OutboxRow.objects.get()
    assert (row.reaction, row.payload["tone"]) == ("tests.kernel.reacting.note_bells", "high")
    assert row.workspace_id == world.acme.pk


def test_a_big_batch_is_sliced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _bind(monkeypatch, later(note_bells))
    publish(BellsRung(tuple(uuid4() for _ in range(events.SLICE * 2 + 1))))
    sizes = [len(row.payload["ids"]) for row in OutboxRow.objects.order_by("id")]
    assert sizes == [events.SLICE, events.SLICE, 1]


def test_several_events_go_into_the_outbox_together(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    _bind(monkeypatch, later(note_bells), later(note_bells))
    with django_assert_num_queries(1):
        publish(BellsRung((uuid4(),), "low"), BellsRung((uuid4(),), "high"))
    tones = [row.payload["tone"] for row in OutboxRow.objects.order_by("id")]
    assert tones == ["low", "low", "high", "high"]


def test_an_empty_batch_announces_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _bind(monkeypatch, later(note_bells))
    publish(BellsRung(()))
    assert not OutboxRow.objects.exists()


def test_announcing_outside_a_workspace_is_a_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bind(monkeypatch, later(note_bells))
    with inside(None), pytest.raises(NoWorkspace):
        publish(BellsRung((uuid4(),)))


@pytest.mark.django_db(transaction=True)
def test_announcing_outside_a_transaction_is_a_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        publish(BellsRung((uuid4(),)))


@pytest.mark.parametrize("tone", ["low", "", "“ü”"])
def test_an_event_survives_the_outbox(tone: str) -> None:
    event = BellsRung((uuid4(), uuid4()), tone)
    assert BellsRung.from_payload(event.as_payload()) == event


def test_the_bell_rings_once_for_a_transaction(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    _bind(monkeypatch, later(note_bells), later(note_bells))
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[attr-defined]
        publish(BellsRung((uuid4(),)))
        publish(BellsRung((uuid4(),)))
    assert len(callbacks) == 1
