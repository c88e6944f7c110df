"""The draft: written and looked at."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from scoring import queries
from scoring.actions import drafting
from scoring.actions.rules import remove_group, save_group
from scoring.actions.starting import start_model
from scoring.forms import GroupForm, ThresholdsForm
from scoring.line import is_lost
from scoring.models import Mode, ModelState, ModelVersion, Purpose, RuleGroup
from scoring.views.choosing import address, naming, the_draft, the_model
from scoring.wording import matrix_sentences

COUNTS = "counts"


@require_POST
def draft_start(request: WorkspaceRequest) -> HttpResponse:
    """Begin the next version, or go on with it."""
    chosen = the_model(request)
    if chosen is None or chosen.purpose == Purpose.MAIN:
        start_model(by=request.member, now=timezone.now())
    else:
        drafting.start_draft(chosen, by=request.member, now=timezone.now())
    return redirect(address("scoring:draft", chosen))


def draft(request: WorkspaceRequest) -> HttpResponse:
    """The draft with its rules; its thresholds are saved here."""
    found = the_draft(request)
    thresholds = ThresholdsForm(request.POST or None, draft=found)
    if request.method == "POST" and thresholds.is_valid():
        with refusals_on(thresholds):
            thresholds.save()
            say(request, _("Classes saved."))
            return redirect(address("scoring:draft", found.model))
    if request.htmx and COUNTS in request.GET:
        return render(request, "scoring/_draft_rules.html", _counted(found))
    is_pointless = queries.sorts_without_points()
    context = {
        "model": found,
        "at": naming(found.model),
        "counts_url": _counts_url(found),
        "thresholds": thresholds,
        "groups": found.groups.order_by("position"),
        "group_form": GroupForm(),
        "is_pointless": is_pointless,
        "is_line_lost": is_lost(found),
        "rules": queries.rules_told(found, with_counts=False, is_pointless=is_pointless),
        "decisions": queries.decisions_told(found),
        "matrix": matrix_sentences(found),
        "modes": Mode.choices if found.model.purpose == Purpose.MAIN else (),
        "published": ModelVersion.objects.of(found.model).published().first(),
    }
    status = 422 if thresholds.errors else 200
    return render(request, "scoring/draft.html", context, status=status)


def _counted(found: ModelVersion) -> dict[str, Any]:
    """The rules with how many leads each gives points now: asked for when the page is there."""
    is_pointless = queries.sorts_without_points()
    told = queries.draft_counted(found, timezone.now(), is_pointless=is_pointless)
    return {"rules": told.rules, "counted": told, "is_pointless": is_pointless}


def _counts_url(found: ModelVersion) -> str:
    url = address("scoring:draft", found.model)
    return f"{url}{'&' if '?' in url else '?'}{COUNTS}=1"


@require_POST
def group_save(request: WorkspaceRequest) -> HttpResponse:
    """A group of rules that are capped together."""
    found = the_draft(request)
    form = GroupForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            save_group(found, **form.cleaned_data)
    if form.errors:
        say(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
    return redirect(address("scoring:draft", found.model))


@require_POST
def group_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Its rules stay, each by itself."""
    groups = RuleGroup.objects.select_related("version__model")
    group = get_object_or_404(groups, pk=id, version__state=ModelState.DRAFT)
    remove_group(group)
    return redirect(address("scoring:draft", group.version.model))


@require_POST
def draft_discard(request: WorkspaceRequest) -> HttpResponse:
    """Throw the draft away."""
    found = the_draft(request)
    drafting.discard_draft(found)
    say(request, _("Draft discarded; the published version stays."))
    return redirect(address("scoring:model", found.model))
