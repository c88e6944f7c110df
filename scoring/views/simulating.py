"""A draft on today's leads: started, watched, read, its leads listed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.models import Grade, LeadClass
from scoring.actions import simulating
from scoring.backtest.drawing import class_label, flows
from scoring.models import ModelVersion, Simulation
from scoring.queries import rehearsals, sorts_without_points
from scoring.views.choosing import address, naming, the_draft

ORDER = ("-moved", "lead_id")
KNOWN = {"class": {*LeadClass.values, ""}, "grade": {*Grade.values, ""}}


def simulate(request: WorkspaceRequest) -> HttpResponse:
    """What the draft would make of today's leads; a POST works it out."""
    draft = the_draft(request)
    if request.method == "POST":
        simulating.start_simulation(draft, by=request.member, now=timezone.now())
        return redirect(address("scoring:simulate", draft.model))
    simulation = rehearsals.simulation_of(draft)
    return render(request, "scoring/simulate.html", _context(draft, simulation))


def simulation_progress(request: WorkspaceRequest) -> HttpResponse:
    """How far it is; asked again and again while it runs."""
    draft = the_draft(request)
    simulation = rehearsals.simulation_of(draft)
    context = {"rehearsal": simulation} | _addresses(draft)
    response = render(request, "scoring/_rehearsal_progress.html", context)
    if simulation is None or not simulation.is_in_work:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def simulation_cancel(request: WorkspaceRequest) -> HttpResponse:
    """Stop it."""
    draft = the_draft(request)
    simulating.cancel_simulation(_the_simulation(draft), now=timezone.now())
    say(request, _("Simulation cancelled."))
    return redirect(address("scoring:simulate", draft.model))


def simulated(request: WorkspaceRequest) -> HttpResponse:
    """The leads of a cell, who changes most first."""
    draft = the_draft(request)
    simulation = _the_simulation(draft)
    of = "grade" if request.GET.get("of") == "grade" else "class"
    old, new = _asked(request, "old", of), _asked(request, "new", of)
    crossing = request.GET.get("crossing", "")
    rows = rehearsals.simulated_leads(simulation, old=old, new=new, crossing=crossing, of=of)
    page = page_of(rows, ORDER, request.GET)
    context = {
        "page": page.of(rehearsals.rows_told(simulation, page.rows, timezone.now())),
        "simulation": simulation,
        "is_stale": rehearsals.is_stale(simulation),
        "title": _title(simulation, old, new, crossing),
        "is_pointless": sorts_without_points(),
    }
    return render(request, "scoring/simulated.html", _addresses(draft) | context)


def _the_simulation(draft: ModelVersion) -> Simulation:
    found = rehearsals.simulation_of(draft)
    if found is None:
        raise Http404
    return found


def _asked(request: WorkspaceRequest, name: str, of: str) -> str | None:
    """A class or grade the address names; "none" is having none."""
    said = request.GET.get(name)
    value = "" if said == "none" else said
    return value if value in KNOWN[of] else None


def _title(simulation: Simulation, old: str | None, new: str | None, crossing: str) -> str:
    if crossing == rehearsals.GAINING:
        return _("Leads that would reach %(line)s points") % {"line": simulation.line}
    if crossing == rehearsals.LOSING:
        return _("Leads that would fall below %(line)s points") % {"line": simulation.line}
    if old is None or new is None:
        return _("All leads")
    return _("From %(old)s to %(new)s") % {"old": _label(old).lower(), "new": _label(new).lower()}


def _label(value: str) -> str:
    return class_label(value) if value in KNOWN["class"] else value


def _addresses(draft: ModelVersion) -> dict[str, Any]:
    return {
        "version": draft,
        "simulate_url": address("scoring:simulate", draft.model),
        "progress_url": address("scoring:simulation_progress", draft.model),
        "cancel_url": address("scoring:simulation_cancel", draft.model),
        "simulated_url": _with_query(address("scoring:simulated", draft.model)),
        "draft_url": address("scoring:draft", draft.model),
        "at": naming(draft.model),
        "may_cancel": True,
    }


def _with_query(url: str) -> str:
    """Ready for more to be added."""
    return f"{url}{'&' if '?' in url else '?'}"


def _context(draft: ModelVersion, simulation: Simulation | None) -> dict[str, Any]:
    context = _addresses(draft) | {"rehearsal": simulation}
    if simulation is None or not simulation.result:
        return context
    result = simulation.result
    news, rows = rehearsals.cells(result["classes"])
    grades = [move for move in result["grades"] if move[0] != move[1]]
    return context | {
        "result": result,
        "is_stale": rehearsals.is_stale(simulation),
        "moved": sum(count for old, new, count in result["classes"] if old != new),
        "flows": flows(result["classes"]),
        "columns": news,
        "rows": [(old, list(zip(news, counts, strict=True))) for old, counts in rows],
        "grades": grades,
        "has_classes": any(old or new for old, new, _count in result["classes"]),
        "is_pointless": sorts_without_points(),
        "regraded": sum(count for _old, _new, count in grades),
    }
