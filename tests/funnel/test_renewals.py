"""Renewals: planned, renewed by a repeat deal, lost, put off, and the next one follows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.actions.closing_deals import lose_deal, reopen_deal, win_deal
from funnel.actions.deals import CannotOpenDeal
from funnel.care.catalogue import CannotSaveCare
from funnel.care.days import today_of
from funnel.care.planning import RenewalSettled, change_renewal, snooze_renewal, wake_renewal
from funnel.care.remind_days import set_usual_days, usual_days
from funnel.care.renewing import lose_renewal, renew, reopen_renewal
from funnel.customers.keeping import keep_customers, keep_people
from funnel.models import Customer, Deal, Renewal
from leadmgmt.workspaces.models import Member
from leads.actions.removing import put_back, take_out
from leads.models import Lead, RemovedCause
from tests.builders import a_company, a_customer, a_lead, a_renewal

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def firm() -> Customer:
    return a_customer(a_company(name="Nordwind"))


@pytest.fixture
def anna(firm: Customer) -> Lead:
    return Lead.objects.get(company=firm.company)


def in_days(days: int) -> date:
    return today_of(timezone.now()) + timedelta(days=days)


def fresh(renewal: Renewal) -> Renewal:
    found: Renewal = Renewal.objects.get(pk=renewal.pk)
    return found


def renewed(renewal: Renewal, lead: Lead, *, is_won: bool = True, **given: Any) -> Deal:
    told = {"amount": 130_000, "margin": 90_000, "by": None, "now": timezone.now()}
    return renew(renewal, lead=lead, is_won=is_won, **told | given)


def test_a_renewal_is_planned_with_the_reminders_of_the_workspace(firm: Customer) -> None:
    assert a_renewal(firm).remind_on == in_days(30)
    assert a_renewal(firm, due_on=in_days(20)).remind_on == in_days(13)
    assert a_renewal(firm, days=[3]).remind_on == in_days(57)
    assert a_renewal(firm, days=[]).remind_on is None
    assert a_renewal(firm, due_on=in_days(0)).remind_on == in_days(0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"what": " "}, "Say what is renewed"),
        ({"due_on": date(2020, 1, 1)}, "choose a day from"),
        ({"due_on": date.max}, "choose a day from"),
        ({"months": 0}, "allowed are 1 to 120"),
        ({"days": [366]}, "allowed are 0 to 365"),
        ({"days": range(7)}, "7 reminders are too many"),
    ],
)
def test_what_cannot_be_is_refused(firm: Customer, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotSaveCare, match=sentence):
        a_renewal(firm, **given)
    assert not Renewal.objects.exists()


def test_figures_follow_the_rules_of_deals(firm: Customer) -> None:
    with pytest.raises(CannotOpenDeal, match="cannot be more"):
        a_renewal(firm, amount=100, margin=200)
    with pytest.raises(CannotOpenDeal, match="more than nothing"):
        change_renewal(a_renewal(firm), changes={"amount": 0}, by=None, now=timezone.now())


def test_the_same_for_the_same_day_is_planned_once(firm: Customer) -> None:
    for due_on in (in_days(60), in_days(60), in_days(61)):
        a_renewal(firm, what="Licence", due_on=due_on)
    assert Renewal.objects.count() == 2


def test_former_customers_renew_nothing(firm: Customer) -> None:
    Customer.objects.update(ended_at=timezone.now())
    with pytest.raises(CannotSaveCare, match="Nordwind is no customer any more"):
        a_renewal(firm)


def test_renewing_wins_a_repeat_deal_and_plans_the_next(firm: Customer, anna: Lead) -> None:
    renewal = a_renewal(firm, what="Licence", days=[10])
    deal = renewed(renewal, anna)
    assert (deal.name, Deal.objects.get().status) == ("Licence", "won")
    done = fresh(renewal)
    assert (done.state, done.amount, done.remind_on) == ("renewed", 130_000, None)
    following = Renewal.objects.planned().get()
    assert (following.after_id, following.months) == (renewal.pk, 12)
    assert (following.amount, following.margin) == (130_000, 90_000)
    assert following.due_on == renewal.due_on.replace(year=renewal.due_on.year + 1)
    assert following.remind_on == following.due_on - timedelta(days=10)
    firm.refresh_from_db()
    assert (firm.margin, firm.deals_won) == (90_000, 1)


def test_what_is_bought_once_has_no_next(firm: Customer, anna: Lead) -> None:
    renewed(a_renewal(firm, months=None), anna)
    assert not Renewal.objects.planned().exists()


def test_one_renewed_late_is_next_due_in_the_future(firm: Customer, anna: Lead) -> None:
    renewal = a_renewal(firm, months=1)
    Renewal.objects.update(due_on=in_days(-100))
    renewed(renewal, anna)
    assert Renewal.objects.planned().get().due_on > in_days(26)


@pytest.mark.parametrize(
    ("months", "first", "later"),
    [
        (1, date(2031, 1, 31), [date(2031, 2, 28), date(2031, 3, 31), date(2031, 4, 30)]),
        (1, date(2031, 1, 30), [date(2031, 2, 28), date(2031, 3, 30), date(2031, 4, 30)]),
        (1, date(2031, 2, 28), [date(2031, 3, 28), date(2031, 4, 28)]),
        (12, date(2032, 2, 29), [date(2033, 2, 28), date(2034, 2, 28), date(2035, 2, 28)]),
        (24, date(2032, 2, 29), [date(2034, 2, 28), date(2036, 2, 29)]),
    ],
)
def test_what_is_due_at_the_end_of_a_month_is_so_again(
    firm: Customer, anna: Lead, months: int, first: date, later: list[date]
) -> None:
    renewal, found = a_renewal(firm, months=months), list[date]()
    Renewal.objects.update(due_on=first)
    for _ in later:
        renewed(renewal, anna)
        renewal = Renewal.objects.planned().get()
        found.append(renewal.due_on)
    assert found == later


def test_a_day_somebody_chose_is_kept_from_then_on(firm: Customer, anna: Lead) -> None:
    Renewal.objects.filter(pk=a_renewal(firm, months=1).pk).update(due_on=date(2031, 1, 31))
    renewed(Renewal.objects.get(), anna)
    Renewal.objects.planned().update(due_on=date(2031, 2, 27))
    renewed(Renewal.objects.planned().get(), anna)
    assert Renewal.objects.planned().get().due_on == date(2031, 3, 27)


def test_a_deal_that_is_open_first_renews_when_it_is_won(firm: Customer, anna: Lead) -> None:
    renewal = a_renewal(firm)
    deal = renewed(renewal, anna, is_won=False)
    assert (fresh(renewal).state, deal.expected_on) == ("planned", renewal.due_on)
    assert renewed(renewal, anna, is_won=False).pk == deal.pk
    win_deal(deal, amount=100_000, margin=50_000, by=None, now=timezone.now())
    assert fresh(renewal).state == "renewed"
    assert Renewal.objects.planned().get().amount == 100_000


def test_after_a_lost_deal_another_one_is_opened(firm: Customer, anna: Lead) -> None:
    renewal = a_renewal(firm)
    first = renewed(renewal, anna, is_won=False)
    lose_deal(first, reason="Too dear", by=None, now=timezone.now())
    assert fresh(renewal).state == "planned"
    second = renewed(renewal, anna)
    assert second.pk != first.pk
    assert fresh(renewal).state == "renewed"


def test_a_deal_opened_again_takes_the_renewal_back(firm: Customer, anna: Lead) -> None:
    renewal = a_renewal(firm)
    deal = renewed(renewal, anna)
    reopen_deal(Deal.objects.get(pk=deal.pk), by=None, now=timezone.now())
    back = fresh(renewal)
    assert (back.state, back.settled_at, back.remind_on) == ("planned", None, in_days(30))
    assert Renewal.objects.count() == 1
    win_deal(Deal.objects.get(), amount=1_000, margin=500, by=None, now=timezone.now())
    assert sorted(Renewal.objects.values_list("state", flat=True)) == ["planned", "renewed"]


def test_a_next_one_that_is_worked_on_stays(firm: Customer, anna: Lead) -> None:
    deal = renewed(a_renewal(firm), anna)
    following = Renewal.objects.planned().get()
    renewed(following, anna, is_won=False)
    reopen_deal(Deal.objects.get(pk=deal.pk), by=None, now=timezone.now())
    assert Renewal.objects.planned().count() == 2


def test_only_people_of_the_customer_renew(firm: Customer) -> None:
    with pytest.raises(CannotSaveCare, match="Stan is not of Nordwind"):
        renewed(a_renewal(firm), a_lead(name="Stan", stage="customer", company=a_company()))
    assert not Deal.objects.exists()


def test_winning_needs_figures_and_leaves_nothing_without(firm: Customer, anna: Lead) -> None:
    renewal = a_renewal(firm)
    with pytest.raises(Exception, match="For how much"):
        renewed(renewal, anna, amount=None)
    assert not Deal.objects.exists()
    assert fresh(renewal).deal_id is None


def test_a_renewal_is_lost_with_a_reason_and_taken_back(firm: Customer, rita: Member) -> None:
    renewal, now = a_renewal(firm), timezone.now()
    with pytest.raises(CannotSaveCare, match="Say why"):
        lose_renewal(renewal, reason="", by=rita, now=now)
    for _ in range(2):
        lose_renewal(renewal, reason="They close down", by=rita, now=now)
    lost = fresh(renewal)
    assert (lost.state, lost.settled_by, lost.remind_on) == ("lost", rita, None)
    with pytest.raises(RenewalSettled, match="is settled already: Lost"):
        change_renewal(renewal, changes={"what": "Else"}, by=None, now=now)
    reopen_renewal(renewal, by=None, now=now)
    assert (fresh(renewal).state, fresh(renewal).remind_on) == ("planned", in_days(30))


def test_what_was_renewed_is_opened_by_its_deal(firm: Customer, anna: Lead) -> None:
    renewal = a_renewal(firm)
    renewed(renewal, anna)
    with pytest.raises(RenewalSettled, match="Open its deal again"):
        reopen_renewal(renewal, by=None, now=timezone.now())
    with pytest.raises(RenewalSettled, match="settled already: Renewed"):
        lose_renewal(renewal, reason="No", by=None, now=timezone.now())


def test_a_renewal_waits_until_a_day(firm: Customer) -> None:
    renewal, now = a_renewal(firm), timezone.now()
    for day in (in_days(0), in_days(400)):
        with pytest.raises(CannotSaveCare, match="from tomorrow to a year"):
            snooze_renewal(renewal, until=day, by=None, now=now)
    snooze_renewal(renewal, until=in_days(5), by=None, now=now)
    assert fresh(renewal).remind_on == in_days(5)
    wake_renewal(renewal, by=None, now=now)
    assert (fresh(renewal).snoozed_until, fresh(renewal).remind_on) == (None, in_days(30))


def test_another_day_reminds_anew_and_wakes(firm: Customer) -> None:
    renewal, now = a_renewal(firm), timezone.now()
    snooze_renewal(renewal, until=in_days(5), by=None, now=now)
    changed = change_renewal(renewal, changes={"due_on": in_days(90)}, by=None, now=now)
    assert (changed.snoozed_until, changed.remind_on) == (None, in_days(60))


def test_other_days_of_the_workspace_move_reminders_that_have_none(
    firm: Customer, max: Member
) -> None:
    usual, own, asleep = a_renewal(firm), a_renewal(firm, days=[5]), a_renewal(firm)
    now = timezone.now()
    snooze_renewal(asleep, until=in_days(3), by=None, now=now)
    assert set_usual_days([10, 40, 40], by=max, now=now) == [40, 10] == usual_days()
    found = [fresh(each).remind_on for each in (usual, own, asleep)]
    assert found == [in_days(20), in_days(55), in_days(3)]
    set_usual_days([], by=max, now=now)
    assert fresh(usual).remind_on is None


def test_renewals_go_with_a_removed_person_and_come_back(rita: Member) -> None:
    lead, now = a_lead(stage="customer"), timezone.now()
    keep_customers(lead_ids=[lead.pk], now=now)
    renewal = a_renewal(Customer.objects.get())
    renewed(renewal, lead, is_won=False)
    was = fresh(renewal)
    take_out([lead.pk], cause=RemovedCause.PERSON, by=rita, now=now)
    assert not Renewal.objects.exists()
    put_back([lead.pk], by=rita, now=now)
    back = fresh(renewal)
    assert (back.what, back.deal_id, back.remind_on) == (was.what, was.deal_id, was.remind_on)


def test_a_person_who_joins_a_firm_takes_renewals_along(rita: Member) -> None:
    lead, now = a_lead(stage="customer"), timezone.now()
    keep_customers(lead_ids=[lead.pk], now=now)
    renewal, firm = a_renewal(Customer.objects.get()), a_customer()
    Lead.objects.filter(pk=lead.pk).update(company=firm.company)
    keep_people([lead.pk], now=now)
    assert fresh(renewal).customer_id == firm.pk
