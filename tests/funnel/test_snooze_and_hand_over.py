"""Putting a lead aside until a moment, and handing one to a colleague."""

from datetime import UTC, datetime, timedelta

import pytest

from funnel.actions.claiming import hand_back
from funnel.actions.handing import CannotHandOver, hand_over
from funnel.actions.holding import CannotWorkLead
from funnel.actions.snoozing import CannotSnooze, snooze_lead, wake_lead
from funnel.models import QueueEntry
from funnel.queries.queue import queue_of
from leadmgmt.workspaces.models import Member, Notice
from leads.models import Activity, Lead
from tests.builders import a_lead

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def lead(rita: Member) -> Lead:
    return a_lead(name="Nina", stage="mql", owner=rita)


def seen(member: Member, now: datetime) -> tuple[list[str], list[str]]:
    found = queue_of(member, {}, now=now)
    return [str(each.lead) for each in found.mine], [str(each.lead) for each in found.snoozed]


def test_a_snoozed_lead_comes_back_by_itself(lead: Lead, rita: Member) -> None:
    snooze_lead(lead, until=TOMORROW, reason="On holiday", by=rita, now=NOW)
    assert seen(rita, NOW) == ([], ["Nina"])
    assert seen(rita, TOMORROW + timedelta(seconds=1)) == (["Nina"], [])
    assert Activity.objects.get(kind="snoozed").properties["reason"] == "On holiday"


def test_a_snooze_ends_when_somebody_says_so(lead: Lead, rita: Member) -> None:
    for _ in range(2):
        snooze_lead(lead, until=TOMORROW, by=rita, now=NOW)
    assert Activity.objects.count() == 1
    for _ in range(2):
        wake_lead(lead, by=rita, now=NOW)
    assert seen(rita, NOW) == (["Nina"], [])
    assert Activity.objects.count() == 2


@pytest.mark.parametrize("days", [-1, 0, 181])
def test_nobody_snoozes_into_the_past_or_for_ever(lead: Lead, rita: Member, days: int) -> None:
    with pytest.raises(CannotSnooze) as refused:
        snooze_lead(lead, until=NOW + timedelta(days=days), by=rita, now=NOW)
    assert refused.value.field == "until"


def test_what_nobody_holds_is_not_put_aside(max: Member, rob: Member, lead: Lead) -> None:
    with pytest.raises(CannotSnooze, match="Nobody has"):
        snooze_lead(a_lead(stage="mql"), until=TOMORROW, by=max, now=NOW)
    with pytest.raises(CannotWorkLead, match="Rita has Nina"):
        snooze_lead(lead, until=TOMORROW, by=rob, now=NOW)


def test_who_gets_a_lead_gets_it_awake_and_with_a_word(
    lead: Lead, rita: Member, rob: Member
) -> None:
    snooze_lead(lead, until=TOMORROW, by=rita, now=NOW)
    for _ in range(2):
        hand_over(lead, to=rob, word="Speaks Dutch", by=rita, now=NOW)
    lead.refresh_from_db()
    assert lead.owner == rob
    assert QueueEntry.objects.get().snoozed_until is None
    assert Notice.objects.get().text == "Rita hands you Nina: Speaks Dutch"
    assert Activity.objects.get(kind="assigned").properties["word"] == "Speaks Dutch"


def test_only_ones_own_is_handed_over_and_only_to_who_sells(
    lead: Lead, rita: Member, rob: Member, ana: Member
) -> None:
    other = a_lead(name="Piet", stage="mql", owner=rob)
    with pytest.raises(CannotWorkLead, match="Rob has Piet"):
        hand_over(other, to=rita, by=rita, now=NOW)
    with pytest.raises(CannotHandOver, match="Ana does not work the queue"):
        hand_over(lead, to=ana, by=rita, now=NOW)


def test_a_lead_handed_back_is_awake(lead: Lead, rita: Member) -> None:
    snooze_lead(lead, until=TOMORROW, by=rita, now=NOW)
    hand_back(lead, by=rita, now=NOW)
    assert QueueEntry.objects.get().snoozed_until is None
