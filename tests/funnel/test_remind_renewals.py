"""Reminders of renewals: whoever looks after the customer is told, on each day, once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from funnel.care.planning import plan_renewal, snooze_renewal
from funnel.care.reminding import remind_of_renewals
from funnel.care.renewing import lose_renewal
from funnel.customers.keeping import keep_customers
from funnel.jobs import remind_of_all_renewals
from funnel.models import Customer, Renewal
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Notice, Workspace
from leads.actions.erasing import erase_leads
from tests.builders import a_company, a_customer, a_lead
from tests.funnel.reminding import NOW
from tests.kernel.mortal import Workers, workers
from tests.worlds import World

DAY = timedelta(days=1)
TODAY = date(2026, 6, 1)
MORE_MOMENTS_THAN_THERE_ARE = 60
PATIENCE = 10  # seconds


def a_renewal(owner: Member | None, *, days: int = 30, **given: Any) -> Renewal:
    customer = given.pop("customer", None) or a_customer(a_company(name="Nordwind"), owner=owner)
    told: dict[str, Any] = {"what": "Licence", "due_on": TODAY + days * DAY, "by": None, "now": NOW}
    return plan_renewal(customer, **told | given)


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("member__name", "text"))


def test_the_owner_is_told_once_on_each_day(rita: Member) -> None:
    renewal = a_renewal(rita)
    assert [remind_of_all_renewals(NOW), remind_of_all_renewals(NOW)] == [1, 0]
    notice = Notice.objects.get(member=rita)
    assert notice.text == "Renewal due in 30 days, on Jul 1, 2026: Licence · Nordwind"
    assert notice.path == f"customers/{renewal.customer_id}/#renewals"
    for day in range(1, 40):
        remind_of_all_renewals(NOW + day * DAY)
    assert [text[:22] for _name, text in told()] == [
        "Renewal due in 30 days",
        "Renewal due in 7 days,",
        "Renewal due today: Lic",
    ]


def test_nobody_is_told_before_the_day_or_in_the_night(rita: Member) -> None:
    a_renewal(rita, days=31)
    assert remind_of_all_renewals(NOW) == 0
    assert remind_of_all_renewals(NOW.replace(hour=21)) == 0  # midnight there
    early = datetime(2026, 6, 2, 3, 59, tzinfo=UTC)
    assert [remind_of_all_renewals(early), remind_of_all_renewals(early + DAY / 1_440)] == [0, 1]


def test_days_that_were_missed_are_told_of_once(rita: Member) -> None:
    a_renewal(rita)
    assert remind_of_all_renewals(NOW + 25 * DAY) == 1
    assert told() == [("Rita", "Renewal due in 5 days, on Jul 1, 2026: Licence · Nordwind")]
    remind_of_all_renewals(NOW + 33 * DAY)
    assert told()[1][1].startswith("Renewal overdue since Jul 1, 2026")


def test_without_an_owner_the_managers_are_told(rita: Member, max: Member) -> None:
    a_renewal(None)
    remind_of_all_renewals(NOW)
    assert [name for name, _text in told()] == ["Max"]
    Member.objects.filter(pk__in=(max.pk, rita.pk)).update(left_at=NOW)
    a_renewal(rita, customer=a_customer(a_company(name="Sued"), owner=rita))
    remind_of_all_renewals(NOW)
    assert [name for name, _text in told()] == ["Ada", "Max"]


def test_who_takes_the_customer_over_is_told_of_days_to_come(rita: Member, rob: Member) -> None:
    renewal = a_renewal(rita)
    remind_of_all_renewals(NOW)
    Customer.objects.filter(pk=renewal.customer_id).update(owner=rob)
    remind_of_all_renewals(NOW + 23 * DAY)
    assert [name for name, _text in told()] == ["Rita", "Rob"]


def test_nobody_is_told_of_what_is_lost_or_of_former_customers(rita: Member) -> None:
    lose_renewal(a_renewal(rita), reason="Too dear", by=rita, now=NOW)
    former = a_renewal(rita, customer=a_customer(owner=rita))
    Customer.objects.filter(pk=former.customer_id).update(ended_at=NOW)
    remind_of_all_renewals(NOW)
    assert told() == []


def test_one_that_waits_is_told_of_when_it_wakes(rita: Member) -> None:
    renewal = a_renewal(rita)
    snooze_renewal(renewal, until=TODAY + 10 * DAY, by=None, now=NOW)
    assert remind_of_all_renewals(NOW + 9 * DAY) == 0
    assert remind_of_all_renewals(NOW + 10 * DAY) == 1
    found = Renewal.objects.get()
    assert (found.snoozed_until, found.remind_on) == (None, TODAY + 23 * DAY)


def test_every_workspace_is_looked_after(rita: Member, globex: Workspace, gus: Member) -> None:
    a_renewal(rita)
    with inside(globex.pk):
        a_renewal(gus)
    assert remind_of_all_renewals(NOW) == 2


def test_more_than_one_round_is_dealt_with(rita: Member) -> None:
    for _ in range(3):
        a_renewal(rita, customer=a_customer(owner=rita))
    assert [remind_of_renewals(now=NOW, most=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_four_workers_tell_once(world: World) -> None:
    customer = a_customer(owner=world.rita)
    for number in range(20):
        a_renewal(world.rita, customer=customer, what=f"Licence {number}")

    def work(_number: int) -> None:
        try:
            with inside(world.acme.pk):
                while remind_of_renewals(now=NOW, most=3):
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert Notice.objects.count() == 20


def test_a_transaction_that_is_lost_takes_its_notices_with_it(rita: Member) -> None:
    a_renewal(rita)
    with transaction.atomic():
        remind_of_renewals(now=NOW)
        transaction.set_rollback(True)  # as when the connection is lost
    assert told() == []
    assert remind_of_all_renewals(NOW) == 1


def test_an_erased_person_is_named_in_no_reminder(rita: Member) -> None:
    lead = a_lead(name="Lena Alone", stage="customer", owner=rita)
    keep_customers(lead_ids=[lead.pk], now=NOW)
    a_renewal(rita, customer=Customer.objects.get())
    remind_of_all_renewals(NOW)
    assert "Lena Alone" in told()[0][1]
    erase_leads([lead.pk], reason="Asked", by=rita, now=NOW)
    assert told() == []


@pytest.fixture(scope="module")
def mortal(django_db_setup: None) -> Iterator[Workers]:
    """Processes that may die."""
    with workers("tests.funnel.reminding") as prepared:
        yield prepared


def _remind_after_death() -> None:
    # PostgreSQL takes a moment to notice that a client is gone, and to let go of its rows.
    until = time.monotonic() + PATIENCE
    while Renewal.objects.filter(remind_on__lte=TODAY).exists() and time.monotonic() < until:
        remind_of_all_renewals(NOW)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment_tells_nobody_twice(world: World, mortal: Workers) -> None:
    customer = a_customer(owner=world.rita)
    for moment in range(1, MORE_MOMENTS_THAN_THERE_ARE):
        a_renewal(world.rita, customer=customer, what=f"Licence {moment}")
        has_lived = mortal.drain(dies_at=moment)
        _remind_after_death()
        assert Notice.objects.count() == moment, f"moment {moment}"
        if has_lived:
            break
    assert has_lived
    assert moment > 5


@pytest.mark.django_db(transaction=True)
def test_workers_of_their_own_process_tell_once(world: World, mortal: Workers) -> None:
    customer = a_customer(owner=world.rita)
    for number in range(30):
        a_renewal(world.rita, customer=customer, what=f"Licence {number}")
    assert mortal.drain_together(4)
    assert Notice.objects.count() == 30
