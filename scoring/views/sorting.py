"""How the draft sorts: by points and a matrix of classes, or by decision rules without points."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from scoring.actions import sorting
from scoring.line import is_lost
from scoring.models import Decision, ModelState, ModelVersion
from scoring.sorting_forms import DecisionForm, MatrixForm
from scoring.views.choosing import address, the_draft

FORM = ["GET", "HEAD", "POST"]


@require_POST
def sorting_mode(request: WorkspaceRequest) -> HttpResponse:
    """By points, or by decision rules; what the other one needs stays written in the draft."""
    found = the_draft(request)
    sorting.set_mode(found, request.POST.get("mode", ""))
    found.refresh_from_db(fields=["mode"])
    say(request, _told_of(found))
    return redirect(address("scoring:draft", found.model))


def _told_of(draft: ModelVersion) -> str:
    if not draft.is_by_decisions:
        return _("The draft sorts by points.")
    if is_lost(draft):
        return _(
            "The draft sorts by decision rules. The definition of an MQL asks for points: nobody "
            "becomes an MQL by it once the draft is published."
        )
    return _("The draft sorts by decision rules; no points will be shown anywhere.")


@require_http_methods(FORM)
def matrix(request: WorkspaceRequest) -> HttpResponse:
    """The class by score, grade and urgency."""
    found = the_draft(request)
    form = MatrixForm(request.POST or None, draft=found)
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            form.save()
            say(request, _("Classes saved."))
            return redirect(address("scoring:draft", found.model))
    context = {"form": form, "model": found}
    return render(request, "scoring/matrix.html", context, status=422 if is_saving else 200)


@require_http_methods(FORM)
def decision_add(request: WorkspaceRequest) -> HttpResponse:
    """A new decision rule, the last in order."""
    return _edit(request, the_draft(request), None)


@require_http_methods(FORM)
def decision_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A decision rule of the draft."""
    decision = _decision(id)
    return _edit(request, decision.version, decision)


@require_POST
def decision_duplicate(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The same once more, opened for changes."""
    copy = sorting.duplicate_decision(_decision(id))
    return redirect(workspace_reverse("scoring:decision_edit", id=copy.pk))


@require_POST
def decision_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down; the first that holds decides."""
    decision = _decision(id)
    sorting.move_decision(decision, up=request.POST.get("to") == "up")
    return redirect(address("scoring:draft", decision.version.model))


@require_POST
def decision_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take a decision rule out of the draft."""
    decision = _decision(id)
    sorting.remove_decision(decision)
    say(request, _("“%(name)s” removed from the draft.") % {"name": decision.name})
    return redirect(address("scoring:draft", decision.version.model))


def _edit(
    request: WorkspaceRequest, found: ModelVersion, decision: Decision | None
) -> HttpResponse:
    form = DecisionForm(request.POST or None, decision=decision)
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            form.save(found)
            say(request, _("Decision rule saved."))
            return redirect(address("scoring:draft", found.model))
    context = {"form": form, "decision": decision}
    return render(request, "scoring/decision.html", context, status=422 if is_saving else 200)


def _decision(decision_id: UUID) -> Decision:
    """A decision rule of any draft."""
    found = Decision.objects.select_related("version__model")
    return get_object_or_404(found, pk=decision_id, version__state=ModelState.DRAFT)
