"""Tasks and promises: given, changed, done, dropped, taken up again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, Notice
from leads.actions.tasks import (
    CannotAddTask,
    CannotCloseTask,
    add_task,
    change_task,
    drop_task,
    finish_task,
    reopen_task,
)
from leads.due import due_after
from leads.models import Activity, Task
from tests.builders import a_company, a_lead, a_task, a_task_kind

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DUE = NOW + timedelta(days=1)
HOUR = timedelta(hours=1)
ATHENS = ZoneInfo("Europe/Athens")


def added(by: Member, **given: Any) -> Task:
    kind = given.pop("kind", None) or a_task_kind(name="Send material")
    about = given.pop("about", None) or a_lead(name="Lena")
    standard: dict[str, Any] = {"about": about, "due_at": DUE, "assignee": by, "by": by, "now": NOW}
    return add_task(kind, **standard | given)


def facts() -> list[str]:
    return list(Activity.objects.order_by("id").values_list("kind", flat=True))


def test_a_task_is_called_after_its_kind_and_told_on_the_timeline(rita: Member) -> None:
    task = added(rita)
    assert (task.title, task.lead.name) == ("Send material", "Lena")
    said = Activity.objects.get().properties
    assert (said["task"], said["is_promise"], said["assignee"]) == ("Send material", True, "Rita")


def test_it_is_reminded_before_and_escalated_after_it_is_due(rita: Member) -> None:
    task = added(rita)
    assert (task.remind_at, task.escalate_at) == (DUE - HOUR, DUE + 2 * HOUR)


def test_what_is_due_sooner_than_its_reminder_is_reminded_when_due(rita: Member) -> None:
    assert added(rita, due_at=NOW + HOUR / 2).remind_at == NOW + HOUR / 2


def test_a_kind_may_neither_remind_nor_escalate(rita: Member) -> None:
    task = added(rita, kind=a_task_kind(remind_hours=None, escalate_hours=None))
    assert (task.remind_at, task.escalate_at) == (None, None)


def test_who_is_given_a_task_by_somebody_else_is_told(rita: Member, max: Member) -> None:
    added(max, assignee=rita)
    assert "Max gave you a task: Send material · Lena" in Notice.objects.get(member=rita).text
    added(max, assignee=max, kind=a_task_kind())
    assert not Notice.objects.filter(member=max).exists()


def test_a_companys_task_is_on_no_timeline(rita: Member) -> None:
    assert added(rita, about=a_company()).company is not None
    assert facts() == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"due_at": NOW - HOUR}, "due_at"),
        ({"due_at": NOW + timedelta(days=3_000)}, "due_at"),
        ({"title": "x" * 201}, "title"),
        ({"note": "x" * 5_001}, "note"),
        ({"note": "\0"}, "note"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    rita: Member, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        added(rita, **given)
    assert refused.value.field == field
    assert not Task.objects.exists()


def test_a_retired_kind_and_a_former_member_are_refused(rita: Member, rob: Member) -> None:
    with pytest.raises(CannotAddTask):
        added(rita, kind=a_task_kind(retired_at=NOW))
    rob.left_at = NOW
    with pytest.raises(CannotAddTask):
        added(rita, assignee=rob)


def test_done_once_and_by_somebody(rita: Member, rob: Member) -> None:
    task = added(rita)
    finish_task(task, by=rita, now=NOW)
    with pytest.raises(CannotCloseTask, match="Rita has done"):
        finish_task(task, by=rob, now=NOW)
    assert facts() == ["task_added", "task_done"]


def test_a_dropped_task_can_be_taken_up_again(rita: Member) -> None:
    task = added(rita)
    drop_task(task, by=rita, now=NOW)
    with pytest.raises(CannotCloseTask):
        change_task(task, changes={"title": "x"}, by=rita, now=NOW)
    reopen_task(task, by=rita, now=NOW)
    reopen_task(task, by=rita, now=NOW)
    task.refresh_from_db()
    assert (task.done_at, task.dropped_at, task.remind_at) == (None, None, DUE - HOUR)
    assert facts() == ["task_added", "task_dropped", "task_reopened"]


def test_a_new_time_moves_reminder_and_escalation(rita: Member) -> None:
    task = change_task(added(rita), changes={"due_at": DUE + HOUR}, by=rita, now=NOW)
    assert (task.remind_at, task.escalate_at) == (DUE, DUE + 3 * HOUR)


def test_an_overdue_task_keeps_its_time_when_its_title_changes(rita: Member) -> None:
    task = a_task(due_at=NOW - HOUR)
    changes = {"title": "Call back", "due_at": task.due_at}
    assert change_task(task, changes=changes, by=rita, now=NOW).title == "Call back"


def test_a_new_assignee_is_told(rita: Member, rob: Member) -> None:
    change_task(added(rita), changes={"assignee": rob}, by=rita, now=NOW)
    assert Notice.objects.get().member == rob


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        ("2026-06-01 10:00", 4, "2026-06-01 14:00"),  # a Monday
        ("2026-06-01 10:07", 1, "2026-06-01 11:15"),
        ("2026-06-01 16:00", 4, "2026-06-02 11:00"),
        ("2026-06-01 07:00", 2, "2026-06-01 11:00"),
        ("2026-06-01 22:00", 0, "2026-06-02 09:00"),
        ("2026-06-01 10:00", 24, "2026-06-02 10:00"),
        ("2026-06-05 15:00", 24, "2026-06-08 15:00"),
        ("2026-06-06 15:00", 24, "2026-06-09 09:00"),
        ("2026-06-05 17:00", 50, "2026-06-10 10:00"),
        ("2026-10-23 10:00", 24, "2026-10-26 10:00"),  # the clocks go back between
    ],
)
def test_a_task_is_due_when_people_work(now: str, hours: int, due: str) -> None:
    asked = datetime.fromisoformat(now).replace(tzinfo=ATHENS)
    found = due_after(hours, now=asked, zone=ATHENS)
    assert found == datetime.fromisoformat(due).replace(tzinfo=ATHENS)
