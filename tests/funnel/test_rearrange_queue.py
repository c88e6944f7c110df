"""The order of the queue is held against what it is made of."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from funnel.actions import arranging
from funnel.actions.arranging import arrange_queue
from funnel.jobs import rearrange_all_queues
from funnel.models import NextStep, QueueEntry
from funnel.queries.queue import ORDER
from leads.actions.standing import ShownScore, assign_leads, show_scores
from leads.models import Lead
from leads.models.people import UNSCORED
from tests.builders import a_lead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def queue(world: World) -> list[Lead]:
    leads = [a_lead(name=name, stage="mql", stage_entered_at=NOW) for name in ("A", "B", "C")]
    arrange_queue([each.pk for each in leads])
    return leads


def order() -> list[str]:
    rows = QueueEntry.objects.order_by("due_hour", "urgency", "id")
    return [entry.lead.name for entry in rows.select_related("lead")]


def test_what_was_written_past_the_queue_gets_its_place(
    queue: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arranging, "AT_ONCE", 2)  # more than one round
    a, b, c = queue
    Lead.objects.filter(pk=a.pk).update(stage="customer")
    NextStep.objects.create(lead=c, what="Call", due_at=NOW + timedelta(hours=1))
    QueueEntry.objects.filter(lead=b).delete()

    assert rearrange_all_queues() == 3
    assert order() == ["C", "B"]


def test_a_queue_in_order_stays_untouched(queue: list[Lead]) -> None:
    before = list(QueueEntry.objects.order_by("id").values())

    assert rearrange_all_queues() == 0
    assert list(QueueEntry.objects.order_by("id").values()) == before


def test_the_queue_follows_scores_classes_and_owners(queue: list[Lead], world: World) -> None:
    a, b, c = (each.pk for each in queue)
    until = NOW + timedelta(days=1)
    QueueEntry.objects.update(snoozed_until=until)
    show_scores([ShownScore(b, 80, "hot"), ShownScore(c, 50, "warm")])
    assign_leads([c], owner=world.rita, by=None, now=NOW)

    rows = {each.lead_id: each for each in QueueEntry.objects.select_related("owner")}
    assert order() == ["B", "C", "A"]
    assert [rows[each].score for each in (a, b, c)] == [UNSCORED, 80, 50]
    assert [rows[each].owner for each in (a, b, c)] == [None, None, world.rita]
    assert [rows[each].snoozed_until for each in (a, b, c)] == [until, until, None]
    assert rearrange_all_queues() == 0


def test_a_score_puts_nobody_into_the_queue(world: World) -> None:
    lead = a_lead()
    show_scores([ShownScore(lead.pk, 80, "hot")])
    assert not QueueEntry.objects.exists()


@pytest.mark.parametrize("is_pool", [True, False])
def test_neither_the_pool_nor_ones_own_leads_are_sorted_anew(world: World, is_pool: bool) -> None:
    owner = None if is_pool else world.rita
    a_lead(stage="mql", owner=owner)
    with connection.cursor() as cursor:
        for way in ("sort", "seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = QueueEntry.objects.filter(owner=owner).order_by(*ORDER)[:50].explain()
    assert "Sort" not in plan, plan
