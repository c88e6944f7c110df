"""Why a lead has its scores, whole: the table that sums, what is near, and every change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from leadmgmt.ui import formatting
from leadmgmt.ui.components.charts import Point
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.models import Lead
from scoring.queries import explain_scores
from scoring.telling.history import ChangeTold, History, histories_of_lead
from scoring.telling.whole import tell_scores

FEWEST_POINTS = 2
LISTED = 50


@require_GET
def explanation(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The scores of one lead by every model."""
    lead = get_object_or_404(Lead, pk=id)
    found = explain_scores(lead)
    is_pointless = any(each.version.is_by_decisions for each in found)
    histories = histories_of_lead(lead, is_pointless=is_pointless)
    context = {
        "lead": lead,
        "told": tell_scores(found, lead, timezone.now()),
        "histories": [_shown(each) for each in histories],
        "is_pointless": is_pointless,
    }
    return render(request, "scoring/explanation.html", context)


def _shown(history: History) -> dict[str, Any]:
    """The newest first, with a line if there is something to draw."""
    changes = history.changes
    return {
        "history": history,
        "changes": changes[::-1][:LISTED],
        "rest": max(0, len(changes) - LISTED),
        "points": _points(changes),
    }


def _points(changes: Sequence[ChangeTold]) -> list[Point]:
    points = [
        Point(f"{formatting.moment(each.at)}, {each.why}", each.new_score)
        for each in changes
        if each.new_score is not None
    ]
    return points if len(points) >= FEWEST_POINTS else []
