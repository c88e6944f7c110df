"""Who is a customer follows the stages of people and companies, in the same transaction."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from funnel.actions.closing_deals import reopen_deal, win_deal
from funnel.actions.stages import enter_stage
from funnel.customers.keeping import keep_people, repair_customers, wrong_sums
from funnel.events import CustomersEnded, CustomersWon
from funnel.models import ChecklistItem, Customer, CustomerChange, Deal, Renewal
from leadmgmt.kernel import events
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.editing import change_lead
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.removing import put_back, take_out
from leads.models import Company, Lead, Merge, RemovedCause
from tests.builders import (
    a_checklist_item,
    a_company,
    a_customer,
    a_deal,
    a_lead,
    a_renewal,
    health_rules,
)
from tests.clients import drain

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=9)


def test_a_won_deal_makes_the_company_a_customer_with_its_figures(rita: Member) -> None:
    firm = a_company(owner=rita)
    deal = a_deal(a_lead(stage="sql", company=firm), amount=900, margin=300)
    win_deal(deal, amount=1_000, margin=400, by=rita, now=NOW)
    customer = Customer.objects.get()
    assert (customer.company, customer.lead, customer.owner) == (firm, None, rita)
    assert (customer.since, customer.revenue, customer.margin) == (NOW, 1_000, 400)
    assert (customer.deals_won, customer.last_bought_at) == (1, NOW)


def test_a_person_without_a_company_is_a_customer_alone(rita: Member) -> None:
    lead = a_lead(stage="sql", owner=rita)
    win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=NOW)
    customer = Customer.objects.get()
    assert (customer.company, customer.lead, customer.owner) == (None, lead, rita)
    assert customer.margin == 400


def test_each_further_deal_adds_to_the_same_customer(rita: Member) -> None:
    lead = a_lead(stage="sql", company=a_company())
    for days in range(2):
        moment = NOW + timedelta(days=days)
        win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=moment)
    customer = Customer.objects.get()
    assert (customer.revenue, customer.margin, customer.deals_won) == (2_000, 800, 2)
    assert customer.is_repeat


def test_a_sale_taken_back_leaves_a_former_customer_who_may_return(rita: Member) -> None:
    deal = a_deal(a_lead(stage="sql", company=a_company()))
    win_deal(deal, amount=1_000, margin=400, by=rita, now=NOW)
    was = Customer.objects.get()
    reopen_deal(deal, by=rita, now=LATER)
    former = Customer.objects.get()
    assert (former.pk, former.margin, former.deals_won) == (was.pk, 0, 0)
    assert (former.is_former, Company.objects.get().stage) == (True, "sql")
    win_deal(deal, amount=2_000, margin=700, by=rita, now=LATER)
    again = Customer.objects.get()
    assert (again.pk, again.ended_at, again.margin, again.since) == (was.pk, None, 700, LATER)
    told = CustomerChange.objects.order_by("changed_at", "id").values_list("old", "new")
    assert list(told) == [("", "customer"), ("customer", "former"), ("former", "customer")]


def test_a_move_by_rule_or_hand_ends_it_and_the_row_stays(acme: Workspace) -> None:
    customer = a_customer()
    ids = list(Lead.objects.values_list("pk", flat=True))
    enter_stage(ids, stage="disqualified", reason="Closed down", now=NOW)
    customer.refresh_from_db()
    assert customer.is_former
    assert Customer.objects.current().count() == 0


def test_the_events_name_customers_and_come_once(rita: Member) -> None:
    heard: list[events.Event] = []
    lead = a_lead(stage="sql")
    before = events._table
    table = {**before, CustomersWon: [events.now(heard.append)]}
    table[CustomersEnded] = [events.now(heard.append)]
    try:
        events.bind(table)
        win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=NOW)
        enter_stage([lead.pk], stage="disqualified", reason="Gone", now=LATER)
    finally:
        events.bind(before)
    customer = Customer.objects.get()
    assert heard == [CustomersWon((customer.pk,)), CustomersEnded((customer.pk,))]


def test_who_joins_a_company_brings_their_customer_along(rita: Member) -> None:
    lead = a_lead(stage="sql", owner=rita)
    win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=NOW)
    was = Customer.objects.get()
    firm = a_company()
    Lead.objects.filter(pk=lead.pk).update(company=firm)
    Company.objects.update(stage="customer")
    keep_people([lead.pk], now=LATER)
    customer = Customer.objects.get()
    assert (customer.pk, customer.company, customer.lead) == (was.pk, firm, None)
    assert customer.margin == 400


def test_where_the_company_is_one_already_the_person_becomes_former(rita: Member) -> None:
    firm = a_customer().company
    lead = a_lead(stage="sql")
    win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=NOW)
    alone = Customer.objects.get(lead=lead)
    Lead.objects.filter(pk=lead.pk).update(company=firm)
    keep_people([lead.pk], now=LATER)
    alone.refresh_from_db()
    theirs = Customer.objects.get(company=firm)
    assert (alone.ended_at, alone.margin) == (LATER, 0)
    assert theirs.margin == 400


def test_a_removed_person_takes_the_customer_along_and_brings_it_back(rita: Member) -> None:
    lead = a_lead(stage="sql")
    win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=NOW)
    take_out([lead.pk], cause=RemovedCause.PERSON, by=rita, now=LATER)
    assert not Customer.objects.exists()
    put_back([lead.pk], by=rita, now=LATER)
    drain()
    assert (Customer.objects.get().lead, Customer.objects.get().margin) == (lead, 400)
    assert CustomerChange.objects.count() == 1


def test_deals_of_who_is_removed_leave_the_companys_figures(rita: Member) -> None:
    customer = a_customer()
    buyer = a_lead(stage="sql", company=customer.company)
    win_deal(a_deal(buyer), amount=1_000, margin=400, by=rita, now=NOW)
    take_out([buyer.pk], cause=RemovedCause.PERSON, by=rita, now=LATER)
    customer.refresh_from_db()
    assert (customer.margin, customer.deals_won) == (0, 0)
    assert not wrong_sums()


def _bought_alone(firm: Company | None) -> Lead:
    """Somebody of the firm whose deal was won before they were said to work there."""
    buyer = a_lead(stage="sql")
    win_deal(a_deal(buyer), amount=1_000, margin=400, by=None, now=NOW)
    _work_at(buyer, firm)
    return buyer


def _work_at(lead: Lead, firm: Company | None) -> None:
    lead.refresh_from_db()
    changes = {"company_name": firm.name if firm else ""}
    change_lead(lead, changes=changes, now=LATER)
    drain()


def _margins() -> dict[str, int]:
    return {str(each): each.margin for each in Customer.objects.current()}


def test_what_was_bought_alone_goes_with_the_person_from_company_to_company(
    acme: Workspace,
) -> None:
    one, other = (a_customer(a_company(name=name)).company for name in ("One", "Other"))
    buyer = _bought_alone(one)
    assert _margins() == {"One": 400, "Other": 0}
    _work_at(buyer, other)
    assert _margins() == {"One": 0, "Other": 400}
    _work_at(buyer, None)
    assert _margins() == {"One": 0, "Other": 0, str(buyer): 400}
    assert repair_customers(now=LATER) == 0


def test_a_merge_that_chooses_another_company_is_a_change_of_company(rita: Member) -> None:
    one, other = (a_customer(a_company(name=name)).company for name in ("One", "Other"))
    buyer = _bought_alone(one)
    health_rules(("No buyer", "none", {"field": "name", "is": buyer.name}, "at_risk"))
    gone = a_lead(company=other)
    merge_leads(buyer.pk, gone.pk, choices={"company": "gone"}, by=rita, now=timezone.now())
    drain()
    assert _margins() == {"One": 0, "Other": 400}
    fare = {str(each): each.health for each in Customer.objects.current()}
    assert fare == {"One": "at_risk", "Other": "good"}
    undo_merge(Merge.objects.get().pk, by=rita, now=timezone.now())
    drain()
    assert _margins() == {"One": 400, "Other": 0}
    assert repair_customers(now=LATER) == 0


def test_what_was_bought_alone_leaves_the_company_with_the_person(rita: Member) -> None:
    buyer = _bought_alone(a_customer(a_company(name="One")).company)
    assert _margins() == {"One": 400}
    take_out([buyer.pk], cause=RemovedCause.PERSON, by=rita, now=LATER)
    assert _margins() == {"One": 0}
    put_back([buyer.pk], by=rita, now=LATER)
    drain()
    assert _margins() == {"One": 400}
    assert repair_customers(now=LATER) == 0


def test_a_merge_hands_the_customer_over_and_undoing_it_back(rita: Member) -> None:
    kept, gone = a_lead(), a_lead(stage="sql")
    win_deal(a_deal(gone), amount=1_000, margin=400, by=rita, now=NOW)
    merge_leads(kept.pk, gone.pk, choices={}, by=rita, now=LATER)
    drain()
    assert Customer.objects.get().lead == kept
    undo_merge(Merge.objects.get().pk, by=rita, now=LATER)
    drain()
    current = Customer.objects.current().get()
    assert (current.lead_id, current.margin) == (gone.pk, 400)
    assert not wrong_sums()


def test_of_two_customers_merged_none_loses_what_hangs_on_them(rita: Member) -> None:
    kept, gone = a_lead(), a_lead()
    for lead in (kept, gone):
        win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=NOW)
    drain()
    rows = {each.lead_id: each for each in Customer.objects.all()}
    for each in rows.values():
        a_renewal(each)
        a_checklist_item(each)
    before = _hanging()
    assert [len(each) for each in before.values()] == [2, 2]
    merge_leads(kept.pk, gone.pk, choices={}, by=rita, now=LATER)
    drain()
    merged = {name: dict.fromkeys(found, rows[kept.pk].pk) for name, found in before.items()}
    assert _hanging() == merged
    undo_merge(Merge.objects.get().pk, by=rita, now=LATER)
    drain()
    assert _hanging() == before


def _hanging() -> dict[str, dict[Any, Any]]:
    """Which renewal and which step hangs on which customer."""
    own = ChecklistItem.objects.filter(step=None)
    return {
        "renewals": dict(Renewal.objects.values_list("pk", "customer_id")),
        "steps": dict(own.values_list("pk", "customer_id")),
    }


def test_the_nightly_check_finds_nothing_and_puts_right_what_is_wrong(rita: Member) -> None:
    a_customer()
    win_deal(a_deal(), amount=1_000, margin=400, by=rita, now=NOW)
    assert repair_customers(now=LATER) == 0
    Customer.objects.filter(company=None).delete()
    Customer.objects.update(margin=5)
    assert repair_customers(now=LATER) == 2
    assert not wrong_sums()
    assert Customer.objects.count() == 2


def test_deals_of_another_status_count_for_nothing(rita: Member) -> None:
    customer = a_customer()
    a_deal(a_lead(stage="sql", company=customer.company))
    Deal.objects.update(amount=5)
    customer.refresh_from_db()
    assert customer.revenue == 0
