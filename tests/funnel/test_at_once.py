"""Several people and workers after the same lead or deal in one moment: nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from funnel.actions.claiming import claim_lead, claim_next
from funnel.actions.closing_deals import lose_deal, reopen_deal, win_deal
from funnel.actions.deal_sums import fold_deal_sums, wrong_deal_sums
from funnel.actions.deals import change_deal, move_deal
from funnel.actions.definitions import (
    discard_draft,
    propose_change,
    publish_definition,
    start_funnel,
)
from funnel.actions.handing import hand_over
from funnel.actions.pipeline_stages import retire_stage
from funnel.actions.pipelines import add_pipeline, first_stage, lock_pipelines, retire_pipeline
from funnel.customers.keeping import wrong_sums
from funnel.customers.owning import give_customers
from funnel.health.judging import judge_customers
from funnel.models import (
    Assignment,
    Customer,
    CustomerChange,
    Deal,
    DealChange,
    Definition,
    PipelineStage,
    QueueEntry,
)
from funnel.routing.drafting import RuleWords
from funnel.routing.giving import route_leads, route_waiting
from funnel.routing.shares import ShareWords, set_share
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leads.actions.merging import merge_leads
from leads.models import Activity, Lead
from tests.builders import a_company, a_customer, a_deal, a_key, a_lead, a_plan, a_team
from tests.clients import api_of
from tests.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], Any]


def at_once(world: World, *works: Work) -> list[Any]:
    """What each came to, all begun in the same moment; a refusal is an answer, a fault is not."""
    gate = Barrier(len(works))

    def act(work: Work) -> Any:
        try:
            with inside(world.acme.pk):
                gate.wait(10)
                return work()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as people:
        return list(people.map(act, works))


def test_a_lead_that_everybody_wants_has_one_owner_who_is_told_everywhere(world: World) -> None:
    a_plan(RuleWords("All", team=a_team("South", world.rob)))
    now = timezone.now()
    for _ in range(5):
        lead = a_lead(stage="mql")
        at_once(
            world,
            partial(claim_lead, lead, by=world.rita, now=now),
            partial(claim_next, by=world.max, now=now),
            partial(route_leads, [lead.pk], now=now),
            partial(hand_over, lead, to=world.ada, by=world.max, now=now),
        )
        lead.refresh_from_db()
        entry = QueueEntry.objects.get(lead=lead)
        assert lead.owner_id is not None
        assert entry.owner_id == lead.owner_id
        routed = Assignment.objects.filter(lead=lead).count()
        assert routed <= 1
        Lead.objects.filter(pk=lead.pk).update(stage="lead")
        QueueEntry.objects.filter(pk=entry.pk).delete()


def test_two_workers_never_give_more_than_the_capacity(world: World) -> None:
    south = a_team("South", world.rita, world.rob)
    for member in (world.rita, world.rob):
        set_share(south, member, ShareWords(capacity=3), by=None, now=timezone.now())
    a_plan(RuleWords("All", team=south))
    leads, now = [a_lead(stage="mql").pk for _ in range(12)], timezone.now()
    parts = [leads[at::4] for at in range(4)]
    at_once(world, *[partial(route_leads, part, now=now) for part in parts])
    for member in (world.rita, world.rob):
        assert Lead.objects.filter(owner=member).count() == 3
    assert Assignment.objects.count() == 6
    at_once(world, *[lambda: route_waiting(now=timezone.now()) for _ in range(3)])
    assert Lead.objects.exclude(owner=None).count() == 6


def test_a_card_is_moved_and_won_once(world: World) -> None:
    deal = a_deal(owner=world.rita)
    stages = list(PipelineStage.objects.order_by("position"))
    now: datetime = timezone.now()

    def move(to: PipelineStage) -> Any:
        return move_deal(
            Deal.objects.get(pk=deal.pk), stage=to, by=None, now=now, seen_in=stages[0]
        )

    at_once(world, lambda: move(stages[1]), lambda: move(stages[2]), lambda: move(stages[3]))
    assert DealChange.objects.filter(deal=deal, field="stage").count() == 1

    def win() -> None:
        found = Deal.objects.select_related("lead__owner").get(pk=deal.pk)
        win_deal(found, amount=900, margin=300, by=None, now=now)

    at_once(world, win, win, win, fold_deal_sums, fold_deal_sums)
    assert Activity.objects.filter(kind="deal_won").count() == 1
    assert wrong_deal_sums() == []


@pytest.mark.parametrize("verb", ["win", "lose", "reopen", "change"])
def test_a_deal_is_decided_while_its_lead_is_merged(world: World, verb: str) -> None:
    kept, gone, now = a_lead(stage="sql"), a_lead(stage="sql"), timezone.now()
    closed = {"status": "lost", "closed_at": now} if verb == "reopen" else {}
    deal = a_deal(gone, **closed)
    works: dict[str, Work] = {
        "win": partial(win_deal, deal, amount=900, margin=300, by=None, now=now),
        "lose": partial(lose_deal, deal, reason="Too dear", by=None, now=now),
        "reopen": partial(reopen_deal, deal, by=None, now=now),
        "change": partial(change_deal, deal, changes={"amount": 90_000}, by=None, now=now),
    }
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            pair = Lead.objects.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
            list(pair.select_for_update())
            going = other.submit(at_once, world, works[verb])
            with pytest.raises(TimeoutError):
                going.result(0.3)
            merge_leads(kept.pk, gone.pk, choices={}, by=None, now=now)
        (outcome,) = going.result(10)
    assert not isinstance(outcome, Refusal)
    deal.refresh_from_db()
    kept.refresh_from_db()
    assert deal.lead_id == kept.pk
    expected = {"win": "won", "lose": "lost", "reopen": "open", "change": "open"}[verb]
    assert deal.status == expected
    assert kept.stage == ("customer" if verb == "win" else "sql")


@pytest.mark.parametrize("what", ["pipelines", "pipeline-stages"])
def test_a_pipeline_is_changed_by_two_without_a_deadlock(world: World, what: str) -> None:
    stage = first_stage()
    add_pipeline(name="Renewals")
    api, row = api_of(a_key(world.ada)), stage if what == "pipeline-stages" else stage.pipeline
    told = {"name": "Other"} | ({"position": 1} if row is stage else {"is_retired": False})
    change = partial(api.patch, f"/api/v1/{what}/{row.pk}/", told)
    now = timezone.now()
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            lock_pipelines()
            going = other.submit(at_once, world, change)
            with pytest.raises(TimeoutError):
                going.result(0.5)
            if row is stage:
                retire_stage(stage, into=None, by=None, now=now)
            else:
                retire_pipeline(stage.pipeline, now=now)
        (answer,) = going.result(10)
    assert answer.status_code == 200
    assert answer.json()["name"] == "Other"


def test_a_version_published_in_that_moment_is_not_discarded(world: World) -> None:
    now = timezone.now()
    start_funnel(now=now)
    draft = propose_change(stage="mql", explanation="E", reason="R", by=world.ada)
    signed = {"marketing_by": world.mara, "marketing_at": now}
    signed |= {"sales_by": world.max, "sales_at": now}
    Definition.objects.filter(pk=draft.pk).update(**signed)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            publish_definition(draft, by=world.ada, now=now)
            going = other.submit(at_once, world, lambda: discard_draft(stage="mql"))
            with pytest.raises(TimeoutError):
                going.result(0.3)
        going.result(10)
    assert Definition.objects.published().get(stage="mql").pk == draft.pk


def test_two_first_sales_to_one_company_both_count(world: World) -> None:
    firm = a_company()
    deals = [a_deal(a_lead(stage="sql", company=firm)) for _ in range(2)]

    def win(deal: Deal) -> Any:
        return win_deal(deal, amount=1_000, margin=400, by=None, now=timezone.now())

    assert at_once(world, *(partial(win, each) for each in deals)) == [None, None]
    customer = Customer.objects.get()
    assert (customer.company, customer.deals_won, customer.margin) == (firm, 2, 800)
    assert not wrong_sums()


def test_many_sales_to_one_customer_at_once_are_all_counted(world: World) -> None:
    customer = a_customer()
    people = [a_lead(stage="sql", company=customer.company) for _ in range(6)]

    def win(deal: Deal) -> Any:
        return win_deal(deal, amount=1_000, margin=400, by=None, now=timezone.now())

    works = [partial(win, a_deal(each)) for each in people]
    assert at_once(world, *works, partial(judge_customers, None, now=timezone.now())) == [
        *([None] * 6),
        [],
    ]
    customer.refresh_from_db()
    assert (customer.deals_won, customer.margin) == (6, 2_400)


def test_a_customer_two_people_give_away_has_one_owner(world: World) -> None:
    customer = a_customer()
    works = [
        partial(give_customers, [customer.pk], owner=each, by=world.max, now=timezone.now())
        for each in (world.rita, world.rob)
    ]
    at_once(world, *works)
    customer.refresh_from_db()
    told = CustomerChange.objects.filter(field="owner").order_by("id")
    assert [each.new for each in told][-1] == customer.owner.name
    assert told[1].old == told[0].new
