"""Deals: from an offer to a customer."""

from datetime import UTC, datetime, timedelta

import pytest

from funnel.actions.close_reasons import retire_close_reason
from funnel.actions.closing_deals import CannotCloseDeal, lose_deal, reopen_deal, win_deal
from funnel.actions.deal_history import DealChanged
from funnel.actions.deal_sums import wrong_deal_sums
from funnel.actions.deals import CannotOpenDeal, DealClosed, change_deal, open_deal
from funnel.actions.pipeline_stages import retire_stage
from funnel.actions.pipelines import add_pipeline, first_stage, retire_pipeline
from funnel.events import DealsWon
from funnel.models import CloseReason, Deal, DealChange, PipelineStage, QueueEntry
from leadmgmt.kernel import events
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.removing import take_out
from leads.models import Activity, Lead, RemovedCause
from tests.builders import a_company, a_deal, a_key, a_lead
from tests.clients import api_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=9)


def test_a_deal_is_opened_for_an_sql_and_for_nobody_earlier(rita: Member) -> None:
    with pytest.raises(CannotOpenDeal, match="Qualify the lead first"):
        open_deal(a_lead(stage="mql"), name="Ten seats", by=rita, now=NOW)
    lead = a_lead(stage="sql", company=a_company())
    deal = open_deal(lead, name="Ten seats", amount=100, by=rita, now=NOW)
    assert (deal.company, deal.owner_id, deal.opened_at) == (lead.company, rita.pk, NOW)


@pytest.mark.parametrize("became", ["disqualified", "another rep's", "removed"])
def test_who_looked_at_an_old_page_opens_no_deal(rita: Member, rob: Member, became: str) -> None:
    lead = a_lead(stage="sql", owner=rita)
    if became == "removed":
        take_out([lead.pk], cause=RemovedCause.PERSON, by=rita, now=NOW)
    elif became == "disqualified":
        Lead.objects.filter(pk=lead.pk).update(stage="disqualified")
    else:
        Lead.objects.filter(pk=lead.pk).update(owner=rob)
    with pytest.raises(Refusal, match=r"removed meanwhile|Qualify the lead|Rob has"):
        open_deal(lead, name="Ten seats", by=rita, now=NOW)
    assert not Deal.objects.exists()


def test_a_reason_that_is_offered_no_more_closes_nothing(rita: Member) -> None:
    deal = a_deal(a_lead(stage="sql", owner=rita))
    reason = CloseReason.objects.filter(status="lost")[0]
    retire_close_reason(reason, now=NOW)
    reason.refresh_from_db()
    with pytest.raises(CannotCloseDeal, match="offered no more"):
        lose_deal(deal, close_reason=reason, by=rita, now=NOW)
    deal.refresh_from_db()
    assert deal.status == "open"


def test_a_double_click_opens_one_deal(rita: Member) -> None:
    lead = a_lead(stage="sql")
    first, second = (open_deal(lead, name="Seats", key="k", by=rita, now=NOW) for _ in range(2))
    assert first == second
    assert Activity.objects.filter(kind="deal_opened").count() == 1


def test_a_key_that_opened_a_deal_with_somebody_else_opens_none(rita: Member) -> None:
    lead, other = a_lead(stage="sql"), a_lead(stage="sql")
    client = api_of(a_key(rita))
    told = {"name": "Seats", "key": "order-7"}
    made = client.post("/api/v1/deals/", told | {"lead": str(lead.pk)})
    again = client.post("/api/v1/deals/", told | {"lead": str(lead.pk)})
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    refused = client.post("/api/v1/deals/", told | {"lead": str(other.pk)})
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["field"] == "key"
    assert "“order-7” has opened a deal with another lead" in refused.json()["detail"]
    assert Deal.objects.count() == 1


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
    change_deal(deal, changes={"name": "Seats", "amount": 50_000}, by=rita, now=NOW)
    assert Deal.objects.get().amount == 50_000
    lose_deal(deal, reason="Too dear", by=rita, now=NOW)
    with pytest.raises(DealClosed, match="stays as it is"):
        change_deal(deal, changes={"name": "Seats"}, by=rita, now=LATER)


