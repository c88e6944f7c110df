"""Definitions: what our words mean, in words both teams read."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.actions.definitions import discard_draft, propose_change, publish_definition
from funnel.actions.promoting import who_meets
from funnel.forms import DefinitionForm
from funnel.models import Definition
from funnel.queries.definitions import all_definitions
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Stage


@require_GET
def definitions(request: WorkspaceRequest) -> HttpResponse:
    """Every stage with the version that binds and the change that is proposed."""
    role = request.member.role
    content = {
        "definitions": all_definitions(),
        "may_change": may(role, "funnel:definition_change", "POST"),
        "may_publish": may(role, "funnel:definition_publish", "POST"),
    }
    return render(request, "funnel/definitions.html", content)


@require_http_methods(["GET", "POST"])
def definition_change(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Propose a change of one stage's definition."""
    current = _latest(stage)
    form = DefinitionForm(request.POST or None, stage=stage, current=current)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            draft = propose_change(stage=stage, **form.as_told(), by=request.member)
            say(request, _("Version %(version)d is proposed.") % {"version": draft.version})
            return redirect(workspace_reverse("funnel:definition_publish", stage=stage))
    content = {"stage": Stage(stage), "form": form, "current": current}
    status = 422 if request.method == "POST" else 200
    return render(request, "funnel/definition_change.html", content, status=status)


@require_http_methods(["GET", "POST"])
def definition_publish(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Look at what a proposed version would do, and let it bind."""
    found = next(each for each in all_definitions() if each.stage == _known(stage))
    now = timezone.now()
    if request.method == "POST":
        draft = Definition.objects.drafts().filter(stage=stage).first() or found.current
        if draft is None:
            raise Http404
        is_applied = "applies" in request.POST
        publish_definition(draft, by=request.member, now=now, is_applied=is_applied)
        say(request, _("Version %(version)d is published.") % {"version": draft.version})
        return redirect(workspace_reverse("funnel:definitions"))
    if found.draft is None:
        return redirect(workspace_reverse("funnel:definitions"))
    condition = found.draft.condition
    meeting = len(who_meets(condition, now=now)) if condition else 0
    content = {"definition": found, "meeting": meeting}
    return render(request, "funnel/definition_publish.html", content)


@require_POST
def definition_discard(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Throw a proposed version away."""
    discard_draft(stage=_known(stage))
    say(request, _("The proposal is discarded."))
    return redirect(workspace_reverse("funnel:definitions"))


def _known(stage: str) -> Stage:
    if stage not in Stage.values:
        raise Http404
    return Stage(stage)


def _latest(stage: str) -> Definition | None:
    """What the form begins with: the draft, else the version that binds."""
    found = next(each for each in all_definitions() if each.stage == _known(stage))
    return found.draft or found.current
