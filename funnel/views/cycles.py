"""Qualification cycles: closing one, and reading what closed ones were."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funnel.actions.cycles import close_cycle
from funnel.actions.reopening import reopen_cycle
from funnel.cycle_forms import CloseCycleForm, ending_of
from funnel.models import ClosedCycle, CycleOutcome
from funnel.queries.cycles import chapters, cycles_in, first_of, is_last, months
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Lead


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_close(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Close the present cycle of one lead."""
    lead: Lead = get_object_or_404(Lead.objects.select_related("owner"), pk=id)
    form = CloseCycleForm(request.POST or None, initial={"number": lead.cycle})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told, now = form.cleaned_data, timezone.now()
            number, by = told["number"], request.member
            archive = close_cycle(lead, ending_of(told), number=number, by=by, now=now)
            undo = workspace_reverse("funnel:cycle_reopen", id=archive.pk)
            say(request, _("Cycle %(number)d is closed.") % {"number": number}, undo_url=undo)
            return redirect(workspace_reverse("leads:lead", id=lead.pk))
    status = 422 if request.method == "POST" else 200
    return render(request, "funnel/cycle_close.html", {"lead": lead, "form": form}, status=status)


@require_safe
def cycle(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What one closed cycle was: the whole story."""
    archive = _archive(id)
    context = {
        "archive": archive,
        "chapters": chapters(archive),
        "length": archive.closed_at - archive.begun_at,
        "may_reopen": is_last(archive) and may(request.member.role, "funnel:cycle_reopen", "POST"),
    }
    return render(request, "funnel/cycle.html", context)


@require_POST
def cycle_reopen(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take a closing back."""
    archive = _archive(id)
    reopen_cycle(archive, by=request.member, now=timezone.now())
    say(request, _("Cycle %(number)d goes on.") % {"number": archive.number})
    return redirect(workspace_reverse("leads:lead", id=archive.lead_id))


@require_safe
def cycle_list(request: WorkspaceRequest) -> HttpResponse:
    """How many cycles were closed by month, what came of them, and each of them."""
    zone, asked = request.workspace.time_zone, request.GET
    month, outcome = asked.get("month", ""), asked.get("outcome", "")
    found = cycles_in(month, outcome, zone)
    context = {
        "page": page_of(found, ("-closed_at", "-id"), asked),
        "months": months(zone, timezone.now()),
        "outcomes": CycleOutcome.choices,
        "outcome": outcome if outcome in CycleOutcome.values else "",
        "month": month if first_of(month) else "",
        "first": first_of(month),
    }
    return render(request, "funnel/cycle_list.html", context)


def _archive(id: UUID) -> ClosedCycle:
    found: ClosedCycle = get_object_or_404(
        ClosedCycle.objects.select_related("lead", "lead__owner", "by", "owner"), pk=id
    )
    return found
