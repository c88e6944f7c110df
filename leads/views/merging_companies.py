"""Two companies side by side, before they become one; and two again."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.actions.merging_companies import merge_companies, undo_company_merge
from leads.models import Company, CompanyMerge
from leads.queries.merging import current_company_id
from leads.queries.merging_companies import (
    companies_called,
    companies_like,
    label_of_company_field,
    preview_of_companies,
)
from leads.views.merging import asked_for, choices_in


@require_http_methods(["GET", "HEAD", "POST"])
def company_merge(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Choose the other company, then field by field whose value is kept."""
    kept: Company = get_object_or_404(Company, pk=id)
    said = request.POST or request.GET
    other = asked_for(said)
    if other is None or other == kept.pk:
        return _choose(request, kept)
    gone: Company = get_object_or_404(Company, pk=other)
    choices = choices_in(said)
    if request.method == "POST":
        return _merged(request, kept, gone, choices)
    preview = preview_of_companies(kept.pk, gone.pk, choices)
    context = {"kept": kept, "gone": gone, "preview": preview}
    return render(request, "leads/company_merge.html", context)


@require_POST
def company_merge_undo(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Make two companies of one again."""
    merge = get_object_or_404(CompanyMerge.objects.select_related("company"), pk=id)
    undone = undo_company_merge(merge.pk, by=request.member, now=timezone.now())
    told: dict[str, Any] = {"gone": merge.gone_label, "kept": merge.company}
    said = _("“%(gone)s” and “%(kept)s” are two companies again.")
    if fields := [name for each in undone.changed_since if (name := label_of_company_field(each))]:
        told["fields"] = ", ".join(fields)
        said = _(
            "“%(gone)s” and “%(kept)s” are two companies again. Changed since the merge, and left"
            " as it is: %(fields)s."
        )
    say(request, said % told)
    return redirect(workspace_reverse("leads:company", id=undone.company_id))


def to_kept_company_or_404(id: UUID) -> HttpResponse:
    """The way from an old id to the company it was merged into."""
    kept = current_company_id(id)
    if kept is None:
        raise Http404
    return redirect(workspace_reverse("leads:company", id=kept))


def _merged(request: WorkspaceRequest, kept: Company, gone: Company, choices: Any) -> HttpResponse:
    now = timezone.now()
    merge = merge_companies(kept.pk, gone.pk, choices=choices, by=request.member, now=now)
    undo = workspace_reverse("leads:company_merge_undo", id=merge.pk)
    told = {"gone": gone, "kept": kept}
    say(request, _("“%(gone)s” is one with “%(kept)s” now.") % told, undo_url=undo)
    return redirect(workspace_reverse("leads:company", id=kept.pk))


def _choose(request: WorkspaceRequest, kept: Company) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    found = companies_called(asked, beside=kept) if asked else companies_like(kept)
    context = {"kept": kept, "asked": asked, "found": found}
    return render(request, "leads/company_merge_choose.html", context)
