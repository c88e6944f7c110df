"""Two leads side by side, before they become one; and two again."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.actions.merging import merge_leads, undo_merge
from leads.joining import GONE, KEPT
from leads.models import Lead, Merge
from leads.queries.duplicates import doubles_of, look_up
from leads.queries.merging import current_id, label_of, preview_of

PREFIX = "take-"


@require_http_methods(["GET", "HEAD", "POST"])
def lead_merge(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Choose the other lead, then field by field whose value is kept."""
    kept = _lead(id)
    other = asked_for(request.POST or request.GET)
    if other is None:
        return _choose(request, kept)
    gone = _lead(other)
    if gone.pk == kept.pk:
        return _choose(request, kept)
    choices = choices_in(request.POST or request.GET)
    if request.method == "POST":
        return _merged(request, kept, gone, choices)
    context = {
        "kept": kept,
        "gone": gone,
        "preview": preview_of(kept.pk, gone.pk, choices),
        "came_from": request.GET.get("from", ""),
    }
    return render(request, "leads/merge.html", context)


@require_POST
def merge_undo(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Make two leads of one again."""
    merge = get_object_or_404(Merge, pk=id)
    undone = undo_merge(merge.pk, by=request.member, now=timezone.now())
    say(request, _undone(merge, undone.changed_since))
    return redirect(workspace_reverse("leads:lead", id=undone.lead_id))


def to_kept_or_404(id: UUID) -> HttpResponse:
    """The way from an old id to the lead it was merged into."""
    kept = current_id(id)
    if kept is None:
        raise Http404
    return redirect(workspace_reverse("leads:lead", id=kept))


def _merged(request: WorkspaceRequest, kept: Lead, gone: Lead, choices: Any) -> HttpResponse:
    merge = merge_leads(kept.pk, gone.pk, choices=choices, by=request.member, now=timezone.now())
    told = {"gone": gone, "kept": kept}
    undo = workspace_reverse("leads:merge_undo", id=merge.pk)
    say(request, _("“%(gone)s” is one with “%(kept)s” now.") % told, undo_url=undo)
    if request.POST.get("from") == "duplicates":
        return redirect(workspace_reverse("leads:duplicate_list"))
    return redirect(workspace_reverse("leads:lead", id=kept.pk))


def _choose(request: WorkspaceRequest, kept: Lead) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    context = {
        "kept": kept,
        "asked": asked,
        "found": look_up(asked, beside=kept) if asked else doubles_of(kept),
    }
    return render(request, "leads/merge_choose.html", context)


def asked_for(query: QueryDict) -> UUID | None:
    """The other one of two, if it is named."""
    text = query.get("with", "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as problem:
        raise Http404 from problem


def choices_in(query: QueryDict) -> dict[str, str]:
    """Field by field, whose value was chosen."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in query.items()
        if name.startswith(PREFIX) and value in (KEPT, GONE)
    }


def _undone(merge: Merge, changed_since: tuple[str, ...]) -> str:
    told: dict[str, Any] = {"gone": merge.gone_label, "kept": merge.lead}
    fields = [label for name in changed_since if (label := label_of(name))]
    if not fields:
        return _("“%(gone)s” and “%(kept)s” are two leads again.") % told
    told["fields"] = ", ".join(fields)
    return (
        _(
            "“%(gone)s” and “%(kept)s” are two leads again. Changed since the merge, and left as"
            " it is: %(fields)s."
        )
        % told
    )


def _lead(id: UUID) -> Lead:
    found: Lead = get_object_or_404(Lead.objects.select_related("company", "owner"), pk=id)
    return found
