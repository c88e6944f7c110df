"""Privacy: what we ask leave for, and what one person says to it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
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
from leads.models import Lead, Purpose
from leads.privacy_forms import ConsentForm, PurposeForm


@require_GET
def privacy(request: WorkspaceRequest) -> HttpResponse:
    """What we ask leave for."""
    purposes = list(Purpose.objects.order_by("position", "id"))
    context = {
        "in_use": [each for each in purposes if each.retired_at is None],
        "retired": [each for each in purposes if each.retired_at],
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
