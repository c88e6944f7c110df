"""Privacy: what we ask leave for, and what one person says to it."""

from typing import IO
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.consents import (
    NewConsent,
    record_consents,
    restore_purpose,
    retire_purpose,
    save_purpose,
)
from leads.actions.disclosing import disclose_lead
from leads.actions.erasing import erase_leads
from leads.models import Lead, PrivacyRequest, Purpose, RetentionRule
from leads.privacy_forms import ConsentForm, EraseForm, PurposeForm
from leads.queries.privacy import counted_in, holdings_of, purposes_counted

NEWEST = ("-requested_at", "-id")
SHOWN = 50


@require_GET
def privacy(request: WorkspaceRequest) -> HttpResponse:
    """What we ask leave for."""
    purposes = purposes_counted()
    context = {
        "in_use": [each for each in purposes if each.retired_at is None],
        "retired": [each for each in purposes if each.retired_at],
        "rules": RetentionRule.objects.order_by("name"),
        "may_retain": may(request.member.role, "leads:retention"),
        "requests": PrivacyRequest.objects.select_related("by").order_by(*NEWEST)[:SHOWN],
    }
    return render(request, "leads/privacy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def purpose_add(request: WorkspaceRequest) -> HttpResponse:
    """One more thing to ask leave for."""
    return _edit(request, Purpose(), PurposeForm(request.POST or None))


@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Call it something else, or ask in other words."""
    found = get_object_or_404(Purpose, pk=id)
    told = {"name": found.name, "wording": found.wording}
    return _edit(request, found, PurposeForm(request.POST or None, initial=told))


@require_POST
def purpose_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Ask for it no more."""
    found = get_object_or_404(Purpose, pk=id)
    retire_purpose(found, now=timezone.now())
    undo = workspace_reverse("leads:purpose_restore", id=id)
    say(request, _("“%s” is retired; what people said stays.") % found.name, undo_url=undo)
    return _back()


@require_POST
def purpose_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Ask for it again."""
    restore_purpose(get_object_or_404(Purpose, pk=id))
    return _back()


@require_POST
def consent_record(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One person gave or withdrew leave, and a member writes it down."""
    lead, form = get_object_or_404(Lead, pk=id), ConsentForm(request.POST)
    if form.is_valid():
        said = NewConsent(lead_id=lead.pk, **form.facts())
        record_consents([said], by=request.member, now=timezone.now())
        say(request, _("Consent recorded.") if said.is_given else _("Withdrawal recorded."))
    else:
        say(request, _("Choose a purpose and where it was said."))
    return redirect(workspace_reverse("leads:lead", id=id))


@require_http_methods(["GET", "HEAD", "POST"])
def lead_erase(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What will be lost, a typed confirmation, and then nothing is left."""
    lead = get_object_or_404(Lead, pk=id)
    form = EraseForm(request.POST or None, name=str(lead))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            erase_leads([id], reason=reason, by=request.member, now=timezone.now())
            done = PrivacyRequest.objects.filter(lead_id=id).order_by(*NEWEST)[0]
            say(request, _("Erased for good."))
            return redirect(workspace_reverse("leads:privacy_request", id=done.pk))
    context = {"lead": lead, "form": form, "holdings": holdings_of(lead)}
    status = 422 if form.errors else 200
    return render(request, "leads/privacy_erase.html", context, status=status)


@require_POST
def lead_disclose(request: WorkspaceRequest, id: UUID) -> FileResponse:
    """Everything we hold about one person, as a file."""
    content = disclose_lead(get_object_or_404(Lead, pk=id), by=request.member, now=timezone.now())
    return handed_out(content, id)


def handed_out(content: IO[bytes], id: UUID) -> FileResponse:
    """A ZIP to be kept, not shown."""
    name = f"everything-{id}.zip"
    answer = FileResponse(content, as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def privacy_request(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What was handed out or erased, in numbers."""
    found = get_object_or_404(PrivacyRequest.objects.select_related("by"), pk=id)
    context = {"asked": found, "holdings": counted_in(found)}
    return render(request, "leads/privacy_request.html", context)


def _edit(request: WorkspaceRequest, found: Purpose, form: PurposeForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            save_purpose(found, **form.cleaned_data)
            say(request, _("Purpose “%s” saved.") % found.name)
            return _back()
    context = {"purpose": found, "form": form, "is_new": found._state.adding}
    status = 422 if form.errors else 200
    return render(request, "leads/privacy_purpose.html", context, status=status)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("leads:privacy"))
