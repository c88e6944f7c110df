"""Where one lands: the start page for strangers, and each role's first page in a workspace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch

from leadmgmt import setup
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest, workspaces_of
from leadmgmt.workspaces.models import Role, User

FIRST_PAGES: dict[str, tuple[str, ...]] = {
    Role.REP: ("funnel:queue", "leads:lead_list"),
    Role.CLOSER: ("funnel:closing_list",),
    Role.MANAGER: ("funnel:queue", "leads:lead_list"),
}
ELSE = ("reports:dashboard", "leads:lead_list", "workspaces:member_list")


def home(request: HttpRequest) -> HttpResponse:
    """Strangers read what this is; members go to their workspace, or choose or make one."""
    if not isinstance(request.user, User):
        return render(request, "start.html")
    found = workspaces_of(request.user.pk)
    if not found:
        return redirect("create_workspace")
    if len(found) > 1:
        return redirect("choose_workspace")
    return redirect("workspace_home", workspace_slug=found[0][0])


def workspace_home(request: WorkspaceRequest) -> HttpResponse:
    """The page this role opens first in the morning; set-up while there is nothing to see."""
    if may(request.member.role, "setup") and setup.is_empty():
        return redirect(workspace_reverse("setup"))
    for view_name in FIRST_PAGES.get(request.member.role, ELSE):
        try:
            return redirect(workspace_reverse(view_name))
        except NoReverseMatch:  # this installation has no such page
            continue
    return redirect("choose_workspace")