def test_what_it_said_before_is_kept(rita: Member) -> None:
    deal = a_deal(amount=100, margin=10)
    wanted = {"amount": 500, "margin": 10, "expected_on": LATER.date(), "next_step": " Call  Ann "}
    change_deal(deal, changes=wanted, by=rita, now=NOW)
    kept = {row.field: (row.old, row.new, row.by) for row in DealChange.objects.all()}
    assert kept == {
        "amount": (100, 500, rita),
        "expected_on": (None, "2026-03-11", rita),
        "next_step": ("", "Call Ann", rita),
    }


def test_two_who_change_a_deal_do_not_overwrite_each_other(rita: Member, rob: Member) -> None:
    deal = a_deal()
    change_deal(deal, changes={"amount": 50_000}, by=rita, now=NOW, seen=1)
    with pytest.raises(DealChanged, match="changed meanwhile"):
        change_deal(deal, changes={"amount": 60_000}, by=rob, now=NOW, seen=1)
    assert change_deal(deal, changes={"amount": 60_000}, by=rob, now=NOW, seen=2).version == 3


@pytest.mark.parametrize("probability", [-1, 101])
def test_a_probability_is_a_percentage(rita: Member, probability: int) -> None:
    with pytest.raises(CannotOpenDeal, match="0 to 100"):
        change_deal(a_deal(), changes={"probability": probability}, by=rita, now=NOW)


def test_a_deal_lost_by_mistake_is_opened_again(rita: Member) -> None:
    deal = a_deal()
    lose_deal(deal, reason="Too dear", by=rita, now=NOW)
    reopen_deal(deal, by=rita, now=LATER)
    deal.refresh_from_db()
    assert (deal.status, deal.closed_at, deal.reason) == ("open", None, "")
    assert {"status", "reason"} <= set(DealChange.objects.values_list("field", flat=True))


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_deal_opened_again_counts_in_the_queue(rita: Member, status: str) -> None:
    deal = a_deal(amount=70_000)
    if status == "won":
        win_deal(deal, amount=70_000, margin=5, by=rita, now=NOW)
    else:
        lose_deal(deal, reason="Too dear", by=rita, now=NOW)
    reopen_deal(deal, by=rita, now=LATER)
    assert QueueEntry.objects.get(lead=deal.lead_id).value == 70_000


@pytest.mark.parametrize("retired", ["stage", "pipeline"])
def test_a_deal_opened_again_stands_where_it_can_be_seen(rita: Member, retired: str) -> None:
    deal = a_deal(stage=PipelineStage.objects.get(pipeline=first_stage().pipeline, position=2))
    lose_deal(deal, reason="Too dear", by=rita, now=NOW)
    other = add_pipeline(name="Renewals")
    if retired == "stage":
        retire_stage(deal.stage, into=None, by=rita, now=NOW)
    else:
        retire_pipeline(deal.stage.pipeline, now=NOW)
    reopened = reopen_deal(deal, by=rita, now=LATER)
    deal.refresh_from_db()
    expected = "Sales" if retired == "stage" else str(other)
    assert (str(deal.stage.pipeline), deal.stage.name, deal.status) == (expected, "Needs", "open")
    assert (reopened, deal.stage_entered_at) == (deal, LATER)
    line = DealChange.objects.get(field="stage")
    assert (line.old, line.new, line.by) == ("Negotiation", "Needs", rita)
    assert wrong_deal_sums() == []


def test_who_bought_nothing_after_all_is_an_sql_again(rita: Member) -> None:
    company = a_company()
    lead = a_lead(stage="sql", company=company)
    deal, other = a_deal(lead), a_deal(lead)
    for each, at in ((deal, NOW), (other, LATER)):
        win_deal(each, amount=100, margin=5, by=rita, now=at)
    reopen_deal(deal, by=rita, now=LATER)
    company.refresh_from_db()
    lead.refresh_from_db()
    assert (lead.stage, company.customer_since) == ("customer", LATER)
    reopen_deal(other, by=rita, now=LATER)
    company.refresh_from_db()
    lead.refresh_from_db()
    assert (lead.stage, company.customer_since) == ("sql", None)


def test_a_reason_of_the_list_stands_for_words(rita: Member) -> None:
    dear = CloseReason.objects.create(status="lost", name="Too expensive")
    deal = a_deal()
    with pytest.raises(CannotCloseDeal, match="for deals that are Lost"):
        win_deal(deal, amount=9, margin=1, close_reason=dear, by=rita, now=NOW)
    lose_deal(deal, close_reason=dear, by=rita, now=NOW)
    deal.refresh_from_db()
    assert (deal.close_reason, deal.reason) == (dear, "Too expensive")
