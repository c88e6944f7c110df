"""Fragments of the condition builder: the draft drawn again, and whom it finds."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.workspaces.door import WorkspaceRequest
from leads.conditions import Condition, WrongCondition, count_leads, parse, read_aloud
from leads.conditions.building.drafts import Draft
from leads.conditions.building.form import builder
from leads.conditions.building.palette import Palette
from leads.conditions.building.posting import act, asked_act, part_at, posted
from leads.conditions.building.trees import tree_of
from leads.models import Lead

PATIENCE = 2_000  # milliseconds


@require_POST
def condition_edit(request: WorkspaceRequest) -> HttpResponse:
    """The draft after one of its buttons was pressed, or something else was chosen."""
    draft, name, palette = _posted(request)
    focus = act(draft, asked_act(request.POST, name))
    context = builder(draft, name, palette, focus)
    response = render(request, "leads/_condition_draft.html", context)
    response["HX-Trigger"] = "conditionDrawn"
    return response


@require_POST
def condition_count(request: WorkspaceRequest) -> HttpResponse:
    """What the draft reads like, how many leads it finds now, and some of them."""
    draft, _name, palette = _posted(request)
    try:
        condition = parse(tree_of(draft, palette.fields()), is_stored=True)
    except WrongCondition as wrong:
        problem = _unfinished(draft, wrong)
        return render(request, "leads/_condition_result.html", {"problem": problem})
    if palette.is_nobody and not any(condition.leaves()):
        problem = _("Nothing is asked: this holds for nobody.")
        return render(request, "leads/_condition_result.html", {"problem": problem})
    return render(request, "leads/_condition_result.html", found_by(condition))


def found_by(condition: Condition) -> dict[str, Any]:
    """Context of the result: reading, count, sample."""
    counted = count_leads(condition, timezone.now(), within_ms=PATIENCE)
    sample = list(Lead.objects.filter(pk__in=counted.sample))
    return {"reading": read_aloud(condition), "counted": counted, "sample": sample}


def _unfinished(draft: Draft, wrong: WrongCondition) -> str:
    """What is missing; nobody is told off for a row that is not filled in yet."""
    part = part_at(draft, wrong.field)
    is_blank = not any(part.values) and part.operator not in ("never", "")
    return _("Fill in the row to see whom it finds.") if is_blank else wrong.sentence


def _posted(request: WorkspaceRequest) -> tuple[Draft, str, Palette]:
    name = request.GET.get("name", "condition")
    draft = posted(request.POST, name)
    if draft is None:
        raise Http404
    return draft, name, Palette.from_query(request.GET)
