"""The next routing plan: written, tried on the past, published."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.models import RoutingPlan, RoutingRule
from funnel.routing import drafting, telling
from funnel.routing.forms import PublishPlanForm, RuleForm
from funnel.routing.knowing import rules_of
from funnel.routing.publishing import publish_plan
from funnel.routing.rehearsing import PERIOD, rehearse
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_POST
def draft_start(request: WorkspaceRequest) -> HttpResponse:
    """Begin the next plan, or go on with it."""
    drafting.start_draft(by=request.member, now=timezone.now())
    return _back()


@require_GET
def draft(request: WorkspaceRequest) -> HttpResponse:
    """The rules as they are being written."""
    plan = the_draft()
    context = {"plan": plan, "rules": telling.told_rules(plan)}
    return render(request, "funnel/routing_draft.html", context)


@require_POST
def draft_discard(request: WorkspaceRequest) -> HttpResponse:
    """Throw the draft away."""
    drafting.discard_draft(the_draft())
    say(request, _("Draft discarded; what is in force stays."))
    return redirect(workspace_reverse("funnel:routing"))


@require_GET
def dry_run(request: WorkspaceRequest) -> HttpResponse:
    """Who would have got the MQLs of the last thirty days; nothing is written."""
    now = timezone.now()
    tried = rehearse(rules_of(the_draft()), since=now - PERIOD, until=now, now=now)
    return render(request, "funnel/routing_dry_run.html", {"tried": tried})


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: WorkspaceRequest) -> HttpResponse:
    """Say why, publish."""
    plan = the_draft()
    form = PublishPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            publish_plan(plan, by=request.member, now=timezone.now(), **form.cleaned_data)
            say(request, _("Published; new MQLs get an owner by these rules."))
            return redirect(workspace_reverse("funnel:routing"))
    context = {"form": form, "rules": telling.told_rules(plan)}
    status = 422 if form.errors else 200
    return render(request, "funnel/routing_publish.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: WorkspaceRequest) -> HttpResponse:
    """A new rule, above the last resort."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A rule of the draft."""
    return _edit(request, _rule(id))


@require_POST
def rule_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take a rule out of the draft."""
    found = _rule(id)
    drafting.remove_rule(found)
    say(request, _("“%(name)s” removed from the draft.") % {"name": found.name})
    return _back()


@require_POST
def rule_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down."""
    drafting.move_rule(_rule(id), up=request.POST.get("to") == "up")
    return _back()


def the_draft() -> RoutingPlan:
    """The plan being written."""
    found: RoutingPlan | None = RoutingPlan.objects.draft().first()
    if found is None:
        raise Http404
    return found


def _edit(request: WorkspaceRequest, shown: RoutingRule | None) -> HttpResponse:
    plan = the_draft()
    form = RuleForm(request.POST or None, rule=shown)
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            drafting.save_rule(plan, form.words(), rule_id=shown.pk if shown else None)
            say(request, _("Rule saved."))
            return _back()
    context = {"form": form, "rule": shown}
    status = 422 if is_saving else 200
    return render(request, "funnel/routing_rule.html", context, status=status)


def _rule(rule_id: UUID) -> RoutingRule:
    return get_object_or_404(
        RoutingRule.objects.select_related("plan", "team", "member"), pk=rule_id, plan=the_draft()
    )


def _back() -> HttpResponse:
    return redirect(workspace_reverse("funnel:routing_draft"))
