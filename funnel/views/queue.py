"""My queue: whom to call now, and why."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from funnel.actions import claiming
from funnel.actions.handing import SELLERS
from funnel.models import DispositionKind
from funnel.qualification_forms import QualificationForm
from funnel.queries.queue import MOST_COUNTED, QueueLine, order_in_words, queue_of, waiting
from funnel.queries.story import Story, may_be_claimed, open_qualification, story_of
from funnel.queue_forms import ATTEMPTS, AttemptForm, DecisionForm, HandOverForm, SnoozeForm
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member, Role
from leads.models import Lead
from leads.queries.tasks import due_today

UNCHANGED = 204
Forms = Mapping[str, BaseForm]


@require_GET
def queue(request: WorkspaceRequest) -> HttpResponse:
    """My leads and the pool; `?lead=` shows one lead's story beside them."""
    listing = _listing(request)
    if request.htmx and "list" in request.GET:
        return _list_again(request, listing)
    chosen = _chosen(request, listing)
    return render(request, "funnel/queue.html", listing | _beside(request, chosen, listing))


def queue_with(request: WorkspaceRequest, lead: Lead, **forms: BaseForm) -> HttpResponse:
    """The queue with what somebody typed and what is wrong with it; nothing typed is lost."""
    listing = _listing(request)
    content = listing | _beside(request, lead, listing, forms)
    return render(request, "funnel/queue.html", content, status=422)


@require_POST
def claim_next(request: WorkspaceRequest) -> HttpResponse:
    """Take the most urgent lead of the pool."""
    lead_id = claiming.claim_next(by=request.member, now=timezone.now())
    if lead_id is None:
        say(request, _("There is nothing in the pool for you. New leads show up by themselves."))
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


def colleagues_of(member: Member) -> list[Member]:
    """Who else works the queue."""
    sellers = Member.objects.present().filter(role__in=SELLERS).exclude(pk=member.pk)
    return list(sellers.order_by("name", "pk"))


def _list_again(request: WorkspaceRequest, listing: dict[str, Any]) -> HttpResponse:
    """The list for who looks at it already; nothing at all if it is the same."""
    if request.GET.get("seen") == listing["stamp"]:
        return HttpResponse(status=UNCHANGED)
    return render(request, "funnel/queue.html#list", listing)


def _listing(request: WorkspaceRequest) -> dict[str, Any]:
    now = timezone.now()
    found = queue_of(request.member, request.GET, now=now)
    pooled, care = waiting(request.member, timezone.localdate())
    listing = {
        "now": now,
        "mine": found.mine,
        "pool": found.pool.rows,
        "page": found.pool,
        "snoozed": found.snoozed,
        "waiting": pooled,
        "care": care,
        "most_counted": MOST_COUNTED,
        "tasks": due_today(request.member, now=now),
        "order": order_in_words(),
        "chosen_id": request.GET.get("lead", ""),
    }
    listing["chosen_state"] = _state_of(str(listing["chosen_id"]))
    return listing | {"stamp": _stamp(listing)}


def _stamp(listing: Mapping[str, Any]) -> str:
    """Changes when anything the list shows does."""
    shown = [
        (lead := each.lead).pk.bytes
        + f"{lead}{lead.stage}{lead.score}{lead.lead_class}".encode()
        + f"{each.due_at}{each.snoozed_until}".encode()
        for each in _lines(listing)
    ]
    tasks = [(task.pk, task.title, task.due_at) for task in listing["tasks"]]
    rest = [listing[name] for name in ("waiting", "care", "chosen_id", "chosen_state")]
    return blake2b(repr((shown, tasks, rest)).encode(), digest_size=8).hexdigest()


def _lines(listing: Mapping[str, Any]) -> list[QueueLine]:
    return [*listing["mine"], *listing["pool"], *listing["snoozed"]]


def _state_of(named: str) -> str:
    """Whose the lead is that somebody looks at, and its stage: their page may be old."""
    lead_id = _id_in(named)
    states = Lead.objects.filter(pk=lead_id).values_list("owner_id", "stage")
    return " ".join(str(each) for each in states.first() or ()) if lead_id else ""


def _chosen(request: WorkspaceRequest, listing: dict[str, Any]) -> Lead | None:
    """The lead that was asked for, else the most urgent one of mine."""
    named = request.GET.get("lead")
    if named:
        return _named(named)
    first = next(iter(listing["mine"]), None)
    return first.lead if first else None


def _named(text: str) -> Lead:
    return get_object_or_404(Lead.objects.select_related("company", "owner"), pk=_id_in(text))


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _beside(
    request: WorkspaceRequest,
    lead: Lead | None,
    listing: Mapping[str, Any],
    forms: Forms | None = None,
) -> dict[str, Any]:
    if lead is None:
        return {"story": None, "attempts": ATTEMPTS}
    currency = request.workspace.currency
    line = next((each for each in _lines(listing) if each.lead.pk == lead.pk), None)
    story = story_of(lead, currency, line)
    is_mine = lead.owner_id == request.member.pk
    may_work = is_mine or request.member.role != Role.REP
    return {
        "story": story,
        "chosen_id": str(lead.pk),
        "chosen_state": f"{lead.owner_id} {lead.stage}",
        "is_claimable": may_be_claimed(lead),
        "is_mine": is_mine,
        "may_work": may_work or (not lead.owner_id and not may_be_claimed(lead)),
        "attempts": ATTEMPTS,
        **_forms(request.member, story, currency),
        **(forms or {}),
    }


def _forms(member: Member, story: Story, currency: str) -> dict[str, BaseForm]:
    told = open_qualification(story.lead)
    decisions = {
        kind.value: DecisionForm(kind=kind, playbook=story.playbook) for kind in DispositionKind
    }
    return {
        "attempt": AttemptForm(),
        "snooze": SnoozeForm(),
        "handing": HandOverForm(colleagues=colleagues_of(member)),
        "qualification": QualificationForm(questions=story.questions, currency=currency, told=told),
        **decisions,
    }
