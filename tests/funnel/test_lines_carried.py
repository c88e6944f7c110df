"""Lines of deals go wherever their deal goes: into parcels, to another lead, into archives."""

import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.closing_deals import win_deal
from funnel.actions.cycles import Ending, close_cycle
from funnel.actions.deal_sums import wrong_deal_sums
from funnel.models import Deal, DealLine
from funnel.products.lines import lines_of
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions.disclosing import disclose_lead
from leads.actions.erasing import erase_leads
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.removing import put_back, take_out
from leads.models import RemovedCause
from leads.queries.privacy import label_of_table
from tests.builders import a_deal, a_lead, a_line, a_product
from tests.clients import client_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def said(deal: Deal) -> list[tuple[Any, ...]]:
    """All a line says, and its place."""
    return [(each.pk, each.product_id, each.quantity, each.amount) for each in lines_of(deal)]


@pytest.fixture
def deal(ada: Member) -> Deal:
    made = a_deal(a_lead(stage="sql"))
    a_line(made, a_product(name="Seat"), "2.5")
    a_line(made, a_product(name="Course"))
    made.refresh_from_db()
    return made


def test_a_removed_lead_comes_back_with_the_lines_of_its_deals(deal: Deal, ada: Member) -> None:
    before = said(deal)
    take_out([deal.lead_id], cause=RemovedCause.PERSON, by=ada, now=NOW)
    assert not DealLine.objects.exists()
    assert wrong_deal_sums() == []
    put_back([deal.lead_id], by=ada, now=NOW)
    back = Deal.objects.get(pk=deal.pk)
    assert said(back) == before
    assert (back.amount, back.margin) == (deal.amount, deal.margin) == (3_500, 2_100)
    assert wrong_deal_sums() == []


def test_a_merge_hands_the_lines_over_and_its_undoing_hands_them_back(
    deal: Deal, ada: Member
) -> None:
    before, other = said(deal), a_lead(stage="sql")
    now = datetime.now(UTC)
    merge = merge_leads(other.pk, deal.lead_id, choices={}, by=ada, now=now)
    assert said(Deal.objects.get(lead=other)) == before
    undo_merge(merge.pk, by=ada, now=now)
    assert said(Deal.objects.get(lead=deal.lead_id)) == before
    assert wrong_deal_sums() == []


def test_who_is_erased_leaves_no_line(deal: Deal, ada: Member) -> None:
    erase_leads([deal.lead_id], by=ada, now=datetime.now(UTC), reason="Asked")
    assert not DealLine.objects.exists()


def test_who_asks_is_told_the_lines_too(deal: Deal, ada: Member) -> None:
    assert label_of_table("funnel_dealline") == "Deal lines"
    with zipfile.ZipFile(disclose_lead(deal.lead, by=ada, now=NOW)) as archive:
        held = json.loads(archive.read("data.json"))
    assert [each["amount"] for each in held["funnel_dealline"]] == [2_500, 1_000]


def test_the_archive_of_a_cycle_says_what_was_bought(deal: Deal, ada: Member) -> None:
    win_deal(deal, amount=None, margin=None, by=ada, now=datetime.now(UTC))
    lead = deal.lead
    archive = close_cycle(lead, Ending("Bought"), number=lead.cycle, by=ada, now=datetime.now(UTC))
    kept = [each["lines"] for each in archive.story["deals"]]
    assert [(each["product"], each["quantity"]) for each in kept[0]] == [
        ("Seat", "2.5"),
        ("Course", "1"),
    ]
    DealLine.objects.all().delete()
    shown = client_of(ada).get(workspace_reverse("funnel:cycle", id=archive.pk)).content.decode()
    assert "Seat: 2.5 × €10" in shown
