"""Tasks: on a lead's or a company's page, and all of one's own on theirs."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.refusing import came_from, refusals_on
from leads.actions.tasks import add_task, change_task, drop_task, finish_task, path_of, reopen_task
from leads.models import Company, Lead, Task, TaskKind
from leads.queries.tasks import (
    done_page,
    in_stretches,
    kinds_in_use,
    open_page,
    open_tasks_of,
    suggested_due,
)
from leads.task_forms import AddTaskForm, TaskForm, values_of


@require_GET
def task_list(request: WorkspaceRequest) -> HttpResponse:
    """What I have to do, by when; what I have done."""
    return _list(request, request.member)


@require_GET
def task_team(request: WorkspaceRequest) -> HttpResponse:
    """What everybody has to do."""
    return _list(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Change what is to be done, by whom or by when."""
    shown = _task(id)
    form = TaskForm(request.POST or None, initial=values_of(shown))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            change_task(shown, changes=changes, by=request.member, now=timezone.now())
            say(request, _("Task saved."))
            return redirect(_home_of(shown))
    context = {"task": shown, "form": form, "home": _home_of(shown)}
    return render(request, "leads/task.html", context, status=422 if form.errors else 200)


@require_POST
def task_finish(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Done."""
    finish_task(_task(id), by=request.member, now=timezone.now())
    return _closed(request, id, _("Done."))


@require_POST
def task_drop(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """It will not be done."""
    drop_task(_task(id), by=request.member, now=timezone.now())
    return _closed(request, id, _("Task dropped."))


@require_POST
def task_reopen(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Undo either."""
    reopen_task(_task(id), by=request.member, now=timezone.now())
    return redirect(came_from(request))


@require_http_methods(["GET", "HEAD", "POST"])
def lead_task_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A next step for a lead."""
    about = get_object_or_404(Lead.objects.select_related("company", "owner"), pk=id)
    return _add(request, about, "leads:lead_task_add")


@require_http_methods(["GET", "HEAD", "POST"])
def company_task_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A next step for a company."""
    about = get_object_or_404(Company.objects.select_related("owner"), pk=id)
    return _add(request, about, "leads:company_task_add")


def next_steps(request: WorkspaceRequest, about: Lead | Company) -> dict[str, Any]:
    """What the card “Next steps” shows."""
    is_lead = isinstance(about, Lead)
    add = "leads:lead_task_add" if is_lead else "leads:company_task_add"
    return {
        "tasks": open_tasks_of(about),
        "add_task": workspace_reverse(add, id=about.pk),
        "may_task": may(request.member.role, add, "POST"),
        "now": timezone.now(),
    }


def _add(request: WorkspaceRequest, about: Lead | Company, here: str) -> HttpResponse:
    kinds = kinds_in_use()
    form = _form(request, about, kinds)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            add_task(about=about, by=request.member, now=timezone.now(), **form.cleaned_data)
            say(request, _("Next step added."))
            return HttpResponseClientRefresh() if request.htmx else redirect(_home(about))
    context = {
        "about": about,
        "form": form,
        "kinds": kinds,
        "here": workspace_reverse(here, id=about.pk),
        "home": _home(about),
    }
    part = "#form" if request.htmx else ""
    status = 422 if form.errors else 200
    return render(request, f"leads/task_add.html{part}", context, status=status)


def _form(request: WorkspaceRequest, about: Lead | Company, kinds: list[TaskKind]) -> AddTaskForm:
    """Filled with when a task of the kind asked for is due, and who would do it."""
    if request.method == "POST":
        return AddTaskForm(request.POST, kinds=kinds)
    asked = request.GET.get("kind", "")
    kind = next((each for each in kinds if str(each.pk) == asked), kinds[0] if kinds else None)
    typed = {name: request.GET.get(name, "") for name in ("title", "note")}
    assignee = request.GET.get("assignee") or about.owner_id or request.member.pk
    due_at = suggested_due(kind, now=timezone.now()) if kind else None
    initial = {**typed, "kind": kind, "assignee": assignee, "due_at": due_at}
    return AddTaskForm(kinds=kinds, initial=initial)


def _list(request: WorkspaceRequest, member: Member | None) -> HttpResponse:
    now, is_done, is_team = timezone.now(), "done" in request.GET, member is None
    page = (done_page if is_done else open_page)(request.GET, member=member)
    role = request.member.role
    context = {
        "page": page,
        "stretches": [] if is_done else in_stretches(page.rows, now=now),
        "is_done": is_done,
        "is_team": is_team,
        "is_mine": not is_team,
        "tabs": list(_tabs(role, is_team=is_team, is_done=is_done)),
        "may_finish": may(role, "leads:task_finish", "POST"),
        "now": now,
    }
    return render(request, "leads/task_list.html", context)


def _tabs(role: str, *, is_team: bool, is_done: bool) -> Iterator[dict[str, Any]]:
    """A link per list the role may open."""
    for name, open_label, done_label, is_theirs in (
        ("leads:task_list", _("Mine"), _("Done by me"), False),
        ("leads:task_team", _("Everybody’s"), _("Done by everybody"), True),
    ):
        if may(role, name):
            url = workspace_reverse(name)
            is_here = is_team == is_theirs
            yield {"label": open_label, "url": url, "is_current": is_here and not is_done}
            yield {"label": done_label, "url": f"{url}?done", "is_current": is_here and is_done}


def _closed(request: WorkspaceRequest, id: UUID, said: str) -> HttpResponse:
    say(request, said, undo_url=workspace_reverse("leads:task_reopen", id=id))
    return redirect(came_from(request))


def _task(id: UUID) -> Task:
    names = ("kind", "lead", "company", "assignee")
    found: Task = get_object_or_404(Task.objects.select_related(*names), pk=id)
    return found


def _home(about: Lead | Company) -> str:
    name = "leads:lead" if isinstance(about, Lead) else "leads:company"
    return workspace_reverse(name, id=about.pk)


def _home_of(task: Task) -> str:
    return f"{workspace_reverse('workspace_home')}{path_of(task.lead_id, task.company_id)}"
