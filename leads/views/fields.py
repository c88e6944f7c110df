"""Custom fields: add, rename, retire, bring back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.fields import add_field, rename_field, restore_field, retire_field
from leads.forms import FieldForm
from leads.models import CustomField


@require_http_methods(["GET", "HEAD", "POST"])
def field_list(request: WorkspaceRequest) -> HttpResponse:
    """What this workspace asks about every lead beyond what everybody asks."""
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            added = add_field(**form.facts(), now=timezone.now())
            say(request, _("Field “%s” added.") % added.label)
            return _back()
    fields = list(CustomField.objects.order_by("position", "id"))
    context = {
        "form": form,
        "in_use": [field for field in fields if field.retired_at is None],
        "retired": [field for field in fields if field.retired_at],
    }
    return render(request, "leads/field_list.html", context, status=422 if form.errors else 200)


@require_POST
def field_rename(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Call it something else."""
    rename_field(get_object_or_404(CustomField, pk=id), label=request.POST.get("label", ""))
    return _back()


@require_POST
def field_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Ask for it no more."""
    field = get_object_or_404(CustomField, pk=id)
    retire_field(field, now=timezone.now())
    undo = workspace_reverse("leads:field_restore", id=id)
    say(request, _("“%s” is retired; its values are kept.") % field.label, undo_url=undo)
    return _back()


@require_POST
def field_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Ask for it again."""
    restore_field(get_object_or_404(CustomField, pk=id))
    return _back()


def _back() -> HttpResponse:
    return redirect(workspace_reverse("leads:field_list"))
