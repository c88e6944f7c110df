"""Dashboard, the rows behind its figures, and the cost ledger."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.serializers import deserialize, serialize
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui import formatting
from leadmgmt.ui.components.charts import Point, Step
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Campaign
from reports import actions, definitions, figures
from reports.forms import CostForm
from reports.models import CostLine
from reports.queries import money, people, rows
from reports.scope import Counting, Cycles, Scope, scope_of

UNDO_LIFE = 3_600  # seconds a removed cost line can be put back
LENGTHS = (30, 90, 365)
PAGES_OF_ROWS = {
    "deals": "reports:deal_list",
    "visits": "reports:visit_list",
    "costs": "reports:cost_list",
    "clocks": "reports:deadline_list",
}


def dashboard(request: WorkspaceRequest) -> HttpResponse:
    """How are we doing? Figures, funnel, sources, campaigns, daily growth of qualified leads."""
    scope = scope_asked(request)
    now, before = figures.results(scope), figures.results(scope.before())
    counts = now.people
    shown = figures.figures(now, before, has_cost=not scope.source, cycles=scope.cycles)
    context = context_of(request, scope) | {
        "tiles": [_tile(figure, request, scope) for figure in shown],
        "funnel": _funnel(counts, scope),
        "rates": figures.stage_rates(counts, is_by_cycle=scope.is_by_cycle),
        "sources": [_row(line, "source", line.key, scope) for line in figures.source_lines(scope)],
        "campaigns": _campaign_rows(scope),
        "daily": _daily(scope),
        "consideration": now.consideration,
    }
    return render(request, "reports/dashboard.html", context)


def people_list(request: WorkspaceRequest, figure: str) -> HttpResponse:
    """The people behind a figure."""
    if figure not in rows.LISTS:
        raise Http404
    scope = scope_asked(request)
    page = page_of(rows.LISTS[figure](scope), ("-created_at", "-id"), request.GET)
    known = definitions.OF_CYCLES[scope.cycles] or definitions.DEFINITIONS
    label = next(each.label for each in known if each.key == figure)
    context = context_of(request, scope) | {"page": page, "label": label, "figure": figure}
    return render(request, "reports/people.html", context)


def deal_list(request: WorkspaceRequest) -> HttpResponse:
    """The won deals behind revenue and margin."""
    scope = scope_asked(request)
    page = page_of(rows.won_deals(scope), ("-closed_at", "-id"), request.GET)
    context = context_of(request, scope) | {"page": page}
    return render(request, "reports/deals.html", context)


def visit_list(request: WorkspaceRequest) -> HttpResponse:
    """The visits behind their number."""
    scope = scope_asked(request)
    page = page_of(rows.visits(scope), ("-occurred_at", "-id"), request.GET)
    context = context_of(request, scope) | {"page": page}
    return render(request, "reports/visits.html", context)


def deadline_list(request: WorkspaceRequest) -> HttpResponse:
    """The deadlines behind SLA attainment, met and missed."""
    scope = scope_asked(request)
    found = rows.clocks(scope).select_related("lead", "lead__company", "lead__owner", "policy")
    page = page_of(found, ("-due_at", "-id"), request.GET)
    context = context_of(request, scope) | {"page": page}
    return render(request, "reports/deadlines.html", context)


def cost_list(request: WorkspaceRequest) -> HttpResponse:
    """The ledger of a period, and a new line for it."""
    scope = scope_asked(request)
    form = CostForm(request.POST or None, currency=request.workspace.currency)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.enter_cost(**form.cleaned_data, by=request.member)
            messages.success(request, _("The cost is in the ledger."))
            return redirect(request.get_full_path())
    page = page_of(money.cost_lines(scope), ("-starts_on", "-id"), request.GET)
    context = context_of(request, scope) | {
        "page": page,
        "form": form,
        "total": sum(money.costs_by_campaign(scope).values()),
    }
    return render(request, "reports/costs.html", context, status=422 if form.errors else 200)


@require_POST
def cost_remove(request: WorkspaceRequest, line: UUID) -> HttpResponse:
    """Take a line out; what is not there is a 404."""
    found = get_object_or_404(CostLine, pk=line)
    undo = workspace_reverse("reports:cost_restore", kept=_kept(request, found))
    actions.remove_cost(found.pk)
    say(request, _("The cost line is removed."), undo_url=undo)
    return redirect(workspace_reverse("reports:cost_list"))


@require_POST
def cost_restore(request: WorkspaceRequest, kept: str) -> HttpResponse:
    """Undo a removal; the line itself travelled with the button, signed by us."""
    try:
        text = signing.loads(kept, salt=_salt(request), max_age=UNDO_LIFE)
    except signing.BadSignature:
        raise Http404 from None
    (line,) = deserialize("json", text)
    actions.restore_cost(cast("CostLine", line.object))
    messages.success(request, _("The cost line is back."))
    return redirect(workspace_reverse("reports:cost_list"))


def _kept(request: WorkspaceRequest, line: CostLine) -> str:
    return signing.dumps(serialize("json", [line]), salt=_salt(request), compress=True)


def _salt(request: WorkspaceRequest) -> str:
    return f"cost line of {request.workspace.pk}"


def scope_asked(request: WorkspaceRequest) -> Scope:
    """What the address asks for."""
    return scope_of(request.GET, now=timezone.now(), zone=request.workspace.time_zone)


def context_of(request: WorkspaceRequest, scope: Scope) -> dict[str, Any]:
    """What every report says about its scope, and the links that change it."""
    campaigns = list(Campaign.objects.order_by("name"))
    return {
        "scope": scope,
        "query": query_of(scope),
        "lengths": [(days, query_of(scope, days=days)) for days in LENGTHS],
        "countings": [
            (words, query_of(scope, counting=counting), counting is scope.counting)
            for counting, words in definitions.COUNTINGS.items()
        ],
        "cycles": [
            (words, query_of(scope, cycles=cycles), cycles is scope.cycles)
            for cycles, words in definitions.CYCLES.items()
        ],
        "cycles_in_words": definitions.CYCLES[scope.cycles] if scope.is_by_cycle else "",
        "campaigns_to_choose": campaigns,
        "campaign": next((each for each in campaigns if each.pk == scope.campaign_id), None),
        "query_without_source": query_of(scope, source=""),
        "may_cost": may(request.member.role, "reports:cost_list", "POST"),
    }


def query_of(scope: Scope, **changes: Any) -> str:
    """The scope as a link's query; `days` replaces the two dates."""
    kept: dict[str, Any] = {
        "from": scope.period.first,
        "to": scope.period.last,
        "counting": scope.counting if scope.counting is not Counting.PERIOD else "",
        "source": scope.source,
        "campaign": scope.campaign_id or "",
        "cycles": scope.cycles,
    }
    if "days" in changes:
        del kept["from"], kept["to"]
    asked = kept | changes
    if asked["cycles"] is Cycles.ALL:
        del asked["cycles"]
    return urlencode({key: value for key, value in asked.items() if value})


