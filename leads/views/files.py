"""Files on leads and companies: put there, given out, removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import came_from
from leads.actions.files import add_file, remove_file, restore_file
from leads.giving import given_out
from leads.models import Attachment, Company, Lead
from leads.queries.files import files, files_of

MOST_AT_ONCE = 10


@require_POST
def lead_file_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put files on a lead."""
    return _add(request, get_object_or_404(Lead, pk=id), workspace_reverse("leads:lead", id=id))


@require_POST
def company_file_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put files on a company."""
    home = workspace_reverse("leads:company", id=id)
    return _add(request, get_object_or_404(Company, pk=id), home)


@require_GET
def file(request: WorkspaceRequest, id: UUID) -> HttpResponseBase:
    """Give a file out, to be kept and not to be shown."""
    answer = given_out(get_object_or_404(files(), pk=id))
    if answer is None:
        raise Http404
    return answer


@require_POST
def file_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Remove a file, for thirty days."""
    found = get_object_or_404(files(), pk=id)
    remove_file(found, now=timezone.now())
    undo = workspace_reverse("leads:file_restore", id=id)
    say(request, _("File “%s” removed.") % found.name, undo_url=undo)
    return redirect(came_from(request))


@require_POST
def file_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Undo it."""
    restore_file(get_object_or_404(Attachment, pk=id))
    return redirect(came_from(request))


def file_card(request: WorkspaceRequest, about: Lead | Company) -> dict[str, Any]:
    """What the card “Files” shows."""
    add = "leads:lead_file_add" if isinstance(about, Lead) else "leads:company_file_add"
    return {
        "files": files_of(about),
        "add_file": workspace_reverse(add, id=about.pk),
        "may_file": may(request.member.role, add, "POST"),
    }


def _add(request: WorkspaceRequest, about: Lead | Company, home: str) -> HttpResponse:
    given = request.FILES.getlist("file")[:MOST_AT_ONCE]
    if not given:
        messages.error(request, _("Choose a file first."))
    for each in given:
        try:
            name = each.name or ""
            add_file(about, name=name, content=each, by=request.member, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, f"{each.name}: {refusal.sentence}")
        else:
            say(request, _("File “%s” added.") % each.name)
    return redirect(f"{home}#files")
