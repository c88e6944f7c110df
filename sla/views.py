"""The SLA's pages: the promise, how it is kept, and the clocks behind the figures."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.ui.paging import page_of
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from sla import actions, queries
from sla.forms import PolicyForm, initial_of
from sla.models import Clock, Policy

PERIOD = timedelta(days=30)
STATES = {
    "running": gettext_lazy("Waiting for an answer"),
    "missed": gettext_lazy("Missed"),
    "kept": gettext_lazy("Answered in time"),
}


def policy_list(request: WorkspaceRequest) -> HttpResponse:
    """The promise in words, its attainment, and all its versions."""
    now = timezone.now()
    current = queries.attainment(now - PERIOD, now)
    before = queries.attainment(now - 2 * PERIOD, now - PERIOD)
    context = {
        "policy": queries.policy_in_force(),
        "versions": Policy.objects.select_related("published_by").order_by("-version"),
        "attainment": current,
        "change": _change(current.share, before.share),
        "may_edit": may(request.member.role, "sla:policy_edit", "POST"),
        "running": Clock.objects.running().count(),
        "overdue": Clock.objects.running().filter(due_at__lte=now).count(),
    }
    return render(request, "sla/policies.html", context)


def policy_edit(request: WorkspaceRequest) -> HttpResponse:
    """Write the next version and put it in force."""
    form = PolicyForm(request.POST or None, initial=initial_of(queries.policy_in_force()))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            policy = actions.publish_policy(
                form.promise(),
                reason=form.cleaned_data["reason"],
                by=request.member,
                now=timezone.now(),
            )
            said = _("Version %(version)d is in force; clocks that run keep the version they have.")
            messages.success(request, said % {"version": policy.version})
            return redirect(workspace_reverse("sla:policy_list"))
    status = 422 if form.errors else 200
    return render(request, "sla/policy_form.html", {"form": form}, status=status)


def clock_list(request: WorkspaceRequest) -> HttpResponse:
    """The clocks behind the figures, by state."""
    state = request.GET.get("state", "running")
    if state not in STATES:
        state = "running"
    order = ("due_at", "id") if state == "running" else ("-due_at", "-id")
    page = page_of(queries.clocks(state), order, request.GET)
    context: dict[str, Any] = {"page": page, "state": state, "states": STATES.items()}
    return render(request, "sla/clocks.html", context)


def _change(share: float | None, before: float | None) -> float | None:
    """Relative change of a share, when both are known."""
    return share / before - 1 if share is not None and before else None
