"""Narrowing the list of leads by a condition one builds."""

import json
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
from leads.queries.asking import CONDITION, CURSORS, LONGEST, read_tree

LEFT_OUT = {CONDITION, "panel", *CURSORS}
MOST = LONGEST[CONDITION]


class FilterForm(forms.Form):
    """Whom the list shows."""

    condition = ConditionField(label=gettext_lazy("Show leads for whom"), required=False)

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
    said = request.POST if request.method == "POST" else request.GET
    state = QueryDict(said.get("list", "")[:20_000])
    form = FilterForm(request.POST or None, initial={"condition": _tree(state)})
    if request.method == "POST" and form.is_valid():
        return redirect(_address(state, form.cleaned_data["condition"]))
    context = {
        "form": form,
        "state": state.urlencode(),
        "list_url": _address(state, "", keeps=True),
    }
    status = 422 if form.errors else 200
    return render(request, "leads/lead_filter.html", context, status=status)


def _tree(state: QueryDict) -> object:
    """The condition the list has now, if it can be read."""
    text = str(state.get(CONDITION, ""))
    try:
        tree = read_tree(text) if text else None
        return tree if tree and parse(tree, is_stored=True) else None
    except Refusal:
        return None


def _address(state: QueryDict, condition: str, *, keeps: bool = False) -> str:
    """The list as it was, with this condition, or (`keeps`) as it was in every way."""
    words = [
        (name, value)
        for name, values in state.lists()
        for value in values
        if keeps or name not in LEFT_OUT
    ]
    words += [(CONDITION, condition)] if condition else []
    return f"{workspace_reverse('leads:lead_list')}?{urlencode(words)}"
