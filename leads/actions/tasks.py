"""Tasks and promises: given, changed, done, dropped, taken up again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.staff import why_no_work
from leads import normalising
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Company, Lead, Task, TaskKind

LATEST = timedelta(days=5 * 365)
LONGEST_NOTE = 5_000
CHANGEABLE = frozenset({"title", "note", "due_at", "assignee"})


class CannotAddTask(Refusal):
    """The kind is retired, the time is past or too far away, or the member has left."""


class CannotCloseTask(Conflict):
    """Somebody has done or dropped the task already."""


def add_task(
    kind: TaskKind,
    *,
    about: Lead | Company,
    due_at: datetime,
    title: str = "",
    note: str = "",
    assignee: Member | None,
    by: Member | None,
    now: datetime,
) -> Task:
    """Something to do for a lead or a company until `due_at`; without a title it is its kind's.

    The assignee is told unless it is `by`. Refuses a retired kind, a time that is past, and a
    member who has left.
    """
    if kind.retired_at:
        sentence = _("“%s” is retired; choose another kind, or bring it back in the settings.")
        raise CannotAddTask(sentence % kind.name, field="kind")
    task = Task(kind=kind, by=by, created_at=now, **{_noun(about): about})
    changes = {"title": title or kind.name, "note": note, "due_at": due_at, "assignee": assignee}
    with transaction.atomic():
        _set(task, changes, now=now)
        task.save(force_insert=True)
        _remember(Kind.TASK_ADDED, task, by=by, now=now)
        _tell_assignee(task, by=by, now=now)
    return task


def change_task(
    task: Task, *, changes: Mapping[str, Any], by: Member | None, now: datetime
) -> Task:
    """Set title, note, due_at or assignee of an open task; a new assignee is told."""
    with transaction.atomic():
        locked = _open(task)
        before = locked.assignee_id
        _set(locked, {name: changes[name] for name in CHANGEABLE & changes.keys()}, now=now)
        locked.save()
        if locked.assignee_id != before:
            _tell_assignee(locked, by=by, now=now)
    return locked


def finish_task(task: Task, *, by: Member | None, now: datetime) -> Task:
    """It is done; nobody is reminded any more."""
    return _close(task, Kind.TASK_DONE, by=by, now=now, done_at=now, done_by=by)


def drop_task(task: Task, *, by: Member | None, now: datetime) -> Task:
    """It will not be done; the timeline says so."""
    return _close(task, Kind.TASK_DROPPED, by=by, now=now, dropped_at=now, done_by=by)


def reopen_task(task: Task, *, by: Member | None, now: datetime) -> Task:
    """Take a task up again that was done or dropped; what is past is not reminded of twice."""
    with transaction.atomic():
        locked = _locked(task)
        if locked.done_at or locked.dropped_at:
            locked.done_at = locked.dropped_at = locked.done_by = None
            _set_times(locked, now=now)
            locked.save()
            _remember(Kind.TASK_REOPENED, locked, by=by, now=now)
    return locked


def subject_of(task: Task) -> Lead | Company | None:
    """What a task is about."""
    return task.lead or task.company


def path_of(lead_id: UUID | None, company_id: UUID | None) -> str:
    """The page a task is about, below the workspace."""
    return f"leads/{lead_id}/#tasks" if lead_id else f"companies/{company_id}/#tasks"


def _close(task: Task, kind: Kind, *, by: Member | None, now: datetime, **state: Any) -> Task:
    with transaction.atomic():
        locked = _open(task)
        for name, value in state.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(state))
        _remember(kind, locked, by=by, now=now)
    return locked


def _open(task: Task) -> Task:
    locked = _locked(task)
    if locked.done_at:
        who = {"name": locked.done_by or _("somebody")}
        raise CannotCloseTask(_("%(name)s has done this task already.") % who)
    if locked.dropped_at:
        raise CannotCloseTask(_("This task was dropped; take it up again first."))
    return locked


def _locked(task: Task) -> Task:
    locked: Task = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    return locked


def _set(task: Task, changes: Mapping[str, Any], *, now: datetime) -> None:
    if "title" in changes:
        title = normalising.plain_text(changes["title"], field="title", most=200)
        task.title = title or task.kind.name
    if "note" in changes:
        task.note = normalising.plain_lines(changes["note"], field="note", most=LONGEST_NOTE)
    if "assignee" in changes and changes["assignee"] != task.assignee:
        task.assignee = _present(changes["assignee"])
    if "due_at" in changes and changes["due_at"] != task.due_at:
        task.due_at = _possible(changes["due_at"], now)
        _set_times(task, now=now)


def _set_times(task: Task, *, now: datetime) -> None:
    """When to remind and when to tell the managers; what is past will not happen again."""
    remind, escalate = task.kind.remind_hours, task.kind.escalate_hours
    task.remind_at = task.escalate_at = task.escalated_at = None
    if remind is not None:
        before = task.due_at - timedelta(hours=remind)
        task.remind_at = next((at for at in (before, task.due_at) if at > now), None)
    if escalate is not None:
        task.escalate_at = max(task.due_at + timedelta(hours=escalate), now)


def _possible(due_at: datetime, now: datetime) -> datetime:
    if due_at < now:
        raise CannotAddTask(
            _("This time is past; choose one that is still to come."), field="due_at"
        )
    if due_at > now + LATEST:
        raise CannotAddTask(_("This is more than five years away."), field="due_at")
    return due_at


def _present(member: Member | None) -> Member | None:
    if sentence := why_no_work(member):
        raise CannotAddTask(sentence, field="assignee")
    return member


def _noun(about: Lead | Company) -> str:
    return "lead" if isinstance(about, Lead) else "company"


def _remember(kind: Kind, task: Task, *, by: Member | None, now: datetime) -> None:
    """On the timeline of the lead; a company's tasks have none."""
    if task.lead_id is None:
        return
    said = {"task": task.title, "is_promise": task.kind.is_promise, "kind_of_task": task.kind.name}
    if kind == Kind.TASK_ADDED:
        said |= {"due_at": task.due_at.isoformat(), "assignee": str(task.assignee or "")}
        said |= {"note": task.note}
    by_id = by.pk if by else None
    fact = NewActivity(kind, now, lead_id=task.lead_id, properties=said, by_id=by_id)
    record_activities([fact], now=now)


def _tell_assignee(task: Task, *, by: Member | None, now: datetime) -> None:
    if task.assignee is None or task.assignee == by:
        return
    told = {"by": by or _("The API"), "task": task.title, "about": subject_of(task)}
    notice = NewNotice(
        member_id=task.assignee.pk,
        kind="task_given",
        text=_("%(by)s gave you a task: %(task)s · %(about)s") % told,
        path=path_of(task.lead_id, task.company_id),
        key=f"task-given-{task.pk}-{now.timestamp():.0f}",
    )
    give_notices([notice], now=now)
