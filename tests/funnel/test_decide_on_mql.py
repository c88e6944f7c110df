"""Accepting, rejecting and recycling an MQL: only with a reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from funnel.actions.coming_back import bring_back
from funnel.actions.deciding import CannotDecide, accept_mql, recycle_mql, reject_mql
from funnel.actions.definitions import start_funnel
from funnel.actions.holding import CannotWorkLead, NotInQueue
from funnel.actions.playbooks import NewPlaybook, publish_playbook
from funnel.actions.promoting import promote_qualified
from funnel.models import Definition, Disposition, NextStep, QueueEntry, StageMove
from funnel.playbook import REASONS, USUAL
from leadmgmt.workspaces.models import Member
from leads.models import Activity, Lead
from tests.builders import a_lead

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def lead(rita: Member) -> Lead:
    return a_lead(name="Nina", stage="mql", highest_stage="mql", owner=rita, score=90)


def reject(lead: Lead, by: Member, **given: Any) -> Disposition:
    standard: dict[str, Any] = {"reason": "wrong_person", "words": "A student", "now": NOW}
    return reject_mql(lead, by=by, **standard | given)


def recycle(lead: Lead, by: Member, **given: Any) -> Disposition:
    standard: dict[str, Any] = {"reason": "no_time_yet", "return_on": date(2026, 6, 1), "now": NOW}
    return recycle_mql(lead, by=by, **standard | given)


def test_a_rejected_lead_goes_back_to_marketing(lead: Lead, rita: Member) -> None:
    NextStep.objects.create(lead=lead, what="Call", due_at=NOW + DAY)
    said = reject(lead, rita)
    lead.refresh_from_db()
    assert (lead.stage, lead.owner, said.kind, said.by) == ("lead", None, "rejected", rita)
    assert StageMove.objects.get(lead=lead).reason == "Rejected: Wrong person: A student"
    assert not QueueEntry.objects.exists()
    assert not NextStep.objects.filter(done_at=None).exists()
    assert Activity.objects.get(kind="disposition").properties["words"] == "A student"


def test_a_recycled_lead_is_nurtured_until_its_day(lead: Lead, rita: Member) -> None:
    recycle(lead, rita)
    lead.refresh_from_db()
    assert (lead.stage, lead.owner) == ("nurturing", None)
    bring_back(now=datetime(2026, 6, 2, tzinfo=UTC))
    lead.refresh_from_db()
    assert (lead.stage, lead.owner) == ("mql", None)


def test_an_accepted_lead_stays_where_it_is(lead: Lead, rita: Member) -> None:
    said = accept_mql(lead, reason="fits", by=rita, now=NOW)
    lead.refresh_from_db()
    assert (lead.stage, lead.owner, said.kind) == ("mql", rita, "accepted")


def test_what_was_accepted_can_be_recycled_and_counts_once(lead: Lead, rita: Member) -> None:
    accept_mql(lead, reason="fits", by=rita, now=NOW)
    recycle(lead, rita, now=NOW + DAY)
    assert Disposition.objects.get().kind == "recycled"


@pytest.mark.parametrize(
    ("given", "sentence", "field"),
    [
        ({"reason": ""}, "Choose a reason", "reason"),
        ({"reason": "ugly"}, "“ugly” is no reason here", "reason"),
        ({"words": " "}, "Say in a few words", "words"),
    ],
)
def test_nobody_rejects_without_saying_why(
    lead: Lead, rita: Member, given: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(CannotDecide, match=sentence) as refused:
        reject(lead, rita, **given)
    assert refused.value.field == field
    assert not Disposition.objects.exists()


@pytest.mark.parametrize("day", [None, date(2026, 3, 2), date(2029, 1, 1)])
def test_nobody_recycles_without_a_day(lead: Lead, rita: Member, day: date | None) -> None:
    with pytest.raises(CannotDecide) as refused:
        recycle(lead, rita, return_on=day)
    assert refused.value.field == "return_on"


def test_a_double_click_says_it_once(lead: Lead, rita: Member) -> None:
    assert reject(lead, rita) == reject(lead, rita, now=NOW + timedelta(seconds=1))
    assert (StageMove.objects.count(), Activity.objects.filter(kind="disposition").count()) == (
        1,
        1,
    )


def test_an_old_page_decides_nothing(lead: Lead, rita: Member, rob: Member) -> None:
    reject(lead, rita)
    with pytest.raises(NotInQueue, match="its stage is Lead"):
        recycle(lead, rita)
    other = a_lead(name="Piet", stage="mql", owner=rob)
    with pytest.raises(CannotWorkLead, match="Rob has Piet"):
        reject(other, rita)
    with pytest.raises(CannotWorkLead, match="Claim the lead first"):
        reject(a_lead(stage="mql"), rita)


def test_a_rule_brings_nobody_back_before_the_cool_off_is_over(rita: Member) -> None:
    start_funnel(now=NOW - DAY)
    Definition.objects.filter(stage="mql").update(condition={"field": "score", "is_at_least": 50})
    lead = a_lead(score=90)
    assert promote_qualified([lead.pk], now=NOW) == (lead.pk,)
    Lead.objects.filter(pk=lead.pk).update(owner=rita)
    reject(lead, rita, now=NOW + DAY)
    assert Disposition.objects.get().definition == Definition.objects.get(stage="mql")
    reasons = {kind: [each.label for each in some] for kind, some in REASONS.items()}
    playbook = NewPlaybook(questions=USUAL, reasons=reasons, cool_off_days=10)
    publish_playbook(playbook, reason="Quicker", by=rita, now=NOW)
    assert promote_qualified([lead.pk], now=NOW + 10 * DAY) == ()
    assert promote_qualified([lead.pk], now=NOW + 12 * DAY) == (lead.pk,)
