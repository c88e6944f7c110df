"""A note on a timeline: corrected, deleted and taken back by who wrote it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.notes import correct_note, delete_note, is_deleted, take_note_back
from leads.forms import NoteForm
from leads.kinds import Kind
from leads.models import Activity
from leads.queries.lists import owners


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What a note says, what it said before, and for its author the way to correct it."""
    shown = _note(id)
    said = shown.properties
    form = NoteForm(request.POST or None, initial={"text": said.get("text", "")})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            correct_note(shown, by=request.member, now=timezone.now(), **form.cleaned_data)
            return _timeline(shown)
    is_mine = shown.by_id == request.member.pk and may(request.member.role, "leads:note", "POST")
    context = {
        "note": shown,
        "form": form if is_mine and not is_deleted(said) else None,
        "is_mine": is_mine,
        "is_deleted": is_deleted(said),
        "earlier": [_wording(each) for each in reversed(said.get("earlier", []))],
        "owners": owners(),
    }
    return render(request, "leads/note.html", context, status=422 if form.errors else 200)


@require_POST
def note_delete(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take its words off the timeline."""
    shown = _note(id)
    delete_note(shown, by=request.member, now=timezone.now())
    undo = workspace_reverse("leads:note_restore", id=id)
    say(request, _("Note deleted."), undo_url=undo)
    return _timeline(shown)


@require_POST
def note_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """It was deleted by mistake."""
    shown = _note(id)
    take_note_back(shown, by=request.member)
    return _timeline(shown)


def _note(id: UUID) -> Activity:
    notes = Activity.objects.filter(kind=Kind.NOTE, lead__isnull=False)
    found: Activity = get_object_or_404(notes.select_related("lead", "by"), pk=id)
    return found


def _timeline(shown: Activity) -> HttpResponse:
    return redirect(f"{workspace_reverse('leads:lead', id=shown.lead_id)}#timeline")


def _wording(each: dict[str, str]) -> dict[str, object]:
    return {"text": each.get("text", ""), "until": parse_datetime(each.get("until", ""))}
