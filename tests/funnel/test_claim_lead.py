"""Taking leads out of the queue."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from funnel import deadlines
from funnel.actions.claiming import (
    CannotClaimLead,
    CannotHandBack,
    claim_lead,
    claim_next,
    hand_back,
)
from funnel.deadlines import Deadline
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member
from leads.models import Activity, Lead
from tests.builders import a_lead, a_member
from tests.worlds import ACME, make_world

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def an_mql(**given: Any) -> Lead:
    return a_lead(**{"stage": "mql", "stage_entered_at": NOW} | given)


def test_the_nearest_deadline_comes_first_then_class_then_score(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = an_mql(lead_class="cold", score=95)
    warm = an_mql(lead_class="warm", score=60)
    warmer = an_mql(lead_class="warm", score=70)
    urgent = an_mql(lead_class="cold", score=1)
    due = {urgent.pk: Deadline(NOW + timedelta(hours=1))}
    monkeypatch.setattr(deadlines, "_provider", lambda ids: due)
    claimed = [claim_next(by=rita, now=NOW) for _ in range(5)]
    assert claimed == [urgent.pk, warmer.pk, warm.pk, cold.pk, None]


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
