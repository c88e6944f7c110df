"""The steps every new customer is taken through."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.care import steps
from funnel.care.forms import StepForm, step_values
from funnel.models import OnboardingStep
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def onboarding(request: WorkspaceRequest) -> HttpResponse:
    """Those in force with the training content for each, and those that are not any more."""
    found = OnboardingStep.objects.order_by("position", "id").prefetch_related("contents")
    rows = list(found)
    context = {
        "in_use": [each for each in rows if each.retired_at is None],
        "retired": [each for each in rows if each.retired_at],
        "may_change": may(request.member.role, "funnel:onboarding_step_add", "POST"),
    }
    return render(request, "funnel/onboarding.html", context)


@require_POST
def onboarding_start(request: WorkspaceRequest) -> HttpResponse:
    """Begin with the usual steps."""
    count = steps.start_steps()
    say(request, _("%d onboarding steps to start from.") % count)
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
def onboarding_step_add(request: WorkspaceRequest) -> HttpResponse:
    """One more, at the end."""
    form = StepForm(request.POST or None, initial={"due_days": 7})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = steps.add_step(**form.cleaned_data)
            say(request, _("“%s” added; customers to come get it.") % made)
            return _back()
    return _page(request, form, _("Add onboarding step"))


@require_http_methods(["GET", "HEAD", "POST"])
def onboarding_step(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Change it for customers to come."""
    step = get_object_or_404(OnboardingStep, pk=id)
    form, title = StepForm(request.POST or None, initial=step_values(step)), step.name
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            steps.change_step(step, changes=form.cleaned_data)
            say(request, _("“%s” saved; checklists that run stay as they are.") % step)
            return _back()
    return _page(request, form, title)


@require_POST
def onboarding_step_shift(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down."""
    step = get_object_or_404(OnboardingStep.objects.in_use(), pk=id)
    rows = OnboardingStep.objects.in_use().order_by("position", "id")
    order = list(rows.values_list("pk", flat=True))
    by = -1 if request.POST.get("to") == "up" else 1
    steps.shift_step(step, to=order.index(step.pk) + by)
    return _back()


@require_POST
def onboarding_step_switch(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Retire it, or bring it back."""
    step = get_object_or_404(OnboardingStep, pk=id)
    if step.retired_at:
        steps.restore_step(step)
        say(request, _("“%s” is back, at the end.") % step)
    else:
        steps.retire_step(step, now=timezone.now())
        undo = workspace_reverse("funnel:onboarding_step_switch", id=id)
        say(request, _("“%s” is retired; who has it keeps it.") % step, undo_url=undo)
    return _back()


def _page(request: WorkspaceRequest, form: StepForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    status = 422 if form.errors else 200
    return render(request, "funnel/onboarding_step.html", context, status=status)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("funnel:onboarding"))
