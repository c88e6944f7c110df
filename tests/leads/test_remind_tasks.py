"""Reminders and escalations: whoever should know is told, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Notice, Workspace
from leads.actions.reminding import escalate_late, remind_assignees
from leads.jobs import remind_due
from leads.models import Task
from tests.builders import a_company, a_lead, a_task
from tests.worlds import World

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def due_task(member: Member | None, **given: Any) -> Task:
    standard = {"due_at": NOW + HOUR, "remind_at": NOW, "escalate_at": NOW + 3 * HOUR}
    return a_task(assignee=member, **standard | given)


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("member__name", "kind"))


def test_the_assignee_is_reminded_once(rita: Member) -> None:
    task = due_task(rita, title="Send material", lead=a_lead(name="Lena"))
    assert remind_due(now=NOW) == 1
    assert remind_due(now=NOW) == 0
    notice = Notice.objects.get(member=rita)
    assert notice.text == "Due: Send material · Lena"
    assert notice.path == f"leads/{task.lead_id}/#tasks"


def test_nothing_happens_before_the_time(rita: Member) -> None:
    due_task(rita, remind_at=NOW + HOUR)
    assert remind_due(now=NOW) == 0


def test_managers_hear_of_what_is_late(rita: Member, max: Member) -> None:
    due_task(rita, company=a_company(name="Nordwind"))
    assert remind_due(now=NOW + 3 * HOUR) == 2
    assert told() == [("Max", "task_late"), ("Rita", "task_due")]
    assert "Nordwind · Rita" in Notice.objects.get(member=max).text
    assert Task.objects.get().escalated_at == NOW + 3 * HOUR


def test_without_a_manager_the_admins_hear_of_it(rita: Member, max: Member) -> None:
    Member.objects.filter(pk=max.pk).update(left_at=NOW)
    due_task(rita, remind_at=None)
    remind_due(now=NOW + 3 * HOUR)
    assert told() == [("Ada", "task_late")]


@pytest.mark.parametrize("closed", [{"done_at": NOW}, {"dropped_at": NOW}])
def test_nobody_is_reminded_of_what_is_closed(rita: Member, closed: dict[str, Any]) -> None:
    due_task(rita, **closed)
    assert remind_due(now=NOW + 3 * HOUR) == 0


def test_what_nobody_was_given_still_escalates(max: Member) -> None:
    due_task(None)
    remind_due(now=NOW + 3 * HOUR)
    assert told() == [("Max", "task_late")]


def test_every_workspace_is_looked_after(rita: Member, globex: Workspace, gus: Member) -> None:
    due_task(rita)
    with inside(globex.pk):
        due_task(gus)
    assert remind_due(now=NOW) == 2


def test_more_than_one_round_is_dealt_with(rita: Member) -> None:
    for _ in range(3):
        due_task(rita)
    assert remind_assignees(now=NOW, most=2) == 2
    assert remind_assignees(now=NOW, most=2) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tell", [remind_assignees, escalate_late])
def test_two_workers_tell_once(world: World, tell: Callable[..., int]) -> None:
    tasks = [due_task(world.rita) for _ in range(20)]
    at = NOW + 3 * HOUR

    def work(_number: int) -> None:
        try:
            with inside(world.acme.pk):
                while tell(now=at, most=3):
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert Notice.objects.count() == len(tasks)


def test_a_worker_that_dies_takes_nothing_with_it(rita: Member) -> None:
    due_task(rita)
    with transaction.atomic():
        remind_assignees(now=NOW)
        transaction.set_rollback(True)  # as when the connection is lost
    assert not Notice.objects.exists()
    assert remind_due(now=NOW) == 1
