"""A customer's onboarding: started, ticked off, skipped, taken up again."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.care import checklists, late
from funnel.care.customer_forms import ItemForm, ReasonForm
from funnel.customers.owning import sellers
from funnel.models import ChecklistItem
from funnel.views.care import CUSTOMER, back_to, customer_at, form_page
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

CARD = "onboarding"


@require_GET
def late_steps(request: WorkspaceRequest) -> HttpResponse:
    """What should have been done by now, with which customer."""
    asked, today = late.asked_in(request.GET), timezone.localdate()
    rows = late.late_steps(asked, today, member=request.member)
    page = page_of(rows, late.ORDER, request.GET)
    context = {"page": page, "asked": asked, "members": sellers()}
    return render(request, "funnel/late_steps.html", context)


@require_POST
def checklist_start(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Give a customer without a checklist the steps in force, from today."""
    customer = customer_at(id)
    count = checklists.start_checklist(customer, now=timezone.now())
    say(request, _("%d steps on the checklist.") % count)
    return back_to(id, CARD)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A step for this customer alone."""
    customer, form = customer_at(id), ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = checklists.add_item(customer, **form.cleaned_data, now=timezone.now())
            say(request, _("“%s” is on the checklist.") % made)
            return back_to(id, CARD)
    told = {"title": _("Add step"), "button": _("Add step"), "card": CARD}
    return form_page(request, form, customer=customer, **told)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_item(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Other words, another day, somebody else."""
    item = _item(id)
    initial, title = {name: getattr(item, name) for name in ItemForm.base_fields}, item.name
    form = ItemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            checklists.change_item(item, changes=form.cleaned_data, now=timezone.now())
            say(request, _("“%s” saved.") % form.cleaned_data["name"])
            return back_to(item.customer_id, CARD)
    told = {"title": title, "button": _("Save step"), "card": CARD}
    return form_page(request, form, customer=item.customer, **told)


@require_POST
def checklist_done(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Tick it off."""
    item = _item(id)
    if checklists.finish_item(item, by=request.member, now=timezone.now()):
        undo = workspace_reverse("funnel:checklist_reopen", id=id)
        say(request, _("“%s” is done.") % item, undo_url=undo)
    return back_to(item.customer_id, CARD)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_skip(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Leave it out, and say why."""
    item, form = _item(id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told = {"reason": form.cleaned_data["reason"], "now": timezone.now()}
            if checklists.skip_item(item, by=request.member, **told):
                undo = workspace_reverse("funnel:checklist_reopen", id=id)
                say(request, _("“%s” is skipped.") % item, undo_url=undo)
            return back_to(item.customer_id, CARD)
    words = {"title": _("Skip “%s”") % item, "button": _("Skip step"), "card": CARD}
    return form_page(request, form, customer=item.customer, **words)


@require_POST
def checklist_reopen(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """It is to do after all."""
    item = _item(id)
    checklists.reopen_item(item)
    return back_to(item.customer_id, CARD)


def _item(id: UUID) -> ChecklistItem:
    found: ChecklistItem = get_object_or_404(ChecklistItem.objects.select_related(*CUSTOMER), pk=id)
    return found
