"""What tasks are about: the kinds a workspace offers."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.task_kinds import restore_task_kind, retire_task_kind, save_task_kind
from leads.models import TaskKind
from leads.task_forms import TaskKindForm, kind_values_of


@require_GET
def task_kind_list(request: WorkspaceRequest) -> HttpResponse:
    """Those in use, and those that are not offered any more."""
    kinds = list(TaskKind.objects.order_by("position", "id"))
    context = {
        "in_use": [kind for kind in kinds if kind.retired_at is None],
        "retired": [kind for kind in kinds if kind.retired_at],
    }
    return render(request, "leads/task_kind_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def task_kind_add(request: WorkspaceRequest) -> HttpResponse:
    """A kind of the firm's own."""
    return _edit(request, TaskKind(), TaskKindForm(request.POST or None))


@require_http_methods(["GET", "HEAD", "POST"])
def task_kind(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Call it something else, or set its times."""
    kind = get_object_or_404(TaskKind, pk=id)
    return _edit(request, kind, TaskKindForm(request.POST or None, initial=kind_values_of(kind)))


@require_POST
def task_kind_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Offer it no more."""
    kind = get_object_or_404(TaskKind, pk=id)
    retire_task_kind(kind, now=timezone.now())
    undo = workspace_reverse("leads:task_kind_restore", id=id)
    say(request, _("“%s” is retired; its tasks stay.") % kind.name, undo_url=undo)
    return _back()


@require_POST
def task_kind_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Offer it again."""
    restore_task_kind(get_object_or_404(TaskKind, pk=id))
    return _back()


def _edit(request: WorkspaceRequest, kind: TaskKind, form: TaskKindForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            save_task_kind(kind, facts=form.facts())
            say(request, _("Kind of task “%s” saved.") % kind.name)
            return _back()
    context = {"kind": kind, "form": form, "is_new": kind._state.adding}
    return render(request, "leads/task_kind.html", context, status=422 if form.errors else 200)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("leads:task_kind_list"))
