"""Health rules: those in force, and the next ones written, tried and published."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from funnel.customers.listing import counts_by_health
from funnel.health import drafting, telling
from funnel.health.forms import HealthOffForm, HealthRuleForm, PublishHealthForm
from funnel.health.publishing import publish_health
from funnel.health.switching import switch_health_off
from funnel.models import HealthPlan, HealthRule
from funnel.views.rule_drafts import RuleDrafts
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

DRAFTS = RuleDrafts(
    "health",
    drafting,
    HealthPlan,
    lambda: HealthRule.objects.select_related("plan"),
    HealthRuleForm,
    telling.told_rules,
)


@require_GET
def health(request: WorkspaceRequest) -> HttpResponse:
    """The rules that hold, for how many customers each speaks, and the versions."""
    plan = HealthPlan.objects.published().select_related("published_by").first()
    context = {
        "plan": plan,
        "rules": telling.told_rules(plan) if plan else [],
        "counts": counts_by_health(),
        "draft": HealthPlan.objects.draft().first(),
        "versions": telling.versions(),
        "may_change": may(request.member.role, "funnel:health_draft_start", "POST"),
        "is_health": True,
    }
    return render(request, "funnel/health.html", context)


@require_GET
def health_version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One version that held or holds."""
    plans = HealthPlan.objects.exclude(number=None)
    plans = plans.select_related("published_by", "retired_by")
    plan = get_object_or_404(plans, pk=id)
    context = {"plan": plan, "rules": telling.told_rules(plan)}
    return render(request, "funnel/health_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def off(request: WorkspaceRequest) -> HttpResponse:
    """Say why; then nobody is judged any more."""
    plan = get_object_or_404(HealthPlan.objects.published())
    form = HealthOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            switch_health_off(by=request.member, now=timezone.now(), **form.cleaned_data)
            say(request, _("Health rules are off; no customer is judged any more."))
            return redirect(workspace_reverse("funnel:health"))
    counts = counts_by_health()
    context = {"form": form, "plan": plan, "judged": sum(counts.values()) - counts[""]}
    status = 422 if form.errors else 200
    return render(request, "funnel/health_off.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: WorkspaceRequest) -> HttpResponse:
    """See whom the draft would move; say why; publish."""
    plan: HealthPlan = DRAFTS.the_draft()
    form = PublishHealthForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            publish_health(plan, by=request.member, now=timezone.now(), **form.cleaned_data)
            say(request, _("Published; every customer is judged by these rules now."))
            return redirect(workspace_reverse("funnel:health"))
    preview = telling.preview_of(plan, now=timezone.now())
    context = {"form": form, "preview": preview, "rules": preview.rules}
    status = 422 if form.errors else 200
    return render(request, "funnel/health_publish.html", context, status=status)
