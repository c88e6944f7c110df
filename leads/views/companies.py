"""The page of a company."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.models import Company
from leads.panels import panels_of_company
from leads.queries.lists import people_of
from leads.queries.timelines import timeline_of_company
from leads.telling import FAMILIES
from leads.views.files import file_card
from leads.views.fragments import wants_fragment
from leads.views.tasks import next_steps

PEOPLE = 12


@require_GET
def company(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Its people, and what happened to all of them."""
    shown = get_object_or_404(Company.objects.select_related("owner"), pk=id)
    context = _timeline(request, shown)
    if wants_fragment(request):
        part = "happenings" if "after" in request.GET else "timeline"
        return render(request, f"leads/company.html#{part}", context)
    context |= next_steps(request, shown) | file_card(request, shown)
    context |= {
        "people": people_of(shown)[:PEOPLE],
        "all_people": f"{workspace_reverse('leads:lead_list')}?company={shown.pk}",
        "panels": panels_of_company(shown, request),
    }
    return render(request, "leads/company.html", context)


def _timeline(request: WorkspaceRequest, shown: Company) -> dict[str, Any]:
    return {
        "company": shown,
        "timeline": timeline_of_company(shown, request.GET, request.workspace.currency),
        "families": [(name, label) for name, (label, _kinds) in FAMILIES.items()],
        "family": request.GET.get("family", ""),
    }
