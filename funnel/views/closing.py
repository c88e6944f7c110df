"""External closers: handing leads to them, and the two pages they have."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.closing import handing, seeing
from funnel.closing.forms import HandoverForm, SightForm, closers, end_of
from funnel.models import Closing, Handover
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Lead


@require_GET
def closing_list(request: WorkspaceRequest) -> HttpResponse:
    """What this closer has in hand."""
    found = seeing.handed_to(request.member, now=timezone.now())
    page = page_of(found, ("until_at", "id"), request.GET)
    context = {"page": page, "shown": handing.sight()}
    return render(request, "funnel/closing_list.html", context)


@require_GET
def closing(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One lead, with what closers may see of it."""
    now = timezone.now()
    handover = get_object_or_404(seeing.handed_to(request.member, now=now), pk=id)
    told = seeing.seen(handover, request.workspace.currency)
    handing.note_opening(handover, saw=told.shown, now=now)
    keys = list(zip("1234", Closing.choices, strict=True))
    return render(request, "funnel/closing.html", {"seen": told, "outcomes": keys})


@require_POST
def closing_done(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What came of it: the lead is gone from the list at once."""
    now = timezone.now()
    handover = get_object_or_404(seeing.handed_to(request.member, now=now), pk=id)
    told = {name: request.POST.get(name, "") for name in ("outcome", "note")}
    handing.close_handover(handover, **told, by=request.member, now=now)
    say(request, _("Noted. Thank you."))
    return redirect(workspace_reverse("funnel:closing_list"))


@require_http_methods(["GET", "HEAD", "POST"])
def handover_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Hand one lead to a closer."""
    lead = get_object_or_404(Lead, pk=id)
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told = form.cleaned_data
            closer = get_object_or_404(closers(), pk=told["closer"])
            until, what = end_of(told["until"]), told["what"]
            given = handing.hand_to_closer(
                [lead.pk],
                closer=closer,
                what=what,
                until=until,
                by=request.member,
                now=timezone.now(),
            )
            sentence = _("%(name)s has it now.") if given else _("%(name)s has it already.")
            say(request, sentence % {"name": closer})
            return redirect(workspace_reverse("leads:lead", id=lead.pk))
    context = {"form": form, "lead": lead, "has_closers": closers().exists()}
    status = 422 if form.errors else 200
    return render(request, "funnel/handover_add.html", context, status=status)


@require_GET
def handover_list(request: WorkspaceRequest) -> HttpResponse:
    """Who handed what to whom, what they opened, what came of it."""
    context = {
        "page": page_of(seeing.handovers(), ("-handed_at", "-id"), request.GET),
        "now": timezone.now(),
        "may_change": may(request.member.role, "funnel:handover_end", "POST"),
        "may_set": may(request.member.role, "funnel:closing_sight", "POST"),
    }
    return render(request, "funnel/handover_list.html", context)


@require_POST
def handover_end(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take the lead back."""
    handover = get_object_or_404(Handover.objects.select_related("closer"), pk=id)
    handing.take_back(handover, by=request.member, now=timezone.now())
    say(request, _("%(name)s sees it no more.") % {"name": handover.closer})
    return redirect(workspace_reverse("funnel:handover_list"))


@require_http_methods(["GET", "HEAD", "POST"])
def closing_sight(request: WorkspaceRequest) -> HttpResponse:
    """What closers see of a lead."""
    form = SightForm(request.POST or None, initial={"shown": handing.sight()})
    if request.method == "POST" and form.is_valid():
        handing.set_sight(form.cleaned_data["shown"], by=request.member, now=timezone.now())
        say(request, _("What closers see is saved; it counts at once."))
        return redirect(workspace_reverse("funnel:handover_list"))
    status = 422 if form.errors else 200
    context = {"form": form, "history": seeing.changes_of_sight()}
    return render(request, "funnel/closing_sight.html", context, status=status)
