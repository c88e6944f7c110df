"""Taking leads out of the queue."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from funnel.actions.arranging import arrange_queue
from funnel.actions.claiming import (
    CannotClaimLead,
    CannotHandBack,
    claim_lead,
    claim_next,
    hand_back,
)
from funnel.actions.deals import change_deal, open_deal
from funnel.actions.deciding import reject_mql
from funnel.actions.qualifying import save_qualification
from funnel.actions.stages import enter_stage
from funnel.models import NextStep, QueueEntry
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member
from leads.models import Activity, Lead
from sla.actions import start_policy
from sla.models import Clock, Policy
from tests.builders import a_deal, a_lead, a_member
from tests.worlds import ACME, make_world

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def an_mql(**given: Any) -> Lead:
    return a_lead(**{"stage": "mql", "stage_entered_at": NOW} | given)


def a_clock(lead: Lead, hours: float) -> None:
    policy = Policy.objects.first() or start_policy(by=None, now=NOW)
    Clock.objects.create(lead=lead, policy=policy, due_at=NOW + timedelta(hours=hours))
    arrange_queue([lead.pk])


def a_step(lead: Lead, hours: float, by: Member) -> None:
    NextStep.objects.create(lead=lead, what="Call", due_at=NOW + timedelta(hours=hours), by=by)
    arrange_queue([lead.pk])


def claims(by: Member, most: int) -> list[UUID | None]:
    return [claim_next(by=by, now=NOW) for _ in range(most)]


def test_the_nearest_deadline_comes_first_then_class_then_score(rita: Member) -> None:
    cold = an_mql(lead_class="cold", score=95)
    warm = an_mql(lead_class="warm", score=60)
    warmer = an_mql(lead_class="warm", score=70)
    urgent = an_mql(lead_class="cold", score=1)
    a_clock(urgent, 1)
    assert claims(rita, 5) == [urgent.pk, warmer.pk, warm.pk, cold.pk, None]


def test_within_the_hour_of_a_deadline_class_decides(rita: Member) -> None:
    cold, hot, later = an_mql(lead_class="cold"), an_mql(lead_class="hot"), an_mql()
    for lead, hours in ((cold, 1.1), (hot, 1.9), (later, 2.1)):
        a_clock(lead, hours)
    assert claims(rita, 3) == [hot.pk, cold.pk, later.pk]


def test_then_come_value_and_closeness(rita: Member, max: Member) -> None:
    small, dear, close, stepped = (an_mql(lead_class="hot", score=9 - n) for n in range(4))
    save_qualification(small, {"worth": 100}, by=max, now=NOW)
    save_qualification(dear, {"worth": 90_000_00}, by=max, now=NOW)
    answers = {"need": {"answer": "yes"}}
    save_qualification(close, {"worth": 100, "answers": answers}, by=max, now=NOW)
    sold = a_deal(an_mql(stage="sql", lead_class="hot"), amount=95_000_00).lead
    arrange_queue([sold.pk])
    assert claims(rita, 5) == [sold.pk, dear.pk, close.pk, small.pk, stepped.pk]


def test_what_a_deal_is_worth_counts_at_once(max: Member) -> None:
    first, second = (an_mql(stage="sql") for _ in range(2))
    deal = open_deal(second, name="Seats", amount=900_00, margin=0, by=max, now=NOW)
    values = dict(QueueEntry.objects.values_list("lead_id", "value"))
    assert values == {first.pk: 0, second.pk: 900_00}
    change_deal(deal, changes={"amount": 50_00}, by=max, now=NOW)
    assert QueueEntry.objects.get(lead=second).value == 50_00


def test_a_promised_step_is_a_deadline(rita: Member) -> None:
    first, second = an_mql(), an_mql(lead_class="hot")
    a_step(second, 5, rita)
    a_step(first, 2, rita)
    assert claims(rita, 2) == [first.pk, second.pk]


def test_what_one_sent_back_is_left_to_colleagues(rita: Member, rob: Member) -> None:
    lead, other = an_mql(score=90), an_mql(score=10)
    for by in (rita, rob):
        assert claim_next(by=by, now=NOW) == lead.pk
        reject_mql(lead, reason="wrong_person", words="A student", by=by, now=NOW)
        enter_stage([lead.pk], stage="mql", reason="Again", now=NOW + timedelta(days=40))
        if by == rita:
            assert claims(rita, 2) == [other.pk, None]
    assert claim_next(by=rita, now=NOW) == lead.pk  # nobody is left who did not send it back


def test_only_free_mqls_are_in_the_pool(rita: Member, rob: Member) -> None:
    an_mql(owner=rob)
    a_lead()
    assert claim_next(by=rita, now=NOW) is None
    free = an_mql()
    assert claim_next(by=rita, now=NOW) == free.pk


def test_claiming_twice_claims_once(rita: Member) -> None:
    lead = an_mql()
    claim_lead(lead, by=rita, now=NOW)
    claim_lead(lead, by=rita, now=NOW)
    assert Activity.objects.filter(lead=lead, kind="assigned").count() == 1


def test_who_was_quicker_is_named(rita: Member, rob: Member) -> None:
    lead = an_mql()
    claim_lead(lead, by=rob, now=NOW)
    with pytest.raises(CannotClaimLead, match="Rob was quicker"):
        claim_lead(lead, by=rita, now=NOW)


def test_a_lead_outside_the_queue_cannot_be_claimed(rita: Member) -> None:
    lead = a_lead(name="Nina", stage="nurturing")
    with pytest.raises(CannotClaimLead, match="Nina is not in the queue"):
        claim_lead(lead, by=rita, now=NOW)


def test_a_lead_handed_back_can_be_claimed_by_another(rita: Member, rob: Member) -> None:
    lead = an_mql(owner=rob)
    with pytest.raises(CannotHandBack, match="Rob has"):
        hand_back(lead, by=rita, now=NOW)
    hand_back(lead, by=rob, now=NOW)
    assert claim_next(by=rita, now=NOW) == lead.pk


@pytest.mark.django_db(transaction=True)
def test_thirty_two_claims_at_once_take_thirty_two_leads() -> None:
    make_world()
    with inside(ACME):
        reps = [a_member() for _ in range(8)]
        waiting = {an_mql(score=number).pk for number in range(32)}

    def claim(number: int) -> UUID | None:
        try:
            with inside(ACME):
                return claim_next(by=reps[number % 8], now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        claimed = list(threads.map(claim, range(40)))
    got = [each for each in claimed if each]
    assert len(got) == len(set(got)) == 32
    assert set(got) == waiting
