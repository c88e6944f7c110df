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
from leadmgmt.workspaces.door import WorkspaceRequest
from scoring import queries
from scoring.actions import publishing
from scoring.drawing import drawn_histogram
from scoring.line import mql_line
from scoring.models import ModelVersion, Purpose
from scoring.views.choosing import address, the_model


def model(request: WorkspaceRequest) -> HttpResponse:
    """The published model in plain words, and what it makes of the leads."""
    chosen = the_model(request)
    versions = ModelVersion.objects.filter(model=chosen).select_related("published_by", "model")
    published = versions.published().first()
    context: dict[str, Any] = {
        "chosen": chosen,
        "models": queries.models_told(),
        "model": published,
        "draft": versions.draft().first(),
        "versions": versions.numbered(),
        "recompute": queries.running_recompute(),
        "may_edit": may(request.member.role, "scoring:draft_start", "POST"),
    }
    if published is not None:
        bars = queries.histogram(published)
        context |= {
            "rules": queries.rules_told(published),
            "classes": queries.classes_now(published),
            "leads": sum(bar.count for bar in bars),
            "chart": drawn_histogram(bars, published, _line(published)),
            "decisions": published.decisions.order_by("position"),
        }
    return render(request, "scoring/model.html", context)


def version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """An earlier or coming version, to read."""
    found = get_object_or_404(
        ModelVersion.objects.numbered().select_related("published_by", "model"), pk=id
    )
    context = {
        "model": found,
        "rules": queries.rules_told(found, with_counts=False),
        "decisions": found.decisions.order_by("position"),
        "model_url": address("scoring:model", found.model),
    }
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
    chosen = the_model(request)
    publishing.recompute_model(chosen, by=request.member, now=timezone.now())
    say(request, _("All scores are being worked out anew; nobody is notified."))
    return redirect(address("scoring:model", chosen))


def _line(version: ModelVersion) -> int | None:
    """The score of an MQL is about the main model."""
    return mql_line() if version.model.purpose == Purpose.MAIN else None
