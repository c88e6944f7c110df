"""Saving, changing, sharing and deleting views."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.actions.views import LISTINGS, change_view, remove_view, save_view
from leads.models.views import SavedView
from leads.queries.asking import CONDITION, Asked, asked_of, of_view, read_tree
from leads.queries.views import visible_views


@require_POST
def view_add(request: WorkspaceRequest, subject: str) -> HttpResponse:
    """Keep the list in the address `state` under a name."""
    said = request.POST if "state" in request.POST else request.GET  # an Undo has it in its address
    view = save_view(
        subject=subject,
        name=said.get("name", ""),
        facts=_facts(_asked(subject, said.get("state", ""))),
        is_shared=bool(said.get("is_shared")),
        by=request.member,
        now=timezone.now(),
    )
    say(request, _("View “%s” saved.") % view.name)
    return redirect(_address(view))


@require_POST
def view_change(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Another name, shared or not, or the list as it is looked at now."""
    view = _view(request, id)
    changes: dict[str, Any] = {}
    if "state" in request.POST:
        changes |= _facts(_asked(view.subject, request.POST["state"]))
    if "name" in request.POST:
        changes["name"] = request.POST["name"]
    if "is_shared" in request.POST:
        changes["is_shared"] = request.POST["is_shared"] == "yes"
    changed = change_view(view, changes=changes, by=request.member, now=timezone.now())
    say(request, _("View “%s” saved.") % changed.name)
    return redirect(_address(changed))


@require_POST
def view_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Forget it, until somebody says Undo."""
    view = _view(request, id)
    state = of_view(LISTINGS[view.subject], view).address[1:]
    again = QueryDict(mutable=True)
    again["name"], again["state"] = view.name, state
    if view.is_shared:
        again["is_shared"] = "yes"
    remove_view(view, by=request.member)
    undo = f"{workspace_reverse('leads:view_add', subject=view.subject)}?{again.urlencode()}"
    say(request, _("View “%s” deleted.") % view.name, undo_url=undo)
    return redirect(workspace_reverse(f"leads:{view.subject}_list"))


def _asked(subject: str, state: str) -> Asked:
    if subject not in LISTINGS:
        raise Http404
    return asked_of(QueryDict(state[:20_000]), LISTINGS[subject])


def _facts(asked: Asked) -> dict[str, Any]:
    """What a view keeps of a list."""
    query = dict(asked.filters)
    tree = query.pop(CONDITION, "")
    return {
        "query": query,
        "condition": read_tree(tree) if tree else {},
        "columns": list(asked.columns),
        "sort": asked.sort,
    }


def _view(request: WorkspaceRequest, id: UUID) -> SavedView:
    return get_object_or_404(visible_views(request.member), pk=id)


def _address(view: SavedView) -> str:
    return f"{workspace_reverse(f'leads:{view.subject}_list')}?view={view.pk}"
