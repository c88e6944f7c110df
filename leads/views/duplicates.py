"""The review queue: leads that may be one person, for a person to decide."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.actions.duplicates import dismiss_pair, reopen_pair, search_all
from leads.models import Duplicate
from leads.queries.duplicates import duplicate_page, is_searching


@require_GET
def duplicate_list(request: WorkspaceRequest) -> HttpResponse:
    """Pairs side by side, the most certain first."""
    context = {"page": duplicate_page(request.GET), "is_searching": is_searching()}
    return render(request, "leads/duplicate_list.html", context)


@require_POST
def duplicate_search(request: WorkspaceRequest) -> HttpResponse:
    """Look through all leads in the background, unless somebody does already."""
    if not is_searching():
        search_all()
    return redirect(workspace_reverse("leads:duplicate_list"))


@require_POST
def duplicate_dismiss(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """They are two people."""
    pair = get_object_or_404(Duplicate, pk=id)
    dismiss_pair(pair, by=request.member, now=timezone.now())
    undo = workspace_reverse("leads:duplicate_reopen", id=id)
    say(request, _("Two people: this pair will not be suggested again."), undo_url=undo)
    return redirect(workspace_reverse("leads:duplicate_list"))


@require_POST
def duplicate_reopen(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put a dismissed pair back into the queue."""
    reopen_pair(get_object_or_404(Duplicate, pk=id), by=request.member)
    return redirect(workspace_reverse("leads:duplicate_list"))
