"""Checklists: new customers get the onboarding steps in force, and each is settled once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from funnel.actions.closing_deals import reopen_deal, win_deal
from funnel.care.catalogue import CannotSaveCare
from funnel.care.checklists import (
    add_item,
    change_item,
    finish_item,
    reopen_item,
    skip_item,
    start_checklist,
    start_checklists,
)
from funnel.care.days import today_of
from funnel.care.steps import change_step, retire_step
from funnel.care.telling import Progress, progress_of
from funnel.models import ChecklistItem, Customer, Doer
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_company, a_customer, a_deal, a_key, a_lead, an_onboarding_step
from tests.clients import api_of, client_of
from tests.worlds import World

pytestmark = pytest.mark.usefixtures("world")


def today() -> date:
    return today_of(timezone.now())


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def an_item(customer: Customer | None = None, **given: Any) -> ChecklistItem:
    told: dict[str, Any] = {"name": "Welcome call", "due_on": in_days(3), "now": timezone.now()}
    return add_item(customer or a_customer(), **told | given)


def names(customer: Customer) -> list[str]:
    rows = ChecklistItem.objects.filter(customer=customer).order_by("due_on", "id")
    return list(rows.values_list("name", flat=True))


def test_whoever_buys_first_gets_the_steps_in_force_once(rita: Member) -> None:
    an_onboarding_step(name="Training", due_days=14, doer=Doer.CUSTOMER)
    an_onboarding_step(name="Call", due_days=2, hint="Say hello")
    retire_step(an_onboarding_step(name="Old"), now=timezone.now())
    lead = a_lead(stage="sql", company=a_company())
    for _ in range(2):
        win_deal(a_deal(lead), amount=1_000, margin=400, by=rita, now=timezone.now())
    customer = Customer.objects.get()
    assert names(customer) == ["Call", "Training"]
    call, training = ChecklistItem.objects.order_by("due_on")
    since = today_of(customer.since)
    assert (call.hint, call.due_on - since, training.due_on - since) == (
        "Say hello",
        timedelta(days=2),
        timedelta(days=14),
    )
    assert training.doer == Doer.CUSTOMER


def test_days_are_counted_in_the_calendar_of_the_workspace(acme: Workspace) -> None:
    Workspace.objects.filter(pk=acme.pk).update(time_zone="Pacific/Kiritimati")
    now = timezone.now().replace(hour=11, minute=0)
    customer = a_customer(since=now)
    an_onboarding_step(due_days=1)
    start_checklists([customer.pk], now=now)
    assert ChecklistItem.objects.get().due_on == now.date() + timedelta(days=2)


def test_a_step_that_changes_leaves_checklists_as_they_are() -> None:
    step, customer = an_onboarding_step(name="Call"), a_customer()
    change_step(step, changes={"name": "Long call"})
    an_onboarding_step(name="New")
    start_checklists([customer.pk], now=timezone.now())
    assert names(customer) == ["Call"]


def test_customers_of_long_standing_get_none_until_somebody_says_so() -> None:
    now = timezone.now()
    customer = a_customer(since=now - timedelta(days=91))
    an_onboarding_step(name="Call", due_days=2)
    assert start_checklists([customer.pk], now=now) == 0
    assert start_checklist(customer, now=now) == 1
    assert ChecklistItem.objects.get().due_on == in_days(2)
    assert start_checklist(customer, now=now) == 0


def test_without_steps_there_is_nothing_to_start() -> None:
    with pytest.raises(CannotSaveCare, match="No onboarding steps are in use"):
        start_checklist(a_customer(), now=timezone.now())


def test_a_sale_taken_back_and_won_again_goes_on_with_the_same_checklist(rita: Member) -> None:
    an_onboarding_step(name="Call")
    deal = a_deal(a_lead(stage="sql", company=a_company()))
    win_deal(deal, amount=1_000, margin=400, by=rita, now=timezone.now())
    finish_item(ChecklistItem.objects.get(), by=rita, now=timezone.now())
    reopen_deal(deal, by=rita, now=timezone.now())
    win_deal(deal, amount=1_000, margin=400, by=rita, now=timezone.now())
    assert ChecklistItem.objects.get().state == "done"


def test_a_step_is_ticked_off_once_and_taken_up_again(rita: Member, rob: Member) -> None:
    item = an_item()
    assert finish_item(item, by=rita, now=timezone.now())
    assert not finish_item(item, by=rob, now=timezone.now())
    assert not skip_item(item, reason="Late", by=rob, now=timezone.now())
    item.refresh_from_db()
    assert (item.state, item.settled_by) == ("done", rita)
    reopen_item(item)
    item.refresh_from_db()
    assert (item.state, item.settled_by, item.settled_at) == ("open", None, None)


def test_a_step_is_skipped_with_a_reason_only(rita: Member) -> None:
    item = an_item()
    with pytest.raises(CannotSaveCare, match="Say why"):
        skip_item(item, reason=" ", by=rita, now=timezone.now())
    assert skip_item(item, reason="They know it", by=rita, now=timezone.now())
    item.refresh_from_db()
    assert (item.state, item.reason) == ("skipped", "They know it")
    with pytest.raises(CannotSaveCare, match="Take it up again first"):
        change_item(item, changes={"name": "Else"}, now=timezone.now())


def test_own_steps_have_a_name_and_a_day_to_come() -> None:
    customer = a_customer()
    with pytest.raises(CannotSaveCare, match="needs a name"):
        an_item(customer, name=" ")
    with pytest.raises(CannotSaveCare, match="choose a day from"):
        an_item(customer, due_on=in_days(-1))
    with pytest.raises(CannotSaveCare, match="choose from owner"):
        an_item(customer, doer="nobody")
    former = a_customer(ended_at=timezone.now())
    with pytest.raises(CannotSaveCare, match="is no customer any more"):
        an_item(former)
    assert not ChecklistItem.objects.exists()


def test_a_day_that_has_passed_stays_while_words_change() -> None:
    item = an_item()
    ChecklistItem.objects.update(due_on=in_days(-5))
    item.refresh_from_db()
    change_item(item, changes={"name": "Call", "due_on": in_days(-5)}, now=timezone.now())
    with pytest.raises(CannotSaveCare, match="choose a day from"):
        change_item(item, changes={"due_on": in_days(-4)}, now=timezone.now())


def test_progress_leaves_out_what_is_skipped(rita: Member) -> None:
    customer, now = a_customer(), timezone.now()
    late, done, skipped, other = (an_item(customer, name=name) for name in "abcd")
    ChecklistItem.objects.filter(pk=late.pk).update(due_on=in_days(-1))
    finish_item(done, by=rita, now=now)
    skip_item(skipped, reason="No", by=rita, now=now)
    found = progress_of([customer.pk, a_customer().pk], today())
    assert found == {customer.pk: Progress(done=1, total=3, overdue=1)}
    assert other.state == "open"


def test_the_page_of_a_customer_shows_it_and_works_it(rita: Member, ana: Member) -> None:
    customer = a_customer(since=timezone.now() - timedelta(days=200))
    an_onboarding_step(name="Welcome call")
    page, browser = workspace_reverse("funnel:customer", id=customer.pk), client_of(rita)
    assert "Start checklist" in browser.get(page).content.decode()
    browser.post(workspace_reverse("funnel:checklist_start", id=customer.pk))
    item = ChecklistItem.objects.get()
    told = {"name": "Dinner", "due_on": in_days(9).isoformat(), "doer": "manager"}
    browser.post(workspace_reverse("funnel:checklist_add", id=customer.pk), told)
    assert "0 of 2 steps" in browser.get(page).content.decode()
    browser.post(workspace_reverse("funnel:checklist_done", id=item.pk))
    own = ChecklistItem.objects.get(name="Dinner")
    skip = workspace_reverse("funnel:checklist_skip", id=own.pk)
    assert browser.post(skip, {"reason": ""}).status_code == 422
    browser.post(skip, {"reason": "They live far away"})
    shown = browser.get(page).content.decode()
    assert "1 of 1 steps" in shown
    assert "They live far away" in shown
    browser.post(workspace_reverse("funnel:checklist_reopen", id=own.pk))
    told |= {"name": "Supper"}
    browser.post(workspace_reverse("funnel:checklist_item", id=own.pk), told)
    assert names(customer) == ["Welcome call", "Supper"]
    reader = client_of(ana)
    assert "Add step" not in reader.get(page).content.decode()
    assert reader.post(workspace_reverse("funnel:checklist_done", id=own.pk)).status_code == 403


def test_the_api_does_the_same(ada: Member) -> None:
    api, customer = api_of(a_key(ada)), a_customer()
    an_onboarding_step(name="Call")
    started = api.post("/api/v1/checklist-items/start/", {"customer": str(customer.pk)}).json()
    assert started == {"items": 1}
    told = {"customer": str(customer.pk), "name": "Dinner", "due_on": in_days(5).isoformat()}
    made = api.post("/api/v1/checklist-items/", told).json()
    path = f"/api/v1/checklist-items/{made['id']}/"
    assert api.patch(path, {"doer": "customer"}).json()["doer"] == "customer"
    assert api.post(f"{path}skip/", {"reason": "No"}).json()["state"] == "skipped"
    assert api.patch(path, {"name": "Supper"}).status_code == 422
    assert api.post(f"{path}reopen/").json()["state"] == "open"
    assert api.post(f"{path}finish/", {"by": str(ada.pk)}).json()["settled_by"] == str(ada.pk)
    found = api.get(f"/api/v1/checklist-items/?customer={customer.pk}&state=open").json()
    assert [each["name"] for each in found["results"]] == ["Call"]
    assert api.get("/api/v1/checklist-items/?customer=nobody").json()["results"] == []


def at_once(world: World, work: Callable[[], object]) -> None:
    gate = Barrier(4)

    def one(_number: int) -> None:
        try:
            with inside(world.acme.pk):
                gate.wait(10)
                work()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(one, range(4)))


@pytest.mark.django_db(transaction=True)
def test_four_workers_start_one_checklist(world: World) -> None:
    customer = a_customer()
    for _ in range(3):
        an_onboarding_step()
    at_once(world, lambda: start_checklists([customer.pk], now=timezone.now()))
    assert ChecklistItem.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_four_times_at_once_adds_one_step(world: World) -> None:
    customer = a_customer()
    at_once(world, lambda: an_item(customer))
    assert ChecklistItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_who_tick_it_off_one_did_it(world: World) -> None:
    item, said = an_item(), list[bool]()
    at_once(world, lambda: said.append(finish_item(item, by=world.rita, now=timezone.now())))
    assert sorted(said) == [False, False, False, True]
