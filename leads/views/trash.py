"""Removed leads and companies: which went, when and why, until when they can come back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.actions.removing import CannotPutBack, put_back, take_out
from leads.actions.removing_companies import put_back_company, take_out_companies
from leads.models import Company, Lead, RemovedCause, RemovedCompany, RemovedLead

ORDER = ("-removed_at", "-id")


@require_GET
def removed_list(request: WorkspaceRequest) -> HttpResponse:
    """Everybody who was taken out and can still come back; merged ones are on their lead's page."""
    parcels = RemovedLead.objects.exclude(cause=RemovedCause.MERGE).select_related("by")
    context = {
        "page": page_of(parcels.defer("rows"), ORDER, request.GET),
        "causes": dict(RemovedCause.choices),
        "may_restore": may(request.member.role, "leads:lead_restore", "POST"),
    }
    return render(request, "leads/removed_list.html", context)


@require_GET
def removed_companies(request: WorkspaceRequest) -> HttpResponse:
    """Companies that were taken out and can still come back."""
    parcels = RemovedCompany.objects.exclude(cause=RemovedCause.MERGE).select_related("by")
    context = {
        "page": page_of(parcels.defer("rows"), ORDER, request.GET),
        "causes": dict(RemovedCause.choices),
        "may_restore": may(request.member.role, "leads:company_restore", "POST"),
    }
    return render(request, "leads/removed_companies.html", context)


@require_POST
def company_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take one company out with what hangs on it; its people stay."""
    company = get_object_or_404(Company, pk=id)
    take_out_companies([id], cause=RemovedCause.PERSON, by=request.member, now=timezone.now())
    undo = workspace_reverse("leads:company_restore", id=id)
    said = _("“%s” is removed, its people stay. For 30 days it can be restored.")
    say(request, said % company, undo_url=undo)
    return redirect(workspace_reverse("leads:company_list"))


@require_POST
def company_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put one company back, with its people."""
    get_object_or_404(RemovedCompany.objects.defer("rows"), company_id=id)
    done = put_back_company(id, by=request.member, now=timezone.now())
    said = _("Restored, with its people and everything that belongs to it.")
    if other := done.without.get(id):
        said = _("Restored, but without its domain: that belongs to “%s” by now.") % other
    say(request, said)
    return redirect(workspace_reverse("leads:company", id=id))


@require_POST
def lead_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take one lead out with all that hangs on it."""
    lead = get_object_or_404(Lead, pk=id)
    take_out([id], cause=RemovedCause.PERSON, by=request.member, now=timezone.now())
    undo = workspace_reverse("leads:lead_restore", id=id)
    say(request, _("“%s” is removed, for 30 days it can be restored.") % lead, undo_url=undo)
    return redirect(workspace_reverse("leads:lead_list"))


@require_POST
def lead_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put one lead back, with all that hung on it."""
    get_object_or_404(RemovedLead.objects.defer("rows"), lead_id=id)
    result = put_back([id], by=request.member, now=timezone.now())
    if id in result.refused:
        raise CannotPutBack(result.refused[id])
    say(request, _restored(result.without.get(id, ())))
    return redirect(workspace_reverse("leads:lead", id=id))


def _restored(without: tuple[str, ...]) -> str:
    if not without:
        return _("Restored, with everything that belongs to it.")
    taken = ", ".join(without)
    return _("Restored, but without %s: that belongs to another lead by now.") % taken
