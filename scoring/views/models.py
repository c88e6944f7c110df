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
from leadmgmt.workspaces.refusing import refusals_on
from leads.uses import uses_of
from scoring import queries
from scoring.actions import publishing
from scoring.actions.drafting import start_draft
from scoring.actions.models import add_model
from scoring.actions.retiring import retire_model
from scoring.drawing import drawn_histogram
from scoring.forms import ModelForm
from scoring.line import is_lost, mql_line
from scoring.meaning import outdated
from scoring.models import ModelVersion, Purpose, ScoreModel
from scoring.queries.releases import latest_release
from scoring.views.choosing import address, naming, the_model
from scoring.wording import matrix_sentences


def model(request: WorkspaceRequest) -> HttpResponse:
    """The published model in plain words, and what it makes of the leads."""
    chosen = the_model(request)
    versions = ModelVersion.objects.filter(model=chosen).select_related("published_by", "model")
    published = versions.published().first()
    is_pointless = chosen is not None and _is_pointless(chosen, published)
    context: dict[str, Any] = {
        "is_pointless": is_pointless,
        "chosen": chosen,
        "at": naming(chosen),
        "models": queries.models_told(),
        "model": published,
        "draft": versions.draft().first(),
        "versions": versions.numbered(),
        "recompute": queries.running_recompute(),
        "told": latest_release(chosen),
        "uses": uses_of(chosen.pk) if chosen and chosen.purpose == Purpose.PRODUCT else (),
        "may_edit": may(request.member.role, "scoring:draft_start", "POST"),
    }
    if published is not None:
        bars = [] if is_pointless else queries.histogram(published)
        context |= {
            "rules": queries.rules_told(published, is_pointless=is_pointless),
            "is_line_lost": is_lost(published),
            "outdated": outdated(published),
            "classes": queries.classes_now(published),
            "leads": sum(bar.count for bar in bars),
            "chart": drawn_histogram(bars, published, _line(published)),
            "decisions": queries.decisions_told(published),
            "matrix": matrix_sentences(published),
        }
    return render(request, "scoring/model.html", context)


def version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """An earlier or coming version, to read."""
    found = get_object_or_404(
        ModelVersion.objects.numbered().select_related("published_by", "model"), pk=id
    )
    is_pointless = queries.sorts_without_points()
    context = {
        "model": found,
        "is_pointless": is_pointless,
        "rules": queries.rules_told(found, with_counts=False, is_pointless=is_pointless),
        "groups": found.groups.order_by("position"),
        "decisions": queries.decisions_told(found),
        "matrix": matrix_sentences(found),
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


def model_add(request: WorkspaceRequest) -> HttpResponse:
    """A model for fit, or a product line; its first draft is opened."""
    form = ModelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = add_model(**form.cleaned_data, now=timezone.now())
            start_draft(made, by=request.member, now=timezone.now())
            return redirect(address("scoring:draft", made))
    status = 422 if form.errors else 200
    return render(request, "scoring/model_add.html", {"form": form}, status=status)


@require_POST
def model_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put a model out of use."""
    found = get_object_or_404(ScoreModel, pk=id)
    retire_model(found, by=request.member, now=timezone.now())
    say(request, _("“%(name)s” is retired; its scores are being removed.") % {"name": found.name})
    return redirect(workspace_reverse("scoring:model"))


def _is_pointless(chosen: ScoreModel, published: ModelVersion | None) -> bool:
    """No page tells points where decision rules sort; the main model knows it by itself."""
    if chosen.purpose == Purpose.MAIN:
        return published is not None and published.is_by_decisions
    return queries.sorts_without_points()


def _line(version: ModelVersion) -> int | None:
    """The score of an MQL is about the main model."""
    return mql_line() if version.model.purpose == Purpose.MAIN else None
