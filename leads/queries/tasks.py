"""Tasks: of one lead or company, of one member, of everybody; what is due when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.ui.paging import Page, page_of
from leadmgmt.workspaces.models import Member, Workspace
from leads.conditions.calendar import calendar_at
from leads.due import due_after
from leads.models import Company, Lead, Task, TaskKind

MOST_SHOWN = 20


@dataclass(frozen=True)
class Stretch:
    """Tasks that belong together in time, under one headline."""

    label: str
    tone: str
    tasks: Sequence[Task]


def kinds_in_use() -> list[TaskKind]:
    """The kinds to choose from, in order."""
    return list(TaskKind.objects.filter(retired_at=None).order_by("position", "id"))


def open_tasks_of(about: Lead | Company) -> list[Task]:
    """What is still to be done for a lead or a company, the most urgent first."""
    mine = {"lead": about} if isinstance(about, Lead) else {"company": about}
    tasks = _open().filter(**mine).select_related("assignee", "kind")
    return list(tasks.order_by("due_at", "id")[:MOST_SHOWN])


def due_today(member: Member, *, now: datetime) -> list[Task]:
    """What `member` is late with or has to do by tonight, the most urgent first."""
    tasks = _open().filter(assignee=member, due_at__lt=calendar_at(now).tomorrow)
    return list(tasks.select_related("kind", "lead").order_by("due_at", "id")[:MOST_SHOWN])


def open_page(query: Mapping[str, str], *, member: Member | None) -> Page[Task]:
    """What `member`, or without one everybody, has still to do, the most urgent first."""
    tasks = _open().filter(assignee=member) if member else _open()
    return page_of(_with_names(tasks), ("due_at", "id"), query, is_counted=False)


def done_page(query: Mapping[str, str], *, member: Member | None) -> Page[Task]:
    """What has been done, the latest first."""
    tasks = Task.objects.filter(done_at__isnull=False)
    mine = tasks.filter(done_by=member) if member else tasks
    return page_of(_with_names(mine), ("-done_at", "-id"), query, is_counted=False)


def in_stretches(tasks: Sequence[Task], *, now: datetime) -> list[Stretch]:
    """Overdue, today, tomorrow and later; tasks come in the order of their time."""
    tomorrow = calendar_at(now).tomorrow
    names = {
        "overdue": (_("Overdue"), "red"),
        "today": (_("Today"), "amber"),
        "later": (_("Later"), "neutral"),
    }

    def stretch_of(task: Task) -> str:
        if task.due_at <= now:
            return "overdue"
        return "today" if task.due_at < tomorrow else "later"

    return [Stretch(*names[name], list(some)) for name, some in groupby(tasks, stretch_of)]


def suggested_due(kind: TaskKind, *, now: datetime) -> datetime:
    """When a task of this kind is due unless somebody says otherwise."""
    name = Workspace.objects.values_list("time_zone", flat=True).get(pk=current_workspace_id())
    return due_after(kind.due_hours, now=now, zone=ZoneInfo(name))


def _open() -> QuerySet[Task]:
    tasks: QuerySet[Task] = Task.objects.filter(done_at=None, dropped_at=None)
    return tasks


def _with_names(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("assignee", "kind", "lead__company", "company", "done_by")
