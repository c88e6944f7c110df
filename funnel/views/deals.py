"""Deals: the list, and what can be done with one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.actions import closing_deals
from funnel.actions import deals as actions
from funnel.deal_forms import DealForm, LoseForm, NewDealForm, WinForm, stages_in_use
from funnel.models import Deal, DealStatus, Pipeline
from funnel.products.telling import lines_told, with_lines
from funnel.queries.buying import buyers, buyers_to_choose
from funnel.queries.deals import history_of, sums_by_status
from funnel.queries.forecast import forecast_of
from funnel.queries.listing_deals import asked_in, deals_asked, id_in, sum_of
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member, Role
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Lead

SUMMED: dict[str, Any] = {"amount": None, "margin": None}
"""Figures that nobody types: the lines say them."""


@require_GET
def deal_list(request: WorkspaceRequest) -> HttpResponse:
    """Deals by status, narrowed by stage, owner and month, in the order asked for, with sums."""
    asked, today = asked_in(request.GET), timezone.localdate()
    found = deals_asked(asked, today=today).select_related("lead", "company", "owner", "stage")
    sums = sums_by_status()
    content = {
        "page": page_of(found, asked.order, request.GET),
        "asked": asked,
        "status": asked.status,
        "sums": sums,
        "sum": sum_of(found) if asked.is_narrowed else sums[asked.status],
        "sort": "-opened_at",
        "stages": stages_in_use(),
        "members": Member.objects.present().order_by("name", "id"),
        "today": today,
        "may_sell": may(request.member.role, "funnel:deal_add"),
        **{f"is_{each}": each == asked.status for each in DealStatus.values},
    }
    return render(request, "funnel/deal_list.html", content)


@require_GET
def forecast(request: WorkspaceRequest) -> HttpResponse:
    """What open deals may bring, by month and owner; each number opens its deals."""
    pipelines = list(Pipeline.objects.in_use().order_by("position", "id"))
    chosen = id_in(request.GET.get("pipeline", ""))
    months = forecast_of(today=timezone.localdate(), pipeline=chosen)
    context = {"months": months, "pipelines": pipelines, "chosen": chosen}
    return render(request, "funnel/forecast.html", context)


@require_http_methods(["GET", "POST"])
def deal_add(request: WorkspaceRequest) -> HttpResponse:
    """Open a deal; without `?lead=` one chooses with whom."""
    lead = _buyer(request)
    if lead is None:
        return _choose_buyer(request)
    currency = request.workspace.currency
    form = NewDealForm(request.POST or None, currency=currency, initial={"lead": lead.pk})
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        with refusals_on(form):
            told = {**form.told(), "key": key}
            made = actions.open_deal(lead, **told, by=request.member, now=timezone.now())
            say(request, _("“%(deal)s” is open.") % {"deal": made})
            return redirect(workspace_reverse("funnel:deal", id=made.pk))
    return _page(request, "funnel/deal_add.html", {"form": form, "lead": lead})


@require_http_methods(["GET", "POST"])
def deal(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One deal: where it stands, what came before; corrected while it is open."""
    found = _deal(id)
    lines = lines_told(found)
    form = _deal_form(request, found, is_summed=bool(lines))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            seen, now = form.cleaned_data["version"], timezone.now()
            actions.change_deal(found, changes=form.told(), by=request.member, now=now, seen=seen)
            say(request, _("“%(deal)s” is changed.") % {"deal": form.cleaned_data["name"]})
            return redirect(workspace_reverse("funnel:deal", id=id))
    context = {
        "deal": found,
        "form": form,
        "lines": lines,
        "history": history_of(found),
        "stages": stages_in_use() if found.status == DealStatus.OPEN else [],
        "may_sell": may(request.member.role, "funnel:deal", "POST"),
        "today": timezone.localdate(),
    }
    return _page(request, "funnel/deal.html", context)


@require_POST
def deal_reopen(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take the decision back."""
    found = _deal(id)
    opened = closing_deals.reopen_deal(found, by=request.member, now=timezone.now())
    told = {"deal": opened, "stage": opened.stage}
    say(request, _("“%(deal)s” is open again, in the stage “%(stage)s”.") % told)
    return redirect(workspace_reverse("funnel:deal", id=id))


@require_http_methods(["GET", "POST"])
def deal_win(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Close a deal as sold."""
    found = _deal(id)
    lines, currency = lines_told(found), request.workspace.currency
    form = WinForm(request.POST or None, currency=currency, deal=found, is_summed=bool(lines))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told, now = SUMMED | form.cleaned_data, timezone.now()
            closing_deals.win_deal(found, **told, by=request.member, now=now)
            say(request, _("Won. %(lead)s is a customer.") % {"lead": found.lead})
            return redirect(workspace_reverse("funnel:deal", id=id))
    return _page(request, "funnel/deal_win.html", {"deal": found, "form": form, "lines": lines})


@require_http_methods(["GET", "POST"])
def deal_lose(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Close a deal as lost."""
    found = _deal(id)
    form = LoseForm(request.POST or None, status=DealStatus.LOST)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told, now = form.cleaned_data, timezone.now()
            closing_deals.lose_deal(found, **told, by=request.member, now=now)
            say(request, _("Closed as lost."))
            return redirect(workspace_reverse("funnel:deal", id=id))
    return _page(request, "funnel/deal_lose.html", {"deal": found, "form": form})


def _buyer(request: WorkspaceRequest) -> Lead | None:
    asked = id_in(request.POST.get("lead") or request.GET.get("lead", ""))
    found: Lead | None = buyers().filter(pk=asked).first() if asked else None
    return found


def _choose_buyer(request: WorkspaceRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    context = {
        "asked": asked,
        "found": buyers_to_choose(asked, member=request.member),
        "is_wrong": request.method == "POST" or "lead" in request.GET,
        "sells_for_all": request.member.role != Role.REP,
    }
    return _page(request, "funnel/deal_choose.html", context)


def _deal(deal_id: UUID) -> Deal:
    related = ("lead__owner", "lead__company", "company", "owner", "stage__pipeline")
    deals = Deal.objects.select_related(*related, "close_reason")
    found: Deal = get_object_or_404(with_lines(deals), pk=deal_id)
    return found


def _deal_form(request: WorkspaceRequest, deal: Deal, *, is_summed: bool) -> DealForm:
    initial = {name: getattr(deal, name) for name in (*actions.CHANGEABLE, "version")}
    currency = request.workspace.currency
    form = DealForm(request.POST or None, currency=currency, owner=deal.owner, initial=initial)
    return form.without_figures() if is_summed else form


def _page(request: WorkspaceRequest, template: str, content: dict[str, Any]) -> HttpResponse:
    """The page; 422 when it comes back with something wrong."""
    return render(request, template, content, status=422 if request.method == "POST" else 200)
