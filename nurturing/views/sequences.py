"""Sequences: the list, one of them with its people, its messages."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import VersionState
from leadmgmt.workspaces.refusing import refusals_on
from nurturing.actions import drafting, publishing, settling
from nurturing.forms import SequenceForm
from nurturing.models import Message, MessageState, Sequence
from nurturing.queries import sequences as queries

MESSAGE_FACES = (
    MessageState.SENT,
    MessageState.PLANNED,
    MessageState.UNCERTAIN,
    MessageState.FAILED,
    MessageState.WITHHELD,
)


def sequence_list(request: WorkspaceRequest) -> HttpResponse:
    """All sequences and how they do."""
    context = {"rows": queries.sequence_rows(), "may_edit": _may_edit(request)}
    return render(request, "nurturing/sequence_list.html", context)


def sequence_new(request: WorkspaceRequest) -> HttpResponse:
    """Name a new sequence and say what starts it."""
    form = SequenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            sequence = drafting.create_sequence(**form.cleaned_data)
            return redirect(workspace_reverse("nurturing:draft", id=sequence.pk))
    status = 422 if form.errors else 200
    return render(request, "nurturing/sequence_form.html", {"form": form}, status=status)


def sequence(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The map: steps in force, the people at each, and what became of the emails."""
    shown = _sequence(id)
    versions = {each.state: each for each in shown.versions.exclude(state=VersionState.RETIRED)}
    live = versions.get(VersionState.PUBLISHED)
    context = {
        "sequence": shown,
        "live": live,
        "draft": versions.get(VersionState.DRAFT),
        "steps": queries.step_rows(live) if live else [],
        "older": queries.older_versions(shown),
        "figures": queries.figures_of(shown),
        "people": queries.people_in(shown).order_by("due_at")[:10],
        "running": queries.people_in(shown).count(),
        "may_edit": _may_edit(request),
    }
    return render(request, "nurturing/sequence.html", context)


def sequence_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Change the name, or what starts it."""
    shown = _sequence(id)
    form = SequenceForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            drafting.change_sequence(shown, **form.cleaned_data)
            return redirect(workspace_reverse("nurturing:sequence", id=shown.pk))
    context = {"form": form, "sequence": _sequence(id)}
    return render(
        request, "nurturing/sequence_form.html", context, status=422 if form.errors else 200
    )


@require_POST
def sequence_pause(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Stop for now."""
    shown = _sequence(id)
    publishing.pause_sequence(shown)
    undo = workspace_reverse("nurturing:sequence_resume", id=id)
    say(request, _("“%s” is paused; everybody keeps their place.") % shown, undo)
    return redirect(workspace_reverse("nurturing:sequence", id=id))


@require_POST
def sequence_resume(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Go on."""
    shown = _sequence(id)
    publishing.resume_sequence(shown)
    undo = workspace_reverse("nurturing:sequence_pause", id=id)
    say(request, _("“%s” is running.") % shown, undo)
    return redirect(workspace_reverse("nurturing:sequence", id=id))


def message_list(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The messages behind the figures, by state, with what to do about those in doubt."""
    shown = _sequence(id)
    state = request.GET.get("state", "")
    if state not in MESSAGE_FACES:
        state = ""
    page = page_of(queries.messages_of(shown, state), ("-planned_at", "-id"), request.GET)
    figures = queries.figures_of(shown)
    context = {
        "sequence": shown,
        "page": page,
        "state": state,
        "faces": [(each, each.label, getattr(figures, each.value)) for each in MESSAGE_FACES],
        "may_edit": _may_edit(request),
    }
    return render(request, "nurturing/message_list.html", context)


@require_POST
def message_settle(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A person's word: it arrived, or it is to be sent again."""
    message = get_object_or_404(Message.objects.select_related("lead"), pk=id)
    if request.POST.get("verdict") == "arrived":
        settling.confirm_arrived(message, by=request.member, now=timezone.now())
        say(request, _("Noted as sent."))
    else:
        settling.send_again(message, by=request.member, now=timezone.now())
        say(request, _("The email to %s goes out again.") % message.to)
    return redirect(workspace_reverse("nurturing:message_list", id=message.sequence_id))


def _sequence(sequence_id: UUID) -> Sequence:
    found: Sequence = get_object_or_404(
        Sequence.objects.select_related("trigger_form"), pk=sequence_id
    )
    return found


def _may_edit(request: WorkspaceRequest) -> bool:
    return may(request.member.role, "nurturing:sequence_edit", "POST")
