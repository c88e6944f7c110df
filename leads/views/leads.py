"""Adding a lead, and the page of one."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.notes import log_note
from leads.actions.resolving import resolve_leads
from leads.actions.standing import assign_leads
from leads.conditions import read_aloud
from leads.forms import AddLeadForm, NoteForm
from leads.models import Lead
from leads.panels import panels_of_lead, steps_for
from leads.queries.fields import fields_in_use
from leads.queries.lists import owners
from leads.queries.tags import with_tags
from leads.queries.timelines import counted_facts, timeline_of_lead
from leads.rows import NewLead
from leads.telling import FAMILIES
from leads.views.files import file_card
from leads.views.fragments import wants_fragment
from leads.views.merging import to_kept_or_404
from leads.views.profiles import profile_card
from leads.views.tags import tag_card
from leads.views.tasks import next_steps

COLLEAGUES = 8


@require_http_methods(["GET", "HEAD", "POST"])
def lead_add(request: WorkspaceRequest) -> HttpResponse:
    """One person by hand; somebody we know already is opened instead of doubled."""
    form = AddLeadForm(request.POST or None, fields=fields_in_use())
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            (found,) = resolve_leads(
                [NewLead(**form.facts())], now=timezone.now(), by=request.member
            )
            said = _("Lead added.") if found.is_new else _("We know this person: blanks filled.")
            say(request, said)
            return redirect(_address(found.lead_id))
    status = 422 if form.errors else 200
    return render(request, "leads/lead_add.html", {"form": form}, status=status)


@require_GET
def lead(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What we know, and what happened; the id of a merged lead leads to the one that was kept."""
    try:
        shown = _lead(id)
    except Http404:
        return to_kept_or_404(id)
    if not wants_fragment(request):
        return _page(request, shown, NoteForm())
    if "profile" in request.GET:
        return render(request, "leads/lead.html#profile", profile_card(request, shown))
    part = "happenings" if "after" in request.GET else "timeline"
    return render(request, f"leads/lead.html#{part}", _timeline(request, shown))


@require_POST
def lead_assign(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Give the lead to somebody, or to nobody."""
    shown = _lead(id)
    before = shown.owner_id or ""
    asked = request.POST.get("owner", request.GET.get("owner", ""))
    owner = get_object_or_404(Member, pk=_uuid_or_404(asked)) if asked else None
    if assign_leads([id], owner=owner, by=request.member, now=timezone.now()):
        undo = f"{workspace_reverse('leads:lead_assign', id=id)}?owner={before}"
        say(request, _given(owner), undo_url=undo)
    return redirect(_address(id))


@require_POST
def lead_note(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put a note on the timeline."""
    shown, form = _lead(id), NoteForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            log_note(shown, by=request.member, now=timezone.now(), **form.cleaned_data)
            return redirect(_address(id))
    return _page(request, shown, form, status=422)


def _lead(id: UUID) -> Lead:
    rows = with_tags(Lead.objects.select_related("company", "owner", "campaign"))
    found: Lead = get_object_or_404(rows, pk=id)
    return found


def _page(
    request: WorkspaceRequest, shown: Lead, form: NoteForm, status: int = 200
) -> HttpResponse:
    context = {
        **profile_card(request, shown),
        **_timeline(request, shown),
        **next_steps(request, shown),
        **file_card(request, shown),
        **tag_card(request, shown),
        "note": form,
        "owners": owners(),
        "panels": panels_of_lead(shown, request),
        "colleagues": _colleagues(shown),
        "steps": steps_for(request.member.role),
        "may_note": may(request.member.role, "leads:lead_note", "POST"),
        "may_merge": may(request.member.role, "leads:lead_merge"),
        "may_remove": may(request.member.role, "leads:lead_remove", "POST"),
        "may_erase": may(request.member.role, "leads:lead_erase"),
        "may_disclose": may(request.member.role, "leads:lead_disclose", "POST"),
        "may_assign": may(request.member.role, "leads:lead_assign", "POST"),
    }
    return render(request, "leads/lead.html", context, status=status)


def _timeline(request: WorkspaceRequest, shown: Lead) -> dict[str, Any]:
    counted = counted_facts(request.GET)
    return {
        "lead": shown,
        "timeline": timeline_of_lead(shown, request.GET, request.workspace.currency),
        "families": [(name, label) for name, (label, _kinds) in FAMILIES.items()],
        "family": request.GET.get("family", ""),
        "counted": read_aloud(counted) if counted else "",
        "counted_query": urlencode({"facts": request.GET["facts"]}) if counted else "",
    }


def _colleagues(shown: Lead) -> list[Lead]:
    if shown.company_id is None:
        return []
    people = Lead.objects.filter(company=shown.company_id).exclude(pk=shown.pk)
    return list(people.order_by("-created_at", "-id")[:COLLEAGUES])


def _given(owner: Member | None) -> str:
    if owner is None:
        return _("The lead has no owner now.")
    return _("Lead assigned to %(name)s.") % {"name": owner.name}


def _address(id: UUID) -> str:
    return workspace_reverse("leads:lead", id=id)


def _uuid_or_404(text: str) -> UUID | None:
    """None matches no row, so what is no id is found as little as a foreign one."""
    try:
        return UUID(text)
    except ValueError:
        return None
