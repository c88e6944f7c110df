"""Settings of the workspace, and work that is stuck in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from leadmgmt.kernel import trouble
from leadmgmt.workspaces.actions.workspaces import change_workspace
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.forms import WorkspaceForm
from leadmgmt.workspaces.models import Workspace
from leadmgmt.workspaces.refusing import refusals_on

SHOWN = 100
LONGEST_ID = len(str(2**63))


def settings(request: WorkspaceRequest) -> HttpResponse:
    """Name, time zone, currency."""
    # A copy, so that the page around a wrong form still shows the name it has.
    workspace = Workspace.objects.get(pk=request.workspace.pk)
    form = WorkspaceForm(request.POST or None, instance=workspace)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            change_workspace(workspace, **form.cleaned_data)
            messages.success(request, _("The settings are saved."))
            return redirect(workspace_reverse("workspaces:settings"))
    status = 422 if form.errors else 200
    return render(request, "workspaces/settings.html", {"form": form}, status=status)


def stuck_work(request: WorkspaceRequest) -> HttpResponse:
    """What failed again and again, with a way to try once more."""
    if request.method == "POST":
        named = request.POST.getlist("row")
        chosen = [int(id) for id in named if id.isdecimal() and len(id) < LONGEST_ID]
        count = trouble.retry(chosen if named else None)
        messages.success(request, _("Trying again: %(count)s.") % {"count": count})
        return redirect(workspace_reverse("workspaces:stuck_work"))
    rows = list(trouble.set_aside()[:SHOWN])
    return render(request, "workspaces/stuck_work.html", {"rows": rows})
