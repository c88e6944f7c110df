"""The profile of a lead: corrected in place, field by field or all at once; its history."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh, retarget

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.editing import ChangedMeanwhile, Meanwhile, change_lead, shown_values
from leads.actions.profiles import Door
from leads.forms import EditLeadForm, values_of
from leads.models import Lead, Via
from leads.own_inputs import form_name, stored_name
from leads.queries.fields import fields_in_use, further_answers_of, lines_of, readable
from leads.queries.provenance import history_of, label_of, origins_of, sentence_of

IN_HEADING = {"name", "job_title", "company_name"}  # what the top of the page shows as well


@require_http_methods(["GET", "HEAD", "POST"])
def lead_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Correct the profile, in its card or on a page of its own."""
    shown = _lead(id)
    form = _form(request, shown)
    if request.method == "POST" and _is_saved(request, shown, form):
        say(request, _("Profile saved."))
        return HttpResponseClientRefresh() if request.htmx else redirect(_address(id))
    template = "leads/lead_edit.html#form" if request.htmx else "leads/lead_edit.html"
    status = 422 if form.errors else 200
    return render(request, template, {"lead": shown, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def lead_field(request: WorkspaceRequest, id: UUID, field: str) -> HttpResponse:
    """Correct one field where it stands; without htmx the page with all of them."""
    shown, name = _lead(id), form_name(field)
    form = _form(request, shown, only=name)
    if not request.htmx and request.method != "POST":
        return redirect(f"{workspace_reverse('leads:lead_edit', id=id)}#id_{name}")
    if request.method == "POST" and _is_saved(request, shown, form):
        if field in IN_HEADING or not request.htmx:
            return HttpResponseClientRefresh() if request.htmx else redirect(_address(id))
        card = render(request, "leads/lead.html#profile", profile_card(request, _lead(id)))
        return retarget(card, "#profile")
    context = {"lead": shown, "form": form, "field": field, "asked": form[name]}
    status = 422 if form.errors else 200
    return render(request, "leads/_inline_field.html", context, status=status)


@require_GET
def lead_history(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """What the profile said before, who changed it, and through which door."""
    shown, fields = _lead(id), fields_in_use()
    field = request.GET.get("field", "")
    context = {
        "lead": shown,
        "page": history_of(shown, fields, request.GET),
        "field": field,
        "label": label_of(field, {each.key: each for each in fields}) if field else "",
    }
    return render(request, "leads/lead_history.html", context)


def profile_card(request: WorkspaceRequest, shown: Lead) -> dict[str, Any]:
    """What the card “Profile” shows."""
    fields = fields_in_use()
    return {
        "lead": shown,
        "lines": lines_of(shown, fields),
        "answers": further_answers_of(shown, fields),
        "origins": origins_of(shown),
        "may_edit": may(request.member.role, "leads:lead_edit", "POST"),
    }


def _form(request: WorkspaceRequest, shown: Lead, *, only: str = "") -> EditLeadForm:
    fields = fields_in_use()
    typed = request.POST if request.method == "POST" else None
    initial, known = values_of(shown, fields), shown_values(shown)
    if only and only not in initial:
        raise Http404
    return EditLeadForm(typed, initial=initial, fields=fields, known=known, only=only)


def _is_saved(request: WorkspaceRequest, shown: Lead, form: EditLeadForm) -> bool:
    """Save what was typed; else the form tells what is wrong, or what somebody else did."""
    if taken := form_name(request.POST.get("take", "")):
        if taken not in form.asked:
            raise Http404
        form.look_again(taken, shown_values(shown).get(stored_name(taken)), take=True)
        return False
    if not form.is_valid():
        return False
    door = Door(Via.PERSON, by=request.member.pk)
    with refusals_on(form):
        try:
            changes, seen = form.changes(), form.seen()
            change_lead(shown, changes=changes, seen=seen, door=door, now=timezone.now())
        except ChangedMeanwhile as meanwhile:
            for each in meanwhile.found:
                _tell(form, each)
            return False
    return not form.errors


def _tell(form: EditLeadForm, meanwhile: Meanwhile) -> None:
    """Whose value stands there now; saving again puts one's own in its place."""
    name = form_name(meanwhile.field)
    form.look_again(name, meanwhile.value)
    own = {f"attributes.{each.key}": each for each in form.own_fields}
    value = readable(meanwhile.value, own.get(meanwhile.field)) or _("nothing")
    sentence = _("%(who)s. It says “%(value)s” now; save again to put yours in its place.")
    told = {"who": sentence_of(meanwhile.change), "value": value}
    button = format_html(
        '<button class="btn btn-small" name="take" value="{}" formnovalidate>{}</button>',
        meanwhile.field,
        _("Take “%s”") % value,
    )
    form.add_error(name, format_html("{} {}", sentence % told, button))


def _lead(id: UUID) -> Lead:
    names = ("company", "owner", "campaign")
    found: Lead = get_object_or_404(Lead.objects.select_related(*names), pk=id)
    return found


def _address(id: UUID) -> str:
    return workspace_reverse("leads:lead", id=id)
