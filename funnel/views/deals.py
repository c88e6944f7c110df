"""Deals: the list, and what can be done with one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from funnel.actions import deals as actions
from funnel.forms import DealForm, LoseForm, NewDealForm, WinForm
from funnel.models import Deal, DealStatus
from funnel.queries.deals import sums_by_status
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import Lead


@require_GET
def deal_list(request: WorkspaceRequest) -> HttpResponse:
    """Deals by status, the newest first, with their sums."""
    status = request.GET.get("status", DealStatus.OPEN)
    if status not in DealStatus.values:
        status = DealStatus.OPEN
    found = Deal.objects.filter(status=status).select_related("lead", "company", "owner")
    sums = sums_by_status()
    content = {
        "page": page_of(found, ("-opened_at", "-id"), request.GET),
        "status": status,
        "sums": sums,
        "sum": sums[status],
        **{f"is_{each}": each == status for each in DealStatus.values},
    }
    return render(request, "funnel/deal_list.html", content)


@require_http_methods(["GET", "POST"])
def deal_add(request: WorkspaceRequest) -> HttpResponse:
    """Open a deal; `?lead=` chooses with whom."""
    currency = request.workspace.currency
    initial = {"lead": request.GET.get("lead")}
    form = NewDealForm(request.POST or None, currency=currency, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        lead: Lead = told.pop("lead")
        with refusals_on(form):
            made = actions.open_deal(lead, **told, by=request.member, now=timezone.now())
            say(request, _("“%(deal)s” is open.") % {"deal": made})
            return redirect(workspace_reverse("funnel:deal", id=made.pk))
    return _page(request, "funnel/deal_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
def deal(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One deal: correct it while it is open."""
    found = _deal(id)
    form = _deal_form(request, found)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        told.pop("key")
        with refusals_on(form):
            actions.change_deal(found, **told, by=request.member)
            say(request, _("“%(deal)s” is changed.") % {"deal": told["name"]})
            return redirect(workspace_reverse("funnel:deal", id=id))
    return _page(request, "funnel/deal.html", {"deal": found, "form": form})


@require_http_methods(["GET", "POST"])
def deal_win(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Close a deal as sold."""
    found = _deal(id)
    form = WinForm(request.POST or None, currency=request.workspace.currency, deal=found)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.win_deal(found, **form.cleaned_data, by=request.member, now=timezone.now())
            say(request, _("Won. %(lead)s is a customer.") % {"lead": found.lead})
            return redirect(workspace_reverse("funnel:deal", id=id))
    return _page(request, "funnel/deal_win.html", {"deal": found, "form": form})


@require_http_methods(["GET", "POST"])
def deal_lose(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Close a deal as lost."""
    found = _deal(id)
    form = LoseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.lose_deal(found, **form.cleaned_data, by=request.member, now=timezone.now())
            say(request, _("Closed as lost."))
            return redirect(workspace_reverse("funnel:deal", id=id))
    return _page(request, "funnel/deal_lose.html", {"deal": found, "form": form})


def _deal(deal_id: UUID) -> Deal:
    deals = Deal.objects.select_related("lead__owner", "lead__company", "company", "owner")
    found: Deal = get_object_or_404(deals, pk=deal_id)
    return found


def _deal_form(request: WorkspaceRequest, deal: Deal) -> DealForm:
    initial = {
        "name": deal.name,
        "amount": deal.amount,
        "margin": deal.margin,
        "expected_on": deal.expected_on,
    }
    return DealForm(request.POST or None, currency=request.workspace.currency, initial=initial)


def _page(request: WorkspaceRequest, template: str, content: dict[str, Any]) -> HttpResponse:
    """The page; 422 when it comes back with something wrong."""
    return render(request, template, content, status=422 if request.method == "POST" else 200)
