"""Health rules: those in force, and the next ones written, tried and published."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.customers.listing import counts_by_health
from funnel.health import drafting, telling
from funnel.health.forms import HealthRuleForm, PublishHealthForm
from funnel.health.publishing import publish_health
from funnel.models import HealthPlan, HealthRule
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def health(request: WorkspaceRequest) -> HttpResponse:
    """The rules that hold, for how many customers each speaks, and the versions."""
    plan = HealthPlan.objects.published().select_related("published_by").first()
    context = {
        "plan": plan,
        "rules": telling.told_rules(plan) if plan else [],
        "counts": counts_by_health(),
        "draft": HealthPlan.objects.draft().first(),
        "versions": HealthPlan.objects.numbered().select_related("published_by")[:50],
        "may_change": may(request.member.role, "funnel:health_draft_start", "POST"),
        "is_health": True,
    }
    return render(request, "funnel/health.html", context)


@require_GET
def health_version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One version that held or holds."""
    plans = HealthPlan.objects.exclude(number=None).select_related("published_by")
    plan = get_object_or_404(plans, pk=id)
    context = {"plan": plan, "rules": telling.told_rules(plan)}
    return render(request, "funnel/health_version.html", context)


@require_POST
def draft_start(request: WorkspaceRequest) -> HttpResponse:
    """Begin the next rules, or go on with them."""
    drafting.start_draft(by=request.member, now=timezone.now())
    return _back()


@require_GET
def draft(request: WorkspaceRequest) -> HttpResponse:
    """The rules as they are being written."""
    plan = the_draft()
    context = {"plan": plan, "rules": telling.told_rules(plan)}
    return render(request, "funnel/health_draft.html", context)


@require_POST
def draft_discard(request: WorkspaceRequest) -> HttpResponse:
    """Throw the draft away."""
    drafting.discard_draft(the_draft())
    say(request, _("Draft discarded; what is in force stays."))
    return redirect(workspace_reverse("funnel:health"))


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: WorkspaceRequest) -> HttpResponse:
    """See whom the draft would move; say why; publish."""
    plan = the_draft()
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


@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: WorkspaceRequest) -> HttpResponse:
    """A new rule, at the end."""
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


def the_draft() -> HealthPlan:
    """The rules being written."""
    found: HealthPlan | None = HealthPlan.objects.draft().first()
    if found is None:
        raise Http404
    return found


def _edit(request: WorkspaceRequest, shown: HealthRule | None) -> HttpResponse:
    plan = the_draft()
    form = HealthRuleForm(request.POST or None, rule=shown)
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            drafting.save_rule(plan, form.words(), rule_id=shown.pk if shown else None)
            say(request, _("Rule saved."))
            return _back()
    context = {"form": form, "rule": shown}
    status = 422 if is_saving else 200
    return render(request, "funnel/health_rule.html", context, status=status)


def _rule(rule_id: UUID) -> HealthRule:
    return get_object_or_404(
        HealthRule.objects.select_related("plan"), pk=rule_id, plan=the_draft()
    )


def _back() -> HttpResponse:
    return redirect(workspace_reverse("funnel:health_draft"))
