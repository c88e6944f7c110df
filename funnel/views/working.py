"""Working on one lead: attempts, qualification, moves."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from funnel.actions.qualifying import LEADS_TO, qualify_lead, save_qualification
from funnel.actions.stages import move_lead
from funnel.actions.working import log_attempt
from funnel.models import Outcome
from funnel.move_forms import MoveForm
from funnel.qualification_forms import QualificationForm
from funnel.queries.playbooks import playbook_in_force, questions_of
from funnel.queries.story import open_qualification
from funnel.queue_forms import ATTEMPTS, AttemptForm
from funnel.views.queue import address_of, queue_with
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Lead, Stage

FROM_QUEUE = "queue"
DRAFT = "application/json"


@require_http_methods(["GET", "POST"])
def attempt(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Log a call, an email, a voice message or a meeting."""
    lead = lead_of(id)
    form = AttemptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            log_attempt(lead, **form.as_told(), by=request.member, now=timezone.now())
            say(request, _("Logged: %(lead)s.") % {"lead": lead})
            return redirect(way_back(request, lead))
    if is_from_queue(request):
        return queue_with(request, lead, attempt=form)
    content = {"lead": lead, "attempt": form, "attempts": ATTEMPTS}
    return _page(request, "funnel/attempt.html", content)


@require_http_methods(["GET", "POST"])
def qualification(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """BANT: saved as one types, concluded by one of three buttons."""
    lead = lead_of(id)
    form = _asking(request, lead)
    outcome = request.POST.get("outcome", "")
    if request.method == "POST" and _is_draft(request):
        return _draft_saved(request, lead, form)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return _qualified(request, lead, form, outcome)
    if is_from_queue(request):
        return queue_with(request, lead, qualification=form)
    return _page(request, "funnel/qualification.html", {"lead": lead, "qualification": form})


@require_http_methods(["GET", "POST"])
def move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Move a lead by hand, with a reason."""
    lead = lead_of(id)
    form = MoveForm(request.POST or None, lead=lead)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            move_lead(lead, **form.cleaned_data, by=request.member, now=timezone.now())
            stage = Stage(form.cleaned_data["stage"]).label
            say(request, _("%(lead)s is now: %(stage)s.") % {"lead": lead, "stage": stage})
            return redirect(workspace_reverse("leads:lead", id=lead.pk))
    return _page(request, "funnel/move.html", {"lead": lead, "form": form})


def is_from_queue(request: WorkspaceRequest) -> bool:
    """Does somebody work in the queue, or on the lead's own page?"""
    return request.POST.get("from") == FROM_QUEUE


def way_back(request: WorkspaceRequest, lead: Lead) -> str:
    """Where somebody goes on."""
    if is_from_queue(request):
        return address_of(lead.pk)
    return workspace_reverse("leads:lead", id=lead.pk)


def lead_of(lead_id: UUID) -> Lead:
    """The lead, with its company and who has it."""
    lead: Lead = get_object_or_404(Lead.objects.select_related("company", "owner"), pk=lead_id)
    return lead


def _asking(request: WorkspaceRequest, lead: Lead) -> QualificationForm:
    return QualificationForm(
        request.POST or None,
        questions=questions_of(playbook_in_force()),
        currency=request.workspace.currency,
        told=open_qualification(lead),
    )


def _is_draft(request: WorkspaceRequest) -> bool:
    """The page itself saves what is being typed."""
    return request.headers.get("Accept", "") == DRAFT


def _draft_saved(request: WorkspaceRequest, lead: Lead, form: QualificationForm) -> HttpResponse:
    """Says until when everything is kept, or why it is not."""
    if not form.is_valid():
        return JsonResponse({"problem": wrong_with(form)}, status=422)
    try:
        _save(request, lead, form)
    except Refusal as refusal:
        return JsonResponse({"problem": refusal.sentence}, status=refusal.status)
    return JsonResponse({"saved": time_format(timezone.localtime(), "H:i")})


def _save(request: WorkspaceRequest, lead: Lead, form: QualificationForm) -> None:
    now, seen = timezone.now(), form.cleaned_data.get("seen")
    save_qualification(lead, form.as_told(), by=request.member, now=now, seen_at=seen)


def _qualified(
    request: WorkspaceRequest, lead: Lead, form: QualificationForm, outcome: str
) -> HttpResponse:
    if outcome not in Outcome.values:
        _save(request, lead, form)
        say(request, _("Saved."))
        return redirect(way_back(request, lead))
    now, seen = timezone.now(), form.cleaned_data.get("seen")
    qualify_lead(
        lead, outcome=outcome, told=form.as_told(), by=request.member, now=now, seen_at=seen
    )
    stage = LEADS_TO[Outcome(outcome)].label
    say(request, _("%(lead)s is now: %(stage)s.") % {"lead": lead, "stage": stage})
    return redirect(way_back(request, lead))


def _page(request: WorkspaceRequest, template: str, content: dict[str, Any]) -> HttpResponse:
    """The page; 422 when it comes back with something wrong."""
    return render(request, template, content, status=422 if request.method == "POST" else 200)


def wrong_with(form: BaseForm) -> str:
    """What is wrong with a form, in words."""
    return " ".join(str(each) for errors in form.errors.values() for each in errors)
