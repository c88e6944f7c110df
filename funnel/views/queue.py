"""My queue: whom to call now, and why."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from funnel.actions import claiming
from funnel.forms import ATTEMPTS, AttemptForm, QualificationForm
from funnel.queries.queue import WORKING_SET, held_by, pool
from funnel.queries.story import may_be_claimed, open_qualification, story_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.models import Lead

SHOWN_OF_POOL = 50


@require_GET
def queue(request: WorkspaceRequest) -> HttpResponse:
    """My leads and the pool; `?lead=` shows one lead's story beside them."""
    listing = _listing(request)
    if request.htmx and "list" in request.GET:
        return render(request, "funnel/queue.html#list", listing)
    chosen = _chosen(request, listing)
    return render(request, "funnel/queue.html", listing | _beside(request, chosen))


def queue_with(
    request: WorkspaceRequest,
    lead: Lead,
    *,
    attempt: AttemptForm | None = None,
    qualification: QualificationForm | None = None,
) -> HttpResponse:
    """The queue with what somebody typed and what is wrong with it; nothing typed is lost."""
    beside = _beside(request, lead, attempt=attempt, qualification=qualification)
    content = _listing(request) | beside
    return render(request, "funnel/queue.html", content, status=422)


@require_POST
def claim_next(request: WorkspaceRequest) -> HttpResponse:
    """Take the most urgent lead of the pool."""
    lead_id = claiming.claim_next(by=request.member, now=timezone.now())
    if lead_id is None:
        say(request, _("The pool is empty. New leads show up here by themselves."))
        return redirect(workspace_reverse("funnel:queue"))
    return redirect(address_of(lead_id))


@require_POST
def claim(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take one lead of the pool."""
    lead = get_object_or_404(Lead, pk=id)
    claiming.claim_lead(lead, by=request.member, now=timezone.now())
    undo = workspace_reverse("funnel:hand_back", id=id)
    say(request, _("%(lead)s is yours.") % {"lead": lead}, undo_url=undo)
    return redirect(address_of(id))


@require_POST
def hand_back(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put a lead back into the pool."""
    lead = get_object_or_404(Lead.objects.select_related("owner"), pk=id)
    claiming.hand_back(lead, by=request.member, now=timezone.now())
    say(request, _("%(lead)s is back in the pool.") % {"lead": lead})
    return redirect(workspace_reverse("funnel:queue"))


def address_of(lead_id: UUID) -> str:
    """The queue with this lead open."""
    return f"{workspace_reverse('funnel:queue')}?lead={lead_id}"


def _listing(request: WorkspaceRequest) -> dict[str, Any]:
    now = timezone.now()
    waiting = pool(now=now)
    return {
        "now": now,
        "mine": held_by(request.member, now=now),
        "pool": waiting[:SHOWN_OF_POOL],
        "waiting": len(waiting),
        "is_longer": len(waiting) == WORKING_SET,
        "chosen_id": request.GET.get("lead", ""),
    }


def _chosen(request: WorkspaceRequest, listing: dict[str, Any]) -> Lead | None:
    """The lead that was asked for, else the most urgent one of mine."""
    named = request.GET.get("lead")
    if named:
        return _named(named)
    first = next(iter(listing["mine"]), None)
    return first.lead if first else None


def _named(text: str) -> Lead:
    try:
        lead_id = UUID(text)
    except ValueError:
        lead_id = UUID(int=0)
    return get_object_or_404(Lead.objects.select_related("company", "owner"), pk=lead_id)


def _beside(
    request: WorkspaceRequest,
    lead: Lead | None,
    *,
    attempt: AttemptForm | None = None,
    qualification: QualificationForm | None = None,
) -> dict[str, Any]:
    if lead is None:
        return {"story": None}
    return {
        "story": story_of(lead, request.workspace.currency),
        "chosen_id": str(lead.pk),
        "is_claimable": may_be_claimed(lead),
        "is_mine": lead.owner_id == request.member.pk,
        "attempts": ATTEMPTS,
        "attempt": attempt or AttemptForm(),
        "qualification": qualification or QualificationForm(instance=open_qualification(lead)),
    }