def rows_url(rows_key: str, query: str) -> str:
    """The page with the rows behind a figure."""
    if rows_key in rows.LISTS:
        path = workspace_reverse("reports:people_list", figure=rows_key)
    else:
        path = workspace_reverse(PAGES_OF_ROWS[rows_key])
    return f"{path}?{query}"


def _tile(figure: figures.Figure, request: WorkspaceRequest, scope: Scope) -> dict[str, Any]:
    return {
        "label": figure.label,
        "value": _written(figure, request.workspace.currency),
        "unit": _("days, median") if figure.unit is definitions.Unit.DAYS and figure.value else "",
        "change": figure.change,
        "period": "" if figure.change is None else _("vs the period before"),
        "good": figure.good,
        "why": figure.definition,
        "url": rows_url(figure.rows, query_of(scope)),
    }


def _written(figure: figures.Figure, currency: str) -> str:
    match figure.unit:
        case definitions.Unit.MONEY:
            return formatting.money(figure.value, currency)
        case definitions.Unit.SHARE:
            return formatting.percent(figure.value)
        case definitions.Unit.DAYS:
            return formatting.number(figure.value, 1)
        case _:
            return formatting.number(figure.value)


def _funnel(counts: people.People, scope: Scope) -> list[Step]:
    query = query_of(scope)
    steps = (
        ("visits", _("Visits"), counts.visits, "", None),
        ("leads", _("Leads"), counts.leads, _("Visits → leads"), counts.visits),
        ("mqls", _("MQLs"), counts.mqls, _("Leads → MQLs"), counts.leads),
        ("sqls", _("SQLs"), counts.sqls, _("MQLs → SQLs"), counts.mqls),
        ("customers", _("Customers"), counts.customers, _("SQLs → customers"), counts.sqls),
    )
    return [
        Step(
            label,
            count,
            url=rows_url(key, query),
            rate=count / of if of and not (scope.is_by_cycle and key == "leads") else None,
            rate_label=rate_label,
        )
        for key, label, count, rate_label, of in (steps[1:] if scope.is_by_cycle else steps)
    ]


def _row(line: figures.Line, dimension: str, value: Any, scope: Scope) -> dict[str, Any]:
    query = query_of(scope, **{dimension: value}) if value else ""
    urls = {key: rows_url(key, query) for key in (*rows.LISTS, "visits", "deals")} if query else {}
    costs_url = rows_url("costs", query) if query else ""
    return {"line": line, "name": value, "urls": urls, "costs_url": costs_url}


def _campaign_rows(scope: Scope) -> Sequence[Mapping[str, Any]]:
    names = dict(Campaign.objects.values_list("pk", "name"))
    made = [_row(line, "campaign", line.key, scope) for line in figures.campaign_lines(scope)]
    for row in made:
        row["name"] = names.get(row["line"].key, "")
    return made


def _daily(scope: Scope) -> list[Point]:
    now, before = people.daily_mqls(scope), people.daily_mqls(scope.before())
    return [
        Point(formatting.day(day), count, earlier)
        for (day, count), (_day, earlier) in zip(now, before, strict=True)
    ]
