"""What a deal is made of: its lines, all on one page."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
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

WAYS = ("up", "down")


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
            return redirect(_next_page(request, id))
    context = {
        "deal": deal,
        "form": form,
        "is_open": deal.status == DealStatus.OPEN,
        "moved": _moved_in(request.GET),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "funnel/deal_lines.html", context, status=status)


def _next_page(request: WorkspaceRequest, id: UUID) -> str:
    """Who moved a line or adds more stays here; a moved line keeps the focus, to go on."""
    if any(word in request.POST for word in ("more", *WAYS)):
        asked = {word: request.POST[word] for word in WAYS if word in request.POST}
        query = f"?{urlencode(asked)}" if asked else ""
        return workspace_reverse("funnel:deal_lines", id=id) + query
    return workspace_reverse("funnel:deal", id=id)


def _moved_in(query: QueryDict) -> tuple[str, str]:
    """The line that was moved, and which way."""
    return next(((str(query[word]), word) for word in WAYS if word in query), ("", ""))
