"""Narrowing the list of leads, or of companies, by a condition one builds."""

import json
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.conditions import parse
from leads.conditions.building.form import ConditionField
from leads.models import Subject
from leads.queries.asking import CONDITION, CURSORS, LONGEST, read_tree

LEFT_OUT = {CONDITION, "panel", *CURSORS}
MOST = LONGEST[CONDITION]


LABELS = {
    Subject.LEAD: gettext_lazy("Show leads for whom"),
    Subject.COMPANY: gettext_lazy("Show companies with people for whom"),
}


class FilterForm(forms.Form):
    """Whom the list shows."""

    condition = ConditionField(required=False)

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].label = LABELS[subject]

    def clean_condition(self) -> str:
        """As an address says it; "" when nothing is asked."""
        tree = self.cleaned_data["condition"]
        text = json.dumps(tree, ensure_ascii=False) if tree else ""
        if len(text) > MOST:
            raise forms.ValidationError(_("This is too long for an address; make it a segment."))
        return text


@require_http_methods(["GET", "HEAD", "POST"])
def lead_filter(request: WorkspaceRequest) -> HttpResponse:
    """Build a condition; the list opens with it, beside what narrowed it before."""
    return _filter(request, Subject.LEAD)


@require_http_methods(["GET", "HEAD", "POST"])
def company_filter(request: WorkspaceRequest) -> HttpResponse:
    """The same for the list of companies: those any of whose people meet it."""
    return _filter(request, Subject.COMPANY)


def _filter(request: WorkspaceRequest, subject: Subject) -> HttpResponse:
    listed = workspace_reverse(f"leads:{subject}_list")
    said = request.POST if request.method == "POST" else request.GET
    state = QueryDict(said.get("list", "")[:20_000])
    initial = {"condition": _tree(state)}
    form = FilterForm(request.POST or None, initial=initial, subject=subject)
    if request.method == "POST" and form.is_valid():
        return redirect(f"{listed}?{_words(state, form.cleaned_data['condition'])}")
    context = {
        "form": form,
        "state": state.urlencode(),
        "list_url": f"{listed}?{_words(state, '', keeps=True)}",
        "is_of_companies": subject is Subject.COMPANY,
    }
    status = 422 if form.errors else 200
    return render(request, "leads/filter.html", context, status=status)


def _tree(state: QueryDict) -> object:
    """The condition the list has now, if it can be read."""
    text = str(state.get(CONDITION, ""))
    try:
        tree = read_tree(text) if text else None
        return tree if tree and parse(tree, is_stored=True) else None
    except Refusal:
        return None


def _words(state: QueryDict, condition: str, *, keeps: bool = False) -> str:
    """The list as it was, with this condition, or (`keeps`) as it was in every way."""
    words = [
        (name, value)
        for name, values in state.lists()
        for value in values
        if keeps or name not in LEFT_OUT
    ]
    words += [(CONDITION, condition)] if condition else []
    return urlencode(words)
