"""Custom fields: add, change, put in order, retire, bring back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.fields import add_field, change_field, move_field, restore_field, retire_field
from leads.field_forms import ChangeFieldForm, FieldForm, typed_of
from leads.models import CustomField, Subject


@require_GET
def field_list(request: WorkspaceRequest) -> HttpResponse:
    """What this workspace asks about every lead and company beyond what everybody asks."""
    fields = list(CustomField.objects.order_by("position", "id"))
    in_use = [field for field in fields if field.retired_at is None]
    sections = [
        (subject, title, [field for field in in_use if field.subject == subject])
        for subject, title in ((Subject.LEAD, _("People")), (Subject.COMPANY, _("Companies")))
    ]
    context = {"sections": sections, "retired": [each for each in fields if each.retired_at]}
    return render(request, "leads/field_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def field_add(request: WorkspaceRequest) -> HttpResponse:
    """One more thing to know."""
    form = FieldForm(request.POST or None, initial={"subject": request.GET.get("subject")})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            added = add_field(**form.facts(), now=timezone.now())
            say(request, _("Field “%s” added.") % added.label)
            return _back()
    status = 422 if form.errors else 200
    return render(request, "leads/field.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def field(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Call it something else, or offer other answers."""
    shown = get_object_or_404(CustomField, pk=id)
    form = ChangeFieldForm(request.POST or None, initial=typed_of(shown), field=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            changed = change_field(shown, changes=form.changes(), now=timezone.now())
            say(request, _("Field “%s” saved.") % changed.label)
            return _back()
    context = {"field": shown, "form": form}
    return render(request, "leads/field.html", context, status=422 if form.errors else 200)


@require_POST
def field_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down."""
    move_field(get_object_or_404(CustomField, pk=id), is_up=request.POST.get("to") == "up")
    return _back()


@require_POST
def field_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Ask for it no more."""
    shown = get_object_or_404(CustomField, pk=id)
    retire_field(shown, now=timezone.now())
    undo = workspace_reverse("leads:field_restore", id=id)
    say(request, _("“%s” is retired; its values are kept.") % shown.label, undo_url=undo)
    return _back()


@require_POST
def field_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Ask for it again."""
    restore_field(get_object_or_404(CustomField, pk=id))
    return _back()


def _back() -> HttpResponse:
    return redirect(workspace_reverse("leads:field_list"))
