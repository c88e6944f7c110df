"""Routing as everybody reads it: the plan in force, its versions, who waits."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.models import RoutingPlan, Share, Spell
from funnel.routing import telling
from funnel.routing.forms import ShareForm
from funnel.routing.publishing import switch_off
from funnel.routing.shares import set_share
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member, Team
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def routing(request: WorkspaceRequest) -> HttpResponse:
    """Whether it is on, the rules that hold, what they did last."""
    plan = RoutingPlan.objects.published().select_related("published_by").first()
    numbered = RoutingPlan.objects.exclude(number=None).select_related("published_by")
    context = {
        "plan": plan,
        "rules": telling.told_rules(plan) if plan else [],
        "draft": RoutingPlan.objects.draft().first(),
        "versions": numbered.order_by("-number")[:50],
        "waiting": telling.waits().count(),
        "latest": telling.latest_assignments(),
        "may_change": may(request.member.role, "funnel:routing_draft_start", "POST"),
    }
    return render(request, "funnel/routing.html", context)


@require_GET
def routing_version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One plan that held or holds."""
    plans = RoutingPlan.objects.exclude(number=None).select_related("published_by")
    plan = get_object_or_404(plans, pk=id)
    context = {"plan": plan, "rules": telling.told_rules(plan)}
    return render(request, "funnel/routing_version.html", context)


@require_GET
def routing_waiting(request: WorkspaceRequest) -> HttpResponse:
    """MQLs for which nobody is eligible, the oldest first, and why."""
    context = {
        "page": page_of(telling.waits(), ("since", "id"), request.GET),
        "spells": Spell.objects.filter(ended_at=None)
        .select_related("team", "member")
        .order_by("began_at"),
        "is_on": RoutingPlan.objects.published().exists(),
    }
    return render(request, "funnel/routing_waiting.html", context)


@require_POST
def routing_off(request: WorkspaceRequest) -> HttpResponse:
    """Route nobody any more."""
    switch_off(now=timezone.now())
    say(request, _("Routing is off. New MQLs wait in the pool to be claimed."))
    return redirect(workspace_reverse("funnel:routing"))


@require_GET
def team_shares(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What each member of a team gets of its leads."""
    team = get_object_or_404(Team, pk=id)
    may_change = may(request.member.role, "funnel:team_share", "POST")
    context = {
        "team": team,
        "shares": telling.told_shares(team),
        "history": telling.changes_of_shares(team),
        "may_change": may_change,
    }
    return render(request, "funnel/team_shares.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team_share(request: WorkspaceRequest, id: UUID, member: UUID) -> HttpResponse:
    """Turns, capacity and territory of one of them."""
    team = get_object_or_404(Team, pk=id)
    person = get_object_or_404(Member.objects.present(), pk=member, seats__team=team)
    kept = Share.objects.filter(team=team, member=person).first()
    form = ShareForm(request.POST or None, share=kept or Share(team=team, member=person))
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            set_share(team, person, form.words(), by=request.member, now=timezone.now())
            say(request, _("What %(name)s gets is saved.") % {"name": person})
            return redirect(workspace_reverse("funnel:team_shares", id=team.pk))
    context = {"form": form, "team": team, "person": person}
    status = 422 if is_saving else 200
    return render(request, "funnel/team_share.html", context, status=status)
