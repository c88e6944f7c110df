"""Deals: from an offer to a customer."""

from datetime import UTC, datetime, timedelta

import pytest

from funnel.actions.deals import (
    CannotCloseDeal,
    CannotOpenDeal,
    DealClosed,
    change_deal,
    lose_deal,
    open_deal,
    win_deal,
)
from funnel.events import DealsWon
from funnel.models import Deal
from leadmgmt.kernel import events
from leadmgmt.workspaces.models import Member
from leads.models import Activity
from tests.builders import a_company, a_deal, a_lead

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=9)


def test_a_deal_is_opened_for_an_sql_and_for_nobody_earlier(rita: Member) -> None:
    with pytest.raises(CannotOpenDeal, match="Qualify the lead first"):
        open_deal(a_lead(stage="mql"), name="Ten seats", by=rita, now=NOW)
    lead = a_lead(stage="sql", company=a_company())
    deal = open_deal(lead, name="Ten seats", amount=100, by=rita, now=NOW)
    assert (deal.company, deal.owner_id, deal.opened_at) == (lead.company, rita.pk, NOW)


def test_a_double_click_opens_one_deal(rita: Member) -> None:
    lead = a_lead(stage="sql")
    first, second = (open_deal(lead, name="Seats", key="k", by=rita, now=NOW) for _ in range(2))
    assert first == second
    assert Activity.objects.filter(kind="deal_opened").count() == 1


@pytest.mark.parametrize(("amount", "margin"), [(0, 0), (-5, None), (100, 101)])
def test_figures_that_cannot_be_are_refused(rita: Member, amount: int, margin: int | None) -> None:
    with pytest.raises(CannotOpenDeal):
        open_deal(a_lead(stage="sql"), name="x", amount=amount, margin=margin, by=rita, now=NOW)


def test_a_won_deal_makes_the_person_and_the_company_customers(
    rita: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[DealsWon] = []
    monkeypatch.setattr(events, "_table", {DealsWon: [events.now(said.append)]})
    company = a_company()
    lead = a_lead(stage="sql", company=company)
    for _ in range(2):
        win_deal(a_deal(lead), amount=100, margin=-20, by=rita, now=NOW)
    lead.refresh_from_db()
    company.refresh_from_db()
    assert (lead.stage, lead.highest_stage) == ("customer", "customer")
    assert (company.stage, company.customer_since) == ("customer", NOW)
    assert said == [DealsWon((lead.pk,))] * 2


def test_the_first_sale_dates_the_customer(rita: Member) -> None:
    company = a_company()
    lead = a_lead(stage="sql", company=company)
    win_deal(a_deal(lead), amount=100, margin=20, by=rita, now=NOW)
    win_deal(a_deal(lead), amount=100, margin=20, by=rita, now=LATER)
    company.refresh_from_db()
    assert company.customer_since == NOW


@pytest.mark.parametrize(("amount", "margin"), [(None, 5), (100, None)])
def test_winning_needs_amount_and_margin(
    rita: Member, amount: int | None, margin: int | None
) -> None:
    deal = a_deal()
    with pytest.raises(CannotCloseDeal):
        win_deal(deal, amount=amount, margin=margin, by=rita, now=NOW)
    win_deal(deal, amount=100, margin=5, by=rita, now=NOW)


def test_winning_twice_wins_once(rita: Member) -> None:
    deal = a_deal()
    for _ in range(2):
        win_deal(deal, amount=100, margin=5, by=rita, now=NOW)
    assert Activity.objects.filter(kind="deal_won").count() == 1
    with pytest.raises(DealClosed, match="closed already: Won"):
        win_deal(deal, amount=200, margin=5, by=rita, now=LATER)


def test_losing_needs_a_reason_and_is_final(rita: Member) -> None:
    deal = a_deal()
    with pytest.raises(CannotCloseDeal, match="Say why"):
        lose_deal(deal, reason="", by=rita, now=NOW)
    lose_deal(deal, reason="Too dear", by=rita, now=NOW)
    with pytest.raises(DealClosed):
        win_deal(deal, amount=100, margin=5, by=rita, now=LATER)
    assert Deal.objects.get().closed_at == NOW


def test_an_open_deal_can_be_corrected_and_a_closed_one_not(rita: Member) -> None:
    deal = a_deal()
    figures = {"amount": 500, "margin": None, "expected_on": None, "by": rita}
    change_deal(deal, name="Seats", **figures)  # type: ignore[arg-type]
    assert Deal.objects.get().amount == 500
    lose_deal(deal, reason="Too dear", by=rita, now=NOW)
    with pytest.raises(DealClosed, match="stays as it is"):
        change_deal(deal, name="Seats", **figures)  # type: ignore[arg-type]
