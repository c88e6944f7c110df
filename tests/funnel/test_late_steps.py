"""Onboarding steps that are overdue: whoever is to take one is told, once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from funnel.care.chasing import tell_of_late_steps
from funnel.care.checklists import change_item, finish_item, reopen_item, skip_item
from funnel.customers.keeping import keep_customers
from funnel.jobs import tell_of_all_late_steps
from funnel.models import ChecklistItem, Customer, Doer
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Notice, Workspace
from leads.actions.erasing import erase_leads
from tests.builders import a_company, a_customer, a_lead
from tests.funnel.chasing import NOW
from tests.kernel.mortal import Workers, workers
from tests.worlds import World

DAY = timedelta(days=1)
TODAY = date(2026, 6, 1)
MORE_MOMENTS_THAN_THERE_ARE = 60
PATIENCE = 10  # seconds


def a_step(owner: Member | None, *, days: int = -1, **given: Any) -> ChecklistItem:
    customer = given.pop("customer", None) or a_customer(a_company(name="Nordwind"), owner=owner)
    standard = {"name": "Welcome call", "due_on": TODAY + days * DAY, "customer": customer}
    return ChecklistItem.objects.create(**standard | given)


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("member__name", "text"))


def test_the_owner_is_told_once(rita: Member) -> None:
    step = a_step(rita)
    assert [tell_of_all_late_steps(NOW), tell_of_all_late_steps(NOW)] == [1, 0]
    assert told() == [("Rita", "Onboarding overdue since May 31, 2026: Welcome call · Nordwind")]
    assert Notice.objects.get().path == f"customers/{step.customer_id}/#onboarding"
    for day in range(1, 9):
        tell_of_all_late_steps(NOW + day * DAY)
    assert len(told()) == 1


def test_nobody_is_told_on_the_day_itself_or_in_the_night_after(rita: Member) -> None:
    a_step(rita, days=0)
    assert tell_of_all_late_steps(NOW) == 0
    early = datetime(2026, 6, 2, 3, 59, tzinfo=UTC)
    assert [tell_of_all_late_steps(early), tell_of_all_late_steps(early + DAY / 1_440)] == [0, 1]


def test_nobody_is_told_of_what_is_settled_or_of_former_customers(rita: Member) -> None:
    finish_item(a_step(rita), by=rita, now=NOW)
    skip_item(a_step(rita, customer=a_customer()), reason="Known", by=rita, now=NOW)
    former = a_step(rita, customer=a_customer(owner=rita))
    Customer.objects.filter(pk=former.customer_id).update(ended_at=NOW)
    tell_of_all_late_steps(NOW)
    assert told() == []


def test_one_taken_up_again_is_told_of_unless_it_was_before(rita: Member) -> None:
    step = a_step(rita)
    finish_item(step, by=rita, now=NOW)
    tell_of_all_late_steps(NOW)
    reopen_item(step)
    assert [tell_of_all_late_steps(NOW), len(told())] == [1, 1]
    finish_item(step, by=rita, now=NOW)
    reopen_item(step)
    assert [tell_of_all_late_steps(NOW), len(told())] == [0, 1]


def test_another_day_is_another_promise(rita: Member) -> None:
    step = a_step(rita)
    tell_of_all_late_steps(NOW)
    change_item(step, changes={"name": "First call"}, now=NOW)
    assert tell_of_all_late_steps(NOW) == 0
    change_item(step, changes={"due_on": TODAY + 3 * DAY}, now=NOW)
    assert tell_of_all_late_steps(NOW + 3 * DAY) == 0
    assert [tell_of_all_late_steps(NOW + 4 * DAY), len(told())] == [1, 2]


def test_a_step_of_the_customer_is_the_owners_and_one_of_a_manager_the_managers(
    rita: Member, max: Member
) -> None:
    a_step(rita, doer=Doer.CUSTOMER)
    a_step(rita, doer=Doer.MANAGER, customer=a_customer(owner=rita))
    tell_of_all_late_steps(NOW)
    assert [name for name, _text in told()] == ["Max", "Rita"]


def test_without_an_owner_the_managers_are_told(rita: Member, max: Member) -> None:
    a_step(None)
    tell_of_all_late_steps(NOW)
    assert [name for name, _text in told()] == ["Max"]
    Member.objects.filter(pk__in=(max.pk, rita.pk)).update(left_at=NOW)
    a_step(rita, customer=a_customer(owner=rita))
    tell_of_all_late_steps(NOW)
    assert [name for name, _text in told()] == ["Ada", "Max"]


def test_every_workspace_is_looked_after(rita: Member, globex: Workspace, gus: Member) -> None:
    a_step(rita)
    with inside(globex.pk):
        a_step(gus)
    assert tell_of_all_late_steps(NOW) == 2


def test_more_than_one_round_is_dealt_with(rita: Member) -> None:
    for _ in range(3):
        a_step(rita, customer=a_customer(owner=rita))
    assert [tell_of_late_steps(now=NOW, most=2) for _ in range(3)] == [2, 1, 0]


def test_an_erased_person_is_named_in_no_notice(rita: Member) -> None:
    lead = a_lead(name="Lena Alone", stage="customer", owner=rita)
    keep_customers(lead_ids=[lead.pk], now=NOW)
    ChecklistItem.objects.all().delete()
    a_step(rita, customer=Customer.objects.get())
    tell_of_all_late_steps(NOW)
    assert "Lena Alone" in told()[0][1]
    erase_leads([lead.pk], reason="Asked", by=rita, now=NOW)
    assert told() == []


def test_a_transaction_that_is_lost_takes_its_notices_with_it(rita: Member) -> None:
    a_step(rita)
    with transaction.atomic():
        tell_of_late_steps(now=NOW)
        transaction.set_rollback(True)  # as when the connection is lost
    assert told() == []
    assert tell_of_all_late_steps(NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_tell_once(world: World) -> None:
    customer = a_customer(owner=world.rita)
    for number in range(20):
        a_step(world.rita, customer=customer, name=f"Step {number}")

    def work(_number: int) -> None:
        try:
            with inside(world.acme.pk):
                while tell_of_late_steps(now=NOW, most=3):
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert Notice.objects.count() == 20


@pytest.fixture(scope="module")
def mortal(django_db_setup: None) -> Iterator[Workers]:
    """Processes that may die."""
    with workers("tests.funnel.chasing") as prepared:
        yield prepared


def _tell_after_death() -> None:
    # PostgreSQL takes a moment to notice that a client is gone, and to let go of its rows.
    until = time.monotonic() + PATIENCE
    while ChecklistItem.objects.filter(late_told_at=None).exists() and time.monotonic() < until:
        tell_of_all_late_steps(NOW)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment_tells_nobody_twice(world: World, mortal: Workers) -> None:
    customer = a_customer(owner=world.rita)
    for moment in range(1, MORE_MOMENTS_THAN_THERE_ARE):
        a_step(world.rita, customer=customer, name=f"Step {moment}")
        has_lived = mortal.drain(dies_at=moment)
        _tell_after_death()
        assert Notice.objects.count() == moment, f"moment {moment}"
        if has_lived:
            break
    assert has_lived
    assert moment > 4
