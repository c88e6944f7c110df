"""The next routing plan: written, tried on the past, published."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from funnel.models import RoutingPlan, RoutingRule
from funnel.routing import drafting, telling
from funnel.routing.forms import PublishPlanForm, RuleForm
from funnel.routing.knowing import rules_of
from funnel.routing.publishing import publish_plan
from funnel.routing.rehearsing import PERIOD, rehearse
from funnel.views.rule_drafts import RuleDrafts
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

DRAFTS = RuleDrafts(
    "routing",
    drafting,
    RoutingPlan,
    lambda: RoutingRule.objects.select_related("plan", "team", "member"),
    RuleForm,
    telling.told_rules,
)


@require_GET
def dry_run(request: WorkspaceRequest) -> HttpResponse:
    """Who would have got the MQLs of the last thirty days; nothing is written."""
    now = timezone.now()
    tried = rehearse(rules_of(DRAFTS.the_draft()), since=now - PERIOD, until=now, now=now)
    return render(request, "funnel/routing_dry_run.html", {"tried": tried})


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: WorkspaceRequest) -> HttpResponse:
    """Say why, publish."""
    plan: RoutingPlan = DRAFTS.the_draft()
    form = PublishPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            publish_plan(plan, by=request.member, now=timezone.now(), **form.cleaned_data)
            say(request, _("Published; new MQLs get an owner by these rules."))
            return redirect(workspace_reverse("funnel:routing"))
    context = {"form": form, "rules": telling.told_rules(plan)}
    status = 422 if form.errors else 200
    return render(request, "funnel/routing_publish.html", context, status=status)
