"""API keys."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from leadmgmt.workspaces.actions import keys
from leadmgmt.workspaces.actions.keys import MadeKey
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.forms import KeyForm
from leadmgmt.workspaces.models import ApiKey
from leadmgmt.workspaces.refusing import refusals_on


@never_cache
def key_list(request: WorkspaceRequest) -> HttpResponse:
    """The keys; a new one is shown in the answer to the form, and never again."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = keys.make_key(**form.cleaned_data, by=request.member, now=timezone.now())
            return _page(request, KeyForm(), made)
    return _page(request, form)


@require_POST
def revoke(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Shut a key out."""
    key = get_object_or_404(ApiKey, pk=id)
    keys.revoke_key(key, now=timezone.now())
    messages.success(
        request, _("The key “%(label)s” opens nothing any more.") % {"label": key.label}
    )
    return redirect(workspace_reverse("workspaces:key_list"))


def _page(request: WorkspaceRequest, form: KeyForm, made: MadeKey | None = None) -> HttpResponse:
    here = {
        "form": form,
        "made": made,
        "keys": ApiKey.objects.select_related("made_by").order_by("-created_at"),
        "now": timezone.now(),
    }
    status = 422 if form.errors else 200
    return render(request, "workspaces/key_list.html", here, status=status)
