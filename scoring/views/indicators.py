"""The indicators that hold, what they proved to be worth, and their versions."""

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
from leadmgmt.workspaces.models import VersionState
from leadmgmt.workspaces.refusing import refusals_on
from scoring.indicators.drawing import drawn
from scoring.indicators.forms import TermsForm
from scoring.indicators.measuring import start_measurement
from scoring.indicators.suggesting import suggestions
from scoring.indicators.telling import ListTold, list_told
from scoring.indicators.terms import Terms
from scoring.models import IndicatorList


@require_GET
def indicators(request: WorkspaceRequest) -> HttpResponse:
    """The published list with its win rates, and all versions."""
    rows = IndicatorList.objects.select_related("made_by", "published_by")
    lists = list(rows.order_by("-number"))
    published = next((each for each in lists if each.state == VersionState.PUBLISHED), None)
    context: dict[str, Any] = {
        "draft": next((each for each in lists if each.state == VersionState.DRAFT), None),
        "versions": [each for each in lists if each.number is not None],
        "may_edit": may(request.member.role, "scoring:indicator_draft_start", "POST"),
        "suggestions": suggestions() if published is None else {},
        "published": published,
    }
    if published is not None:
        context |= _shown(list_told(published))
    return render(request, "scoring/indicators.html", context)


@require_GET
def indicator_version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """An earlier version with its last figures, to read."""
    found = get_object_or_404(
        IndicatorList.objects.numbered().select_related("published_by"), pk=id
    )
    context = {"list": found} | _shown(list_told(found))
    return render(request, "scoring/indicator_version.html", context)


@require_GET
def indicator_progress(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """How far a list is measured and its leads are found; asked again and again."""
    told = list_told(get_object_or_404(IndicatorList, pk=id))
    context = {"told": told}
    response = render(request, "scoring/_indicator_progress.html", context)
    if not told.is_busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def indicator_measure(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Measure a list anew, as it was measured before."""
    found = get_object_or_404(IndicatorList, pk=id)
    start_measurement(found, now=timezone.now())
    say(request, _("The win rates are being measured."))
    return redirect(address_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_terms(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Say how a list is measured, and measure it so."""
    found = get_object_or_404(IndicatorList.objects.exclude(state=VersionState.RETIRED), pk=id)
    initial = Terms.from_json(found.terms).as_json()
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            start_measurement(found, now=timezone.now(), terms=form.terms())
            say(request, _("The win rates are being measured."))
            return redirect(address_of(found))
    context = {"form": form, "list": found, "back": address_of(found)}
    status = 422 if form.errors else 200
    return render(request, "scoring/indicator_terms.html", context, status=status)


def address_of(shown: IndicatorList) -> str:
    """Where one sees the list."""
    is_draft = shown.state == VersionState.DRAFT
    return workspace_reverse("scoring:indicator_draft" if is_draft else "scoring:indicators")


def _shown(told: ListTold) -> dict[str, Any]:
    return {"told": told, "rows": drawn(told.indicators)}
