"""Teams: who shares work."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.actions.teams import restore_team, retire_team, save_team
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.availability import presences
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member, Team, TeamMember
from leadmgmt.workspaces.refusing import refusals_on
from leadmgmt.workspaces.team_forms import TeamForm, values_of


@require_GET
def team_list(request: WorkspaceRequest) -> HttpResponse:
    """Teams with their people, and who of them is at work now."""
    found = Team.objects.prefetch_related("seats__member", "working_times").order_by("name_key")
    teams = list(found)
    people = {seat.member_id: seat.member for team in teams for seat in team.seats.all()}
    context = {
        "teams": [each for each in teams if each.retired_at is None],
        "retired": [each for each in teams if each.retired_at],
        "presences": presences(people.values(), now=timezone.now()),
        "may_change": may(request.member.role, "workspaces:team_add", "POST"),
    }
    return render(request, "workspaces/team_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team_add(request: WorkspaceRequest) -> HttpResponse:
    """Found a team."""
    return _edit(request, Team(), TeamForm(request.POST or None))


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Its name, its people, its hours."""
    found = get_object_or_404(Team, pk=id)
    return _edit(request, found, TeamForm(request.POST or None, initial=values_of(found)))


@require_POST
def team_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Give it no more work."""
    found = get_object_or_404(Team, pk=id)
    retire_team(found, now=timezone.now())
    undo = workspace_reverse("workspaces:team_restore", id=id)
    say(request, _("Team “%s” is retired; it gets no more work.") % found, undo_url=undo)
    return _back()


@require_POST
def team_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Let it work again."""
    restore_team(get_object_or_404(Team, pk=id))
    return _back()


def _edit(request: WorkspaceRequest, found: Team, form: TeamForm) -> HttpResponse:
    is_new = found._state.adding
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            save_team(found, **form.cleaned_data)
            say(request, _("Team “%s” saved.") % found)
            return _back()
    members: list[Member] = [] if is_new else [each.member for each in _seats_of(found)]
    context = {
        "team": found,
        "form": form,
        "is_new": is_new,
        "members": members,
        "presences": presences(members, now=timezone.now()),
        "hours": None if is_new else found.working_times.first(),
        "may_change": may(request.member.role, "workspaces:team", "POST"),
    }
    return render(request, "workspaces/team.html", context, status=422 if form.errors else 200)


def _seats_of(found: Team) -> list[TeamMember]:
    present = found.seats.filter(member__left_at=None)
    return list(present.select_related("member").order_by("member__name", "member_id"))


def _back() -> HttpResponse:
    return redirect(workspace_reverse("workspaces:team_list"))
