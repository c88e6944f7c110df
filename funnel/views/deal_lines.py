"""What a deal is made of: its lines, all on one page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from funnel.models import Deal, DealStatus
from funnel.products.line_forms import LinesForm
from funnel.products.lines import lines_of, set_lines
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_http_methods(["GET", "HEAD", "POST"])
def deal_lines(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Products with quantity, price and discount; amount and margin of the deal follow."""
    deal = get_object_or_404(Deal.objects.select_related("lead__owner"), pk=id)
    currency = request.workspace.currency
    form = LinesForm(request.POST or None, deal=deal, lines=lines_of(deal), currency=currency)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form.seen):
            seen, now = form.seen.cleaned_data["version"], timezone.now()
            fresh = set_lines(deal, lines=form.told, by=request.member, now=now, seen=seen)
            say(request, _("The lines of “%(deal)s” are saved.") % {"deal": fresh})
            name = "funnel:deal_lines" if "more" in request.POST else "funnel:deal"
            return redirect(workspace_reverse(name, id=id))
    context = {"deal": deal, "form": form, "is_open": deal.status == DealStatus.OPEN}
    status = 422 if request.method == "POST" else 200
    return render(request, "funnel/deal_lines.html", context, status=status)
