"""Working on one lead: attempts, qualification, moves."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from funnel.actions.qualifying import LEADS_TO, qualify_lead, save_qualification
from funnel.actions.stages import move_lead
from funnel.actions.working import log_attempt
from funnel.forms import ATTEMPTS, AttemptForm, MoveForm, QualificationForm
from funnel.models import Outcome
from funnel.queries.story import open_qualification
from funnel.views.queue import address_of, queue_with
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Lead, Stage

FROM_QUEUE = "queue"


@require_http_methods(["GET", "POST"])
def attempt(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Log a call, an email, a voice message or a meeting."""
    lead = _lead(id)
    form = AttemptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            log_attempt(lead, **form.as_told(), by=request.member, now=timezone.now())
            say(request, _("Logged: %(lead)s.") % {"lead": lead})
            return redirect(_way_back(request, lead))
    if _is_from_queue(request):
        return queue_with(request, lead, attempt=form)
    content = {"lead": lead, "attempt": form, "attempts": ATTEMPTS}
    return _page(request, "funnel/attempt.html", content)


@require_http_methods(["GET", "POST"])
def qualification(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """BANT: saved as one types, concluded by one of three buttons."""
    lead = _lead(id)
    form = QualificationForm(request.POST or None, instance=open_qualification(lead))
    outcome = request.POST.get("outcome", "")
    if request.method == "POST" and form.is_valid():
        if outcome not in Outcome.values:
            return _saved(request, lead, form)
        with refusals_on(form):
            now = timezone.now()
            qualify_lead(lead, outcome=outcome, answers=form.answers(), by=request.member, now=now)
            _say_where(request, lead, outcome)
            return redirect(_way_back(request, lead))
    if _is_from_queue(request):
        return queue_with(request, lead, qualification=form)
    return _page(request, "funnel/qualification.html", {"lead": lead, "qualification": form})


@require_http_methods(["GET", "POST"])
def move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Move a lead by hand, with a reason."""
    lead = _lead(id)
    form = MoveForm(request.POST or None, lead=lead)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            move_lead(lead, **form.cleaned_data, by=request.member, now=timezone.now())
            stage = Stage(form.cleaned_data["stage"]).label
            say(request, _("%(lead)s is now: %(stage)s.") % {"lead": lead, "stage": stage})
            return redirect(workspace_reverse("leads:lead", id=lead.pk))
    return _page(request, "funnel/move.html", {"lead": lead, "form": form})


def _saved(request: WorkspaceRequest, lead: Lead, form: QualificationForm) -> HttpResponse:
    now = timezone.now()
    save_qualification(lead, form.answers(), by=request.member, now=now)
    if request.htmx:
        return render(request, "funnel/_qualification.html#saved", {"saved_at": now})
    say(request, _("Saved."))
    return redirect(_way_back(request, lead))


def _say_where(request: WorkspaceRequest, lead: Lead, outcome: str) -> None:
    stage = LEADS_TO[Outcome(outcome)].label
    say(request, _("%(lead)s is now: %(stage)s.") % {"lead": lead, "stage": stage})


def _is_from_queue(request: WorkspaceRequest) -> bool:
    return request.POST.get("from") == FROM_QUEUE


def _way_back(request: WorkspaceRequest, lead: Lead) -> str:
    if _is_from_queue(request):
        return address_of(lead.pk)
    return workspace_reverse("leads:lead", id=lead.pk)


def _lead(lead_id: UUID) -> Lead:
    lead: Lead = get_object_or_404(Lead.objects.select_related("company", "owner"), pk=lead_id)
    return lead


def _page(request: WorkspaceRequest, template: str, content: dict[str, Any]) -> HttpResponse:
    """The page; 422 when it comes back with something wrong."""
    return render(request, template, content, status=422 if request.method == "POST" else 200)
