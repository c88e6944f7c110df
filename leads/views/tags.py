"""Tags on the page of one lead or company: put on, taken off, and taken back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.actions.profiles import Door
from leads.actions.tagging import (
    known_tag,
    tag_called,
    tag_companies,
    tag_leads,
    untag_companies,
    untag_leads,
)
from leads.models import Company, Lead, Via

OFF = "off"


def tag_card(request: WorkspaceRequest, shown: Lead | Company) -> dict[str, Any]:
    """What `leads/_tags.html` asks of a row read with its tags."""
    subject = "lead" if isinstance(shown, Lead) else "company"
    return {
        "tagged": shown,
        "tag_list": workspace_reverse(f"leads:{subject}_list"),
        "tag_url": workspace_reverse(f"leads:{subject}_tag", id=shown.pk),
        "may_tag": may(request.member.role, f"leads:{subject}_tag", "POST"),
    }


@require_POST
def lead_tag(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put a tag on a lead, or take it off."""
    get_object_or_404(Lead, pk=id)
    name, is_off, now = *_asked(request), timezone.now()
    if is_off:
        tag = known_tag(name)
        changed = untag_leads([id], tag=tag) if tag else ()
    else:
        changed = tag_leads([id], tag=tag_called(name), by=request.member, now=now)
    return _answer(request, "lead", id, name, is_off=is_off, is_news=bool(changed))


@require_POST
def company_tag(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put a tag on a company, or take it off."""
    get_object_or_404(Company, pk=id)
    name, is_off, now = *_asked(request), timezone.now()
    door = Door(Via.PERSON, by=request.member.pk)
    if is_off:
        tag = known_tag(name)
        changed = untag_companies([id], tag=tag, door=door, now=now) if tag else ()
    else:
        changed = tag_companies([id], tag=tag_called(name), door=door, now=now)
    return _answer(request, "company", id, name, is_off=is_off, is_news=bool(changed))


def _asked(request: WorkspaceRequest) -> tuple[str, bool]:
    """Which tag, and whether it goes; an undo says so in the address."""
    said = request.POST if "tag" in request.POST else request.GET
    return said.get("tag", "").strip(), bool(said.get(OFF))


def _answer(
    request: WorkspaceRequest, subject: str, id: UUID, name: str, *, is_off: bool, is_news: bool
) -> HttpResponse:
    if is_news:
        back = {"tag": name} if is_off else {"tag": name, OFF: "1"}
        undo = f"{workspace_reverse(f'leads:{subject}_tag', id=id)}?{urlencode(back)}"
        said = _("Tag “%s” taken off.") if is_off else _("Tag “%s” put on.")
        say(request, said % name, undo_url=undo)
    return redirect(workspace_reverse(f"leads:{subject}", id=id))
