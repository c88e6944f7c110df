"""Sums of deals are kept, whatever happens to the deals, and always equal a recount."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from threading import Barrier

import pytest
from django.db import connection

from funnel.actions.closing_deals import lose_deal, reopen_deal, win_deal
from funnel.actions.deal_sums import fold_deal_sums, repair_deal_sums, wrong_deal_sums
from funnel.actions.deals import MOST_MONEY, change_deal, move_deal
from funnel.actions.pipeline_stages import change_stage, retire_stage
from funnel.actions.pipelines import first_stage
from funnel.jobs import fold_all_deal_sums
from funnel.models import Deal, DealSum, PipelineStage
from funnel.queries.board import board_of, sums_of
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions.erasing import erase_leads
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.removing import take_out
from leads.models import Lead, RemovedCause
from tests.builders import a_deal, a_lead
from tests.clients import client_of
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def stages() -> list[PipelineStage]:
    return list(PipelineStage.objects.order_by("position"))


def test_a_column_says_what_stands_in_it(rita: Member, rob: Member) -> None:
    needs, offer = first_stage(), stages()[1]
    a_deal(amount=1_000, margin=400, owner=rita)
    a_deal(amount=500, margin=None, owner=rob, probability=50)
    a_deal(amount=None, margin=None, stage=offer)
    in_needs, in_offer = board_of(needs.pipeline)[:2]
    assert (in_needs.sum.deals, in_needs.sum.amount, in_needs.sum.margin) == (2, 1_500, 400)
    assert in_needs.sum.weighted == 1_000 * 20 // 100 + 250
    assert (in_offer.sum.deals, in_offer.sum.amount) == (1, 0)
    assert board_of(needs.pipeline, owner=rob.pk)[0].sum.amount == 500


def test_a_new_probability_of_a_stage_weighs_its_deals_anew(rita: Member) -> None:
    stage = first_stage()
    a_deal(amount=1_000)
    change_stage(stage, changes={"probability": 70})
    assert sums_of([stage])[stage.pk].weighted == 700


def test_sums_equal_a_recount_whatever_happens(rita: Member, rob: Member, ada: Member) -> None:
    dice = Random(5)
    leads = [a_lead(stage="sql") for _ in range(6)]
    for _ in range(12):
        a_deal(dice.choice(leads), owner=dice.choice([rita, rob, None]), margin=None)

    def some(status: str = "open") -> Deal:
        return dice.choice(list(Deal.objects.filter(status=status)) or [a_deal()])

    def merged() -> None:
        kept, gone = dice.sample(list(Lead.objects.filter(deals__isnull=False).distinct()), 2)
        merge = merge_leads(kept.pk, gone.pk, choices={}, by=ada, now=datetime.now(UTC))
        assert wrong_deal_sums() == []
        if dice.random() < 0.5:
            undo_merge(merge.pk, by=ada, now=datetime.now(UTC))

    def removed() -> None:
        lead = dice.choice(list(Lead.objects.all()))
        take_out([lead.pk], cause=RemovedCause.PERSON, by=ada, now=datetime.now(UTC))

    happenings: list[Callable[[], object]] = [
        lambda: move_deal(some(), stage=dice.choice(stages()), by=ada, now=NOW),
        lambda: change_deal(
            some(), changes={"amount": dice.randrange(50_000, 99_000)}, by=ada, now=NOW
        ),
        lambda: change_deal(some(), changes={"probability": 30}, by=ada, now=NOW),
        lambda: change_deal(some(), changes={"owner": rob}, by=ada, now=NOW),
        lambda: win_deal(some(), amount=50_000, margin=50, by=ada, now=NOW),
        lambda: lose_deal(some(), reason="Dear", by=ada, now=NOW),
        lambda: reopen_deal(some("won"), by=ada, now=NOW),
        merged,
        removed,
        fold_deal_sums,
        a_deal,
    ]
    for _ in range(60):
        dice.choice(happenings)()
        assert wrong_deal_sums() == []


def test_erasing_a_person_takes_their_deals_out(ada: Member) -> None:
    deal = a_deal()
    stage = deal.stage
    erase_leads([deal.lead_id], by=ada, now=datetime.now(UTC), reason="Asked")
    assert wrong_deal_sums() == []
    assert stage.pk not in sums_of([stage])


def test_a_retired_stage_hands_its_deals_on_with_their_sums(ada: Member) -> None:
    stage = first_stage()
    into = stages()[2]
    a_deal(amount=700)
    assert retire_stage(stage, into=into, by=ada, now=NOW) == 1
    assert sums_of([stage, into])[into.pk].amount == 700
    assert wrong_deal_sums() == []


def test_folding_leaves_one_row_of_what_counts(rita: Member) -> None:
    deals = [a_deal(owner=rita) for _ in range(3)]
    move_deal(deals[0], stage=stages()[1], by=rita, now=NOW)
    move_deal(deals[0], stage=stages()[2], by=rita, now=NOW)
    assert DealSum.objects.count() == 7
    assert fold_all_deal_sums() == 1
    assert sorted(DealSum.objects.values_list("deals", flat=True)) == [1, 2]
    assert fold_all_deal_sums() == 0
    assert wrong_deal_sums() == []


def test_sums_that_went_wrong_are_put_right(rita: Member) -> None:
    a_deal(amount=500)
    DealSum.objects.update(amount=7)
    assert len(wrong_deal_sums()) == 1
    assert repair_deal_sums() == 1
    assert (wrong_deal_sums(), repair_deal_sums()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_sums_hold_while_many_move_at_once(world: World) -> None:
    deals = [a_deal(amount=100 + nth) for nth in range(6)]
    targets, gate = stages(), Barrier(4)

    def mover(number: int) -> None:
        dice = Random(number)
        try:
            with inside(world.acme.pk):
                gate.wait(10)
                for _ in range(12):
                    move_deal(dice.choice(deals), stage=dice.choice(targets), by=None, now=NOW)
                    if dice.random() < 0.3:
                        fold_deal_sums()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as movers:
        list(movers.map(mover, range(4)))
    assert wrong_deal_sums() == []
    assert sum(each.sum.deals for each in board_of(first_stage().pipeline)) == 6


def test_the_largest_deals_there_can_be_are_summed(ada: Member) -> None:
    stage, lead = first_stage(), a_lead(stage="sql")
    largest = {"amount": MOST_MONEY, "probability": 100, "stage": stage, "owner": ada}
    Deal.objects.bulk_create([Deal(lead=lead, name="Big", **largest) for _ in range(95)])
    fold_deal_sums()
    assert wrong_deal_sums() == []
    assert sums_of([stage])[stage.pk].weighted == 95 * MOST_MONEY
    browser = client_of(ada)
    for page in ("funnel:board", "funnel:pipeline_list", "funnel:forecast", "funnel:deal_list"):
        assert browser.get(workspace_reverse(page)).status_code == 200, page
