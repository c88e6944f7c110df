"""The next list of indicators: written, compared with the one that holds, published."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from scoring.indicators import drafting
from scoring.indicators.drawing import drawn
from scoring.indicators.forms import IndicatorForm, PublishListForm
from scoring.indicators.publishing import publish_list
from scoring.indicators.suggesting import add_suggestion, open_suggestions, suggestions
from scoring.indicators.telling import list_told
from scoring.indicators.wording import changes_of
from scoring.models import Indicator, IndicatorList


@require_POST
def indicator_draft_start(request: WorkspaceRequest) -> HttpResponse:
    """Begin the next list, or go on with it; `suggestion` puts a ready indicator into it."""
    key = request.POST.get("suggestion", "")
    if key and key not in suggestions():
        raise Http404
    found = drafting.start_draft(by=request.member, now=timezone.now())
    if key:
        added = add_suggestion(found, key)
        say(request, _("“%(name)s” is in the draft.") % {"name": added.name})
    return redirect(workspace_reverse("scoring:indicator_draft"))


@require_GET
def indicator_draft(request: WorkspaceRequest) -> HttpResponse:
    """The draft with what it says otherwise, and its win rates if they were measured."""
    found = the_draft()
    told = list_told(found)
    context = {
        "draft": found,
        "told": told,
        "rows": drawn(told.indicators),
        "changes": changes_of(found),
        "suggestions": open_suggestions(found),
    }
    return render(request, "scoring/indicator_draft.html", context)


@require_POST
def indicator_draft_discard(request: WorkspaceRequest) -> HttpResponse:
    """Throw the draft away."""
    drafting.discard_draft(the_draft())
    say(request, _("Draft discarded; the published list stays."))
    return redirect(workspace_reverse("scoring:indicators"))


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_publish(request: WorkspaceRequest) -> HttpResponse:
    """Say why, see what changes, publish."""
    found = the_draft()
    form = PublishListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            publish_list(found, by=request.member, reason=reason, now=timezone.now())
            say(request, _("Published; who has which indicator is being found."))
            return redirect(workspace_reverse("scoring:indicators"))
    context = {"form": form, "changes": changes_of(found)}
    status = 422 if form.errors else 200
    return render(request, "scoring/indicator_publish.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_add(request: WorkspaceRequest) -> HttpResponse:
    """A new indicator."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """An indicator of the draft."""
    return _edit(request, _indicator(id))


@require_POST
def indicator_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take an indicator out of the draft."""
    found = _indicator(id)
    drafting.remove_indicator(found)
    say(request, _("“%(name)s” removed from the draft.") % {"name": found.name})
    return redirect(workspace_reverse("scoring:indicator_draft"))


@require_POST
def indicator_duplicate(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The same once more, opened for changes."""
    copy = drafting.duplicate_indicator(_indicator(id))
    return redirect(workspace_reverse("scoring:indicator_edit", id=copy.pk))


@require_POST
def indicator_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down."""
    drafting.move_indicator(_indicator(id), up=request.POST.get("to") == "up")
    return redirect(workspace_reverse("scoring:indicator_draft"))


def the_draft() -> IndicatorList:
    """The list being written."""
    found: IndicatorList | None = IndicatorList.objects.draft().first()
    if found is None:
        raise Http404
    return found


def _edit(request: WorkspaceRequest, shown: Indicator | None) -> HttpResponse:
    found = the_draft()
    initial = {name: getattr(shown, name) for name in FACTS} if shown else {}
    form = IndicatorForm(request.POST or None, initial=initial)
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            drafting.save_indicator(found, form.words(), indicator_id=shown.pk if shown else None)
            say(request, _("Indicator saved."))
            return redirect(workspace_reverse("scoring:indicator_draft"))
    context = {"form": form, "indicator": shown}
    return render(request, "scoring/indicator.html", context, status=422 if is_saving else 200)


FACTS = ("name", "note", "condition")


def _indicator(indicator_id: UUID) -> Indicator:
    rows = Indicator.objects.select_related("list")
    return get_object_or_404(rows, pk=indicator_id, list=the_draft())
