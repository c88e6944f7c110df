"""Putting one lead in a sequence, and taking one out: from the lead's page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import came_from
from leads.models import Lead
from nurturing.actions import enrolling
from nurturing.forms import EnrolForm
from nurturing.models import Enrolment


@require_POST
def enrol(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    """Start the lead on the chosen sequence."""
    lead = get_object_or_404(Lead, pk=lead_id)
    form = EnrolForm(request.POST)
    if not form.is_valid():
        raise enrolling.CannotEnrolLead(_("Choose a sequence of this workspace."), field="sequence")
    sequence = form.cleaned_data["sequence"]
    enrolling.enrol_lead(lead, sequence=sequence, by=request.member, now=timezone.now())
    say(request, _("%(lead)s is in “%(sequence)s”.") % {"lead": lead, "sequence": sequence})
    return redirect(came_from(request))


@require_POST
def leave(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take the lead out; what was planned is not sent."""
    enrolments = Enrolment.objects.select_related("lead", "sequence")
    enrolment = get_object_or_404(enrolments, pk=id)
    enrolling.leave_sequence(enrolment, by=request.member, now=timezone.now())
    said = _("%(lead)s has left “%(sequence)s”; nothing more is sent.")
    say(request, said % {"lead": enrolment.lead, "sequence": enrolment.sequence})
    return redirect(came_from(request))
