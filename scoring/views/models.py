"""The model that serves, and its versions."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from scoring import queries
from scoring.actions import publishing
from scoring.drawing import drawn_histogram
from scoring.line import mql_line
from scoring.models import ScoreModel


def model(request: WorkspaceRequest) -> HttpResponse:
    """The published model in plain words, and what it makes of the leads."""
    published = ScoreModel.objects.published().select_related("published_by").first()
    context: dict[str, Any] = {
        "model": published,
        "draft": ScoreModel.objects.draft().select_related("made_by").first(),
        "versions": ScoreModel.objects.numbered().select_related("published_by"),
        "recompute": queries.running_recompute(),
        "may_edit": may(request.member.role, "scoring:draft_start", "POST"),
    }
    if published is not None:
        bars = queries.histogram(published)
        context |= {
            "rules": queries.rules_told(published),
            "classes": queries.classes_now(published),
            "leads": sum(bar.count for bar in bars),
            "chart": drawn_histogram(bars, published, mql_line()),
        }
    return render(request, "scoring/model.html", context)


def version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """An earlier or coming version, to read."""
    found = get_object_or_404(ScoreModel.objects.numbered().select_related("published_by"), pk=id)
    context = {"model": found, "rules": queries.rules_told(found, with_counts=False)}
    return render(request, "scoring/version.html", context)


def progress(request: WorkspaceRequest) -> HttpResponse:
    """How far the recompute is; asked again and again while it runs."""
    context = {"recompute": queries.running_recompute()}
    response = render(request, "scoring/_progress.html", context)
    if context["recompute"] is None:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def recompute(request: WorkspaceRequest) -> HttpResponse:
    """Work the published version out anew."""
    publishing.recompute_model(by=request.member, now=timezone.now())
    say(request, _("All scores are being worked out anew; nobody is notified."))
    return redirect(workspace_reverse("scoring:model"))
