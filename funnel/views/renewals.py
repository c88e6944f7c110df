"""Renewals: what comes in the next months, and what is done about one."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.care import planning, remind_days, renewing
from funnel.care.customer_forms import (
    ReasonForm,
    RenewalForm,
    RenewForm,
    SnoozeForm,
    renewal_values,
)
from funnel.care.forms import ReminderDaysForm
from funnel.care.listing import SPANS, asked_in, renewals_asked, sums_of
from funnel.care.recalling import changes_of
from funnel.care.telling import coming
from funnel.customers.owning import sellers
from funnel.models import Renewal
from funnel.views.care import CUSTOMER, back_to, customer_at, form_page
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

CARD = "renewals"
MOST_CHANGES = 50


@require_GET
def renewal_list(request: WorkspaceRequest) -> HttpResponse:
    """What is due in the next ninety days and what is late, the nearest first."""
    asked, today = asked_in(request.GET), timezone.localdate()
    rows = renewals_asked(asked, today, member=request.member)
    page = page_of(rows, asked.order, request.GET, is_counted=False)
    context = {
        "page": page.of(coming(page.rows, today)),
        "sums": sums_of(rows, today),
        "asked": asked,
        "spans": SPANS,
        "members": sellers(),
        "may_work": may(request.member.role, "funnel:renewal_renew", "POST"),
        "may_set": may(request.member.role, "funnel:reminder_days", "POST"),
    }
    return render(request, "funnel/renewal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_days(request: WorkspaceRequest) -> HttpResponse:
    """When we are reminded of renewals that say nothing about it themselves."""
    form = ReminderDaysForm(request.POST or None, initial={"days": remind_days.usual_days()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            days, now = form.cleaned_data["days"], timezone.now()
            remind_days.set_usual_days(days, by=request.member, now=now)
            say(request, _("Saved; renewals that are planned follow it, too."))
            return redirect(workspace_reverse("funnel:renewal_list"))
    status = 422 if form.errors else 200
    return render(request, "funnel/reminder_days.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def renewal_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Plan one."""
    customer = customer_at(id)
    form = RenewalForm(request.POST or None, currency=request.workspace.currency)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            now = timezone.now()
            made = planning.plan_renewal(customer, **form.told(), by=request.member, now=now)
            say(request, _("Renewal “%s” planned.") % made)
            return back_to(id, CARD)
    words = {"title": _("Plan renewal"), "button": _("Plan renewal"), "card": CARD}
    return form_page(request, form, customer=customer, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Correct one that is planned."""
    found = _renewal(id)
    initial, title = renewal_values(found), found.what
    form = RenewalForm(request.POST or None, currency=request.workspace.currency, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told, by = form.told(), request.member
            planning.change_renewal(found, changes=told, by=by, now=timezone.now())
            say(request, _("Renewal “%s” saved.") % form.cleaned_data["what"])
            return back_to(found.customer_id, CARD)
    words = {"title": title, "button": _("Save renewal"), "card": CARD}
    changes = list(changes_of(found)[:MOST_CHANGES])
    return form_page(request, form, customer=found.customer, changes=changes, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def renewal_renew(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take it up with a repeat deal, won at once or still to be won."""
    found = _renewal(id)
    form = RenewForm(
        request.POST or None,
        renewal=found,
        customer=found.customer,
        currency=request.workspace.currency,
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            deal = renewing.renew(found, **form.told(), by=request.member, now=timezone.now())
            if form.told()["is_won"]:
                say(request, _("“%s” is renewed.") % found)
                return back_to(found.customer_id, CARD)
            say(request, _("Deal opened; when it is won, “%s” is renewed.") % found)
            return redirect(workspace_reverse("funnel:deal", id=deal.pk))
    words = {"title": _("Renew “%s”") % found, "button": _("Renew"), "card": CARD}
    return form_page(request, form, customer=found.customer, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def renewal_lose(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """They will not buy it again."""
    found, form = _renewal(id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told = {"reason": form.cleaned_data["reason"], "now": timezone.now()}
            renewing.lose_renewal(found, by=request.member, **told)
            undo = workspace_reverse("funnel:renewal_reopen", id=id)
            say(request, _("“%s” is lost.") % found, undo_url=undo)
            return back_to(found.customer_id, CARD)
    words = {"title": _("“%s” is not renewed") % found, "button": _("Close as lost"), "card": CARD}
    return form_page(request, form, customer=found.customer, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def renewal_snooze(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Let it wait until a day."""
    found, form = _renewal(id), SnoozeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told, by = form.cleaned_data, request.member
            planning.snooze_renewal(found, **told, by=by, now=timezone.now())
            undo = workspace_reverse("funnel:renewal_wake", id=id)
            say(request, _("“%s” waits.") % found, undo_url=undo)
            return back_to(found.customer_id, CARD)
    words = {"title": _("Snooze “%s”") % found, "button": _("Snooze"), "card": CARD}
    return form_page(request, form, customer=found.customer, **words)


@require_POST
def renewal_wake(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """It waits no longer."""
    found = _renewal(id)
    planning.wake_renewal(found, by=request.member, now=timezone.now())
    return back_to(found.customer_id, CARD)


@require_POST
def renewal_reopen(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """It is not lost after all."""
    found = _renewal(id)
    renewing.reopen_renewal(found, by=request.member, now=timezone.now())
    return back_to(found.customer_id, CARD)


def _renewal(id: UUID) -> Renewal:
    rows = Renewal.objects.select_related(*CUSTOMER)
    found: Renewal = get_object_or_404(rows, pk=id)
    return found
