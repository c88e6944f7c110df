"""The funnel and the journey, and the people or companies behind each bar."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from leadmgmt.ui import formatting
from leadmgmt.ui.components.charts import Step
from leadmgmt.ui.paging import page_of
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.models import Segment, Stage
from reports.queries.ways import Counted, stayed, who
from reports.views import context_of, query_of, rows_url, scope_asked
from reports.ways import LABELS, TITLES, Asked, Walked, attraction, walk


def way(request: WorkspaceRequest, name: str) -> HttpResponse:
    """How far people or companies come, and how long it takes them."""
    asked = _asked(request)
    walked = walk(name, asked)
    visits = attraction(asked) if name == "journey" else None
    content = _context(request, asked) | {
        "title": TITLES[name],
        "is_journey": name == "journey",
        "walked": walked,
        "bars": [*_first_bar(visits, asked), *_bars(walked, visits, asked)],
        "stays": _stays(asked) if name == "funnel" else [],
    }
    return render(request, "reports/way.html", content)


def step_list(request: WorkspaceRequest, counted: str, step: str) -> HttpResponse:
    """The very people or companies a bar counts."""
    if counted not in set(Counted) or step not in LABELS:
        raise Http404
    asked = _asked(request, counted)
    found = who(step, asked.scope, asked.counted, asked.segment_id)
    page = page_of(found, ("-created_at", "-id"), request.GET)
    content = _context(request, asked) | {"page": page, "label": LABELS[step].label}
    return render(request, "reports/step.html", content)


def _asked(request: WorkspaceRequest, counted: str = "") -> Asked:
    counted = counted or request.GET.get("counted", "")
    try:
        segment = UUID(request.GET.get("segment", ""))
    except ValueError:
        segment = None
    known = Counted(counted) if counted in set(Counted) else Counted.PEOPLE
    return Asked(scope_asked(request), known, segment)


def _context(request: WorkspaceRequest, asked: Asked) -> dict[str, Any]:
    context = context_of(request, asked.scope)
    segments = list(Segment.objects.filter(retired_at=None).order_by("name"))
    kept = {"counted": asked.counted.value, "segment": asked.segment_id or ""}
    return context | {
        "kept": {name: value for name, value in kept.items() if value},
        "is_of_companies": asked.counted is Counted.COMPANIES,
        "segments": segments,
        "segment": next((each for each in segments if each.pk == asked.segment_id), None),
        "counteds": [
            (_("People"), _query(asked, counted="people"), asked.counted is Counted.PEOPLE),
            (
                _("Companies"),
                _query(asked, counted="companies"),
                asked.counted is not Counted.PEOPLE,
            ),
        ],
        "countings": [
            (words, _query(asked) + f"&counting={counting}", is_chosen)
            for counting, (words, _link, is_chosen) in zip(
                ("period", "cohort"), context["countings"], strict=True
            )
        ],
        "lengths": [(days, _with(query, asked)) for days, query in context["lengths"]],
    }


def _query(asked: Asked, **changes: Any) -> str:
    kept = {"counted": asked.counted.value, "segment": asked.segment_id or ""} | changes
    told = urlencode({name: value for name, value in kept.items() if value})
    return "&".join(each for each in (query_of(asked.scope), told) if each)


def _with(query: str, asked: Asked) -> str:
    kept = {"counted": asked.counted.value, "segment": asked.segment_id or ""}
    told = urlencode({name: value for name, value in kept.items() if value})
    return f"{query}&{told}"


def _first_bar(visits: int | None, asked: Asked) -> list[Step]:
    if visits is None:
        return []
    return [Step(_("Attraction (visits)"), visits, url=rows_url("visits", query_of(asked.scope)))]


def _bars(walked: list[Walked], visits: int | None, asked: Asked) -> list[Step]:
    bars = []
    for each in walked:
        path = workspace_reverse("reports:step_list", counted=asked.counted, step=each.step.key)
        rate, label = each.rate, str(each.step.rate_label)
        if not label and visits is not None:
            rate = each.taken.count / visits if visits else None
            label = _("Visits → first contacts")
        if each.taken.median is not None:
            label += " · " + _("median %s") % formatting.duration(each.taken.median)
        bars.append(
            Step(str(each.step.label), each.taken.count, f"{path}?{_query(asked)}", rate, label)
        )
    return bars


def _stays(asked: Asked) -> list[dict[str, Any]]:
    found = {each.stage: each for each in stayed(asked.scope, asked.segment_id)}
    return [{"stage": stage.value, "stay": found.get(stage)} for stage in Stage]
