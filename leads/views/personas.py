"""Personas: the list, one sheet, writing it, the order in which they count."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions import personas as actions
from leads.models import Persona, Segment
from leads.queries.personas import persona_rows, retired_personas, row_of
from leads.queries.segments import reading_of
from leads.segment_forms import PersonaForm, values_of_persona


@require_GET
def persona_list(request: WorkspaceRequest) -> HttpResponse:
    """Whom we look for, and how many of our leads are like that."""
    context = {
        "rows": persona_rows(),
        "retired": retired_personas(),
        "may_edit": may(request.member.role, "leads:persona_new", "POST"),
    }
    return render(request, "leads/persona_list.html", context)


@require_GET
def persona(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The sheet, to be read and printed."""
    shown = _persona(id)
    context = {
        "persona": shown,
        "row": row_of(shown),
        "sections": _sections(shown),
        "reading": reading_of(shown.segment) if shown.segment else "",
        "may_edit": may(request.member.role, "leads:persona_edit", "POST"),
    }
    return render(request, "leads/persona.html", context)


def _sections(shown: Persona) -> list[tuple[str, str]]:
    told = (
        (_("Whom we sell to"), shown.whom),
        (_("Their job"), shown.job),
        (_("Where they are"), shown.place),
        (_("Why they buy"), shown.why),
        (_("Goals"), shown.goals),
        (_("Needs"), shown.needs),
        (_("Pains"), shown.pains),
    )
    return [(label, text) for label, text in told if text]


@require_http_methods(["GET", "HEAD", "POST"])
def persona_new(request: WorkspaceRequest) -> HttpResponse:
    """A new sheet."""
    return _edit(request, Persona(), {})


@require_http_methods(["GET", "HEAD", "POST"])
def persona_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Another wording, or other people."""
    shown = _persona(id)
    return _edit(request, shown, values_of_persona(shown))


def _edit(request: WorkspaceRequest, shown: Persona, initial: dict[str, Any]) -> HttpResponse:
    form = PersonaForm(request.POST or None, initial=initial)
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            saved = _save(request, shown, form)
            say(request, _("Persona “%s” saved.") % saved.name)
            return redirect(workspace_reverse("leads:persona", id=saved.pk))
    context = {"form": form, "persona": None if shown._state.adding else shown}
    return render(request, "leads/persona_edit.html", context, status=422 if is_saving else 200)


def _save(request: WorkspaceRequest, shown: Persona, form: PersonaForm) -> Persona:
    chosen = form.cleaned_data["segment"]
    return actions.save_persona(
        shown,
        facts=form.facts(),
        segment=get_object_or_404(Segment, pk=chosen) if chosen else None,
        condition=None if chosen else form.cleaned_data["condition"],
        by=request.member,
        now=timezone.now(),
    )


@require_POST
def persona_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Before its neighbour or behind."""
    actions.move_persona(_persona(id), up=request.POST.get("to") == "up")
    return _back()


@require_POST
def persona_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Match no lead with it any more."""
    shown = _persona(id)
    actions.retire_persona(shown, now=timezone.now())
    undo = workspace_reverse("leads:persona_restore", id=id)
    say(request, _("Persona “%s” is retired.") % shown.name, undo_url=undo)
    return _back()


@require_POST
def persona_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Match leads with it again."""
    actions.restore_persona(_persona(id))
    return _back()


def _persona(persona_id: UUID) -> Persona:
    return get_object_or_404(Persona.objects.select_related("segment"), pk=persona_id)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("leads:persona_list"))
