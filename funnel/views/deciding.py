"""Accepting, rejecting, recycling, snoozing and handing over: what ends or moves a lead's turn."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from funnel.actions import deciding, handing, snoozing
from funnel.models import DispositionKind
from funnel.queries.playbooks import playbook_in_force
from funnel.queue_forms import DecisionForm, HandOverForm, SnoozeForm
from funnel.views.queue import address_of, colleagues_of, queue_with
from funnel.views.working import lead_of
from leadmgmt.ui import formatting
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.refusing import refusals_on

Page = Callable[..., HttpResponse]


def _deciding(kind: DispositionKind, act: Callable[..., object]) -> Page:
    def view(request: WorkspaceRequest, id: UUID) -> HttpResponse:
        lead = lead_of(id)
        form = DecisionForm(request.POST, kind=kind, playbook=playbook_in_force())
        if form.is_valid():
            with refusals_on(form):
                act(lead, **form.cleaned_data, by=request.member, now=timezone.now())
                say(request, f"{lead}: {kind.label}.")
                stays = kind == DispositionKind.ACCEPTED
                return redirect(address_of(id) if stays else workspace_reverse("funnel:queue"))
        return queue_with(request, lead, **{kind.value: form})

    return require_POST(view)


accept = _deciding(DispositionKind.ACCEPTED, deciding.accept_mql)
reject = _deciding(DispositionKind.REJECTED, deciding.reject_mql)
recycle = _deciding(DispositionKind.RECYCLED, deciding.recycle_mql)


@require_POST
def snooze(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put a lead aside; it comes back by itself."""
    lead = lead_of(id)
    form = SnoozeForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            until = form.cleaned_data["until"]
            snoozing.snooze_lead(lead, **form.cleaned_data, by=request.member, now=timezone.now())
            told = {"lead": lead, "moment": formatting.moment(until)}
            undo = workspace_reverse("funnel:wake", id=id)
            say(request, _("%(lead)s comes back %(moment)s.") % told, undo_url=undo)
            return redirect(workspace_reverse("funnel:queue"))
    return queue_with(request, lead, snooze=form)


@require_POST
def wake(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take a lead up again before its time."""
    snoozing.wake_lead(lead_of(id), by=request.member, now=timezone.now())
    return redirect(address_of(id))


@require_POST
def hand_over(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Give a lead to a colleague, with a word."""
    lead = lead_of(id)
    form = HandOverForm(request.POST, colleagues=colleagues_of(request.member))
    if form.is_valid():
        with refusals_on(form):
            to = Member.objects.get(pk=form.cleaned_data["to"])
            word, now = form.cleaned_data["word"], timezone.now()
            handing.hand_over(lead, to=to, word=word, by=request.member, now=now)
            say(request, _("%(to)s has %(lead)s now.") % {"to": to, "lead": lead})
            return redirect(workspace_reverse("funnel:queue"))
    return queue_with(request, lead, handing=form)
