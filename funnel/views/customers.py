"""Customers: who needs care, and the page of one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from funnel.care.telling import with_care
from funnel.customers.listing import SPANS, asked_in, counts_by_health, customers_asked
from funnel.customers.noting import buyer_among, people_by_closeness
from funnel.customers.owning import CannotGiveCustomers, give_customers, sellers
from funnel.customers.panels import MAIN, SIDE
from funnel.customers.taking_back import take_back
from funnel.customers.telling import people_of_customer
from funnel.models import Customer, CustomerChange, Health
from funnel.queries.listing_deals import id_in
from leadmgmt.kernel.ids import new_id
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.refusing import came_from, refusals_on
from leads.actions.notes import log_note
from leads.forms import PersonNoteForm
from leads.models import Lead
from leads.panels import shown
from leads.queries.timelines import timeline_of_company, timeline_of_lead
from leads.telling import FAMILIES
from leads.views.fragments import wants_fragment
from leads.views.tasks import next_steps


@require_GET
def customer_list(request: WorkspaceRequest) -> HttpResponse:
    """Customers, those at risk first; narrowed by health, owner and words."""
    asked = asked_in(request.GET)
    found = customers_asked(asked, member=request.member)
    page = page_of(found, asked.order, request.GET)
    content = {
        "page": page.of(with_care(page.rows, timezone.localdate())),
        "asked": asked,
        "is_former": asked.is_former,
        "is_at_risk": asked.is_at_risk,
        "is_all": not asked.is_former and not asked.is_at_risk,
        "sort": asked.sort,
        "counts": counts_by_health(),
        "levels": Health.choices,
        "spans": SPANS,
        "today": timezone.localdate(),
        "members": sellers(),
        "may_give": may(request.member.role, "funnel:customers_give", "POST"),
    }
    return render(request, "funnel/customer_list.html", content)


@require_GET
def customer(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One customer: what they bought, how they fare, who they are, what happened."""
    found = _customer(id)
    if wants_fragment(request):
        part = "happenings" if "after" in request.GET else "timeline"
        return render(request, f"funnel/customer.html#{part}", _timeline(request, found))
    people = people_by_closeness(found)
    form = PersonNoteForm(people=people_of_customer(found), offered=people)
    return _page(request, found, people, form)


@require_POST
def customer_note(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Note something about one of the people, on the timeline."""
    found = _customer(id)
    people = people_by_closeness(found)
    form = PersonNoteForm(request.POST, people=people_of_customer(found), offered=people)
    if form.is_valid():
        with refusals_on(form):
            about, text = form.cleaned_data["lead"], form.cleaned_data["text"]
            log_note(about, text=text, by=request.member, now=timezone.now())
            return redirect(f"{workspace_reverse('funnel:customer', id=id)}#timeline")
    return _page(request, found, people, form, status=422)


@require_POST
def customers_give(request: WorkspaceRequest) -> HttpResponse:
    """Let somebody look after one customer, or after all that are ticked."""
    ids = [found for each in request.POST.getlist("ids") if (found := id_in(each))]
    if not ids:
        raise CannotGiveCustomers(_("Tick the customers that go to somebody else."))
    owner = _chosen(request.POST.get("owner", ""))
    batch, now = new_id(), timezone.now()
    changed = len(give_customers(ids, owner=owner, by=request.member, now=now, batch=batch))
    told = {"count": changed, "owner": owner or _("Nobody")}
    sentence = ngettext(
        "%(owner)s looks after %(count)d more customer.",
        "%(owner)s looks after %(count)d more customers.",
        changed,
    )
    undo = workspace_reverse("funnel:customers_take_back", id=batch) if changed else ""
    say(request, sentence % told, undo_url=undo)
    return redirect(came_from(request))


@require_POST
def customers_take_back(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Undo that customers were given to somebody."""
    if not CustomerChange.objects.filter(batch=id).exists():
        raise Http404
    back = len(take_back(id, by=request.member, now=timezone.now()))
    sentence = ngettext(
        "%d customer went back to whoever had it before.",
        "%d customers went back to whoever had them before.",
        back,
    )
    say(request, sentence % back)
    return redirect(came_from(request))


def _page(
    request: WorkspaceRequest,
    found: Customer,
    people: Sequence[Lead],
    form: PersonNoteForm,
    status: int = 200,
) -> HttpResponse:
    role = request.member.role
    context = _timeline(request, found) | next_steps(request, found.company or found.lead)
    context |= {
        "home": _home(found),
        "buyer": buyer_among(people),
        "note": form,
        "may_note": bool(people) and may(role, "funnel:customer_note", "POST"),
        "main_panels": shown(MAIN, "customer", found, request),
        "side_panels": shown(SIDE, "customer", found, request),
        "may_sell": may(role, "funnel:deal_add"),
    }
    return render(request, "funnel/customer.html", context, status=status)


def _timeline(request: WorkspaceRequest, found: Customer) -> dict[str, Any]:
    currency = request.workspace.currency
    if found.company is not None:
        timeline = timeline_of_company(found.company, request.GET, currency)
    else:
        timeline = timeline_of_lead(found.lead, request.GET, currency)
    return {
        "customer": found,
        "timeline": timeline,
        "families": [(name, label) for name, (label, _kinds) in FAMILIES.items()],
        "family": request.GET.get("family", ""),
    }


def _chosen(text: str) -> Member | None:
    """The member named, "" for nobody; what names nobody here is not found."""
    if not text:
        return None
    found: Member = get_object_or_404(Member, pk=id_in(text))
    return found


def _home(found: Customer) -> str:
    """The page of the company, or of the person."""
    if found.company_id is not None:
        return workspace_reverse("leads:company", id=found.company_id)
    return workspace_reverse("leads:lead", id=found.lead_id)


def _customer(id: UUID) -> Customer:
    rows = Customer.objects.select_related("company", "lead", "owner", "health_rule__plan")
    found: Customer = get_object_or_404(rows, pk=id)
    return found
