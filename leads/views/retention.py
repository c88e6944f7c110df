"""Retention rules: whom they would erase, on and off."""

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
from leads.actions.retention import (
    MOST_PER_NIGHT,
    delete_retention_rule,
    save_retention_rule,
    switch_retention_rule,
)
from leads.models import RetentionRule
from leads.privacy_forms import RetentionForm
from leads.queries.privacy import trial_of


@require_http_methods(["GET", "HEAD", "POST"])
def retention_add(request: WorkspaceRequest) -> HttpResponse:
    """A new rule, off."""
    return _edit(request, RetentionRule(), RetentionForm(request.POST or None))


@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One rule, and whom it would erase as it stands."""
    rule = get_object_or_404(RetentionRule, pk=id)
    told = {"name": rule.name, "condition": rule.condition}
    return _edit(request, rule, RetentionForm(request.POST or None, initial=told))


@require_POST
def retention_switch(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """On from the next night, or off."""
    rule = get_object_or_404(RetentionRule, pk=id)
    is_on = request.POST.get("is_on") == "yes"
    switch_retention_rule(rule, is_on=is_on, by=request.member)
    said = _("“%s” is on; it erases tonight.") if is_on else _("“%s” is off.")
    say(request, said % rule.name)
    return redirect(workspace_reverse("leads:retention", id=id))


@require_POST
def retention_delete(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Forget the rule."""
    rule = get_object_or_404(RetentionRule, pk=id)
    delete_retention_rule(rule)
    say(request, _("“%s” is deleted; what it erased stays erased.") % rule.name)
    return redirect(workspace_reverse("leads:privacy"))


def _edit(request: WorkspaceRequest, rule: RetentionRule, form: RetentionForm) -> HttpResponse:
    is_new = rule._state.adding
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            saved = save_retention_rule(rule, **form.cleaned_data, by=request.member)
            say(request, _("“%s” is saved; look whom it would erase.") % saved.name)
            return redirect(workspace_reverse("leads:retention", id=saved.pk))
    trial = None if is_new else trial_of(rule, now=timezone.now())
    context = {"rule": rule, "form": form, "is_new": is_new, "trial": trial}
    context["most"] = MOST_PER_NIGHT
    status = 422 if form.errors else 200
    return render(request, "leads/privacy_retention.html", context, status=status)
