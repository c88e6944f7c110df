"""Companies by hand, and the page of one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.companies import CompanyChangedMeanwhile, add_company, change_company, shown_of
from leads.actions.notes import log_note
from leads.actions.profiles import Door
from leads.company_forms import CompanyForm, EditCompanyForm, company_values
from leads.forms import PersonNoteForm
from leads.models import Company, Lead, Subject, Via
from leads.own_inputs import form_name
from leads.panels import panels_of_company
from leads.queries.fields import fields_in_use, further_answers_of, is_of_web, own_lines_of
from leads.queries.lists import people_of
from leads.queries.provenance import history_of_company
from leads.queries.tags import with_tags
from leads.queries.timelines import timeline_of_company
from leads.telling import FAMILIES
from leads.views.files import file_card
from leads.views.fragments import wants_fragment
from leads.views.merging_companies import to_kept_company_or_404
from leads.views.tags import tag_card
from leads.views.tasks import next_steps

PEOPLE, MOST_OFFERED = 12, 50


@require_http_methods(["GET", "HEAD", "POST"])
def company_add(request: WorkspaceRequest) -> HttpResponse:
    """A firm by hand, before anybody of it is known."""
    form = CompanyForm(request.POST or None, fields=fields_in_use(Subject.COMPANY))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = add_company(facts=form.as_facts(form.facts()), now=timezone.now())
            say(request, _("Company added."))
            return redirect(_address(made.pk))
    status = 422 if form.errors else 200
    return render(request, "leads/company_edit.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def company_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Correct what we know of it."""
    shown = _company(id)
    form = _form(request, shown)
    if request.method == "POST" and form.is_valid() and _is_saved(request, shown, form):
        say(request, _("Company saved."))
        return redirect(_address(id))
    context = {"company": shown, "form": form}
    status = 422 if form.errors else 200
    return render(request, "leads/company_edit.html", context, status=status)


@require_GET
def company(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Its people, and what happened to all of them."""
    try:
        shown = _company(id)
    except Http404:
        return to_kept_company_or_404(id)
    context = _timeline(request, shown)
    if wants_fragment(request):
        part = "happenings" if "after" in request.GET else "timeline"
        return render(request, f"leads/company.html#{part}", context)
    people = _people(shown)
    return _page(request, context, people, _note_form(shown, people))


@require_POST
def company_note(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Note something about one of its people, on the timeline."""
    shown = _company(id)
    people = _people(shown)
    form = _note_form(shown, people, request.POST)
    if form.is_valid():
        with refusals_on(form):
            about, text = form.cleaned_data["lead"], form.cleaned_data["text"]
            log_note(about, text=text, by=request.member, now=timezone.now())
            return redirect(f"{_address(id)}#timeline")
    return _page(request, _timeline(request, shown), people, form, status=422)


def _page(
    request: WorkspaceRequest,
    context: dict[str, Any],
    people: Sequence[Lead],
    form: PersonNoteForm,
    status: int = 200,
) -> HttpResponse:
    shown: Company = context["company"]
    role = request.member.role
    context |= next_steps(request, shown) | file_card(request, shown) | tag_card(request, shown)
    fields = fields_in_use(Subject.COMPANY)
    context |= {
        "lines": own_lines_of(shown, fields),
        "answers": further_answers_of(shown, fields),
        "website": shown.website if is_of_web(shown.website) else "",
        "may_edit": may(role, "leads:company_edit", "POST"),
        "may_merge": may(role, "leads:company_merge"),
        "may_remove": may(role, "leads:company_remove", "POST"),
        "note": form,
        "may_note": bool(people) and may(role, "leads:company_note", "POST"),
        "people": people[:PEOPLE],
        "all_people": f"{workspace_reverse('leads:lead_list')}?company={shown.pk}",
        "panels": panels_of_company(shown, request),
    }
    return render(request, "leads/company.html", context, status=status)


@require_GET
def company_history(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What we knew before, who changed it, and through which door."""
    shown = _company(id)
    context = {"company": shown, "page": history_of_company(shown, request.GET)}
    return render(request, "leads/company_history.html", context)


def _form(request: WorkspaceRequest, shown: Company) -> EditCompanyForm:
    fields = fields_in_use(Subject.COMPANY)
    return EditCompanyForm(
        request.POST or None,
        initial=company_values(shown, fields),
        fields=fields,
        known=shown_of(shown),
        owner=shown.owner,
    )


def _is_saved(request: WorkspaceRequest, shown: Company, form: EditCompanyForm) -> bool:
    """Save what was typed; else the form tells what is wrong, or what somebody else did."""
    with refusals_on(form):
        try:
            changes, seen = form.as_facts(form.changes()), form.seen()
            door = Door(Via.PERSON, by=request.member.pk)
            change_company(shown, changes=changes, seen=seen, door=door, now=timezone.now())
        except CompanyChangedMeanwhile as meanwhile:
            name = form_name(meanwhile.field)
            form.look_again(name, meanwhile.value)
            form.add_error(name, meanwhile.sentence)
    return not form.errors


def _people(shown: Company) -> list[Lead]:
    """Those one can note something about."""
    return list(people_of(shown)[:MOST_OFFERED])


def _note_form(shown: Company, people: Sequence[Lead], data: Any = None) -> PersonNoteForm:
    return PersonNoteForm(data, people=people_of(shown), offered=people)


def _timeline(request: WorkspaceRequest, shown: Company) -> dict[str, Any]:
    return {
        "company": shown,
        "timeline": timeline_of_company(shown, request.GET, request.workspace.currency),
        "families": [(name, label) for name, (label, _kinds) in FAMILIES.items()],
        "family": request.GET.get("family", ""),
    }


def _company(id: UUID) -> Company:
    rows = with_tags(Company.objects.select_related("owner"))
    found: Company = get_object_or_404(rows, pk=id)
    return found


def _address(id: UUID) -> str:
    return workspace_reverse("leads:company", id=id)
