"""Shaping pipelines: names, stages in order, what is retired; and reasons of winning and losing."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.actions import close_reasons, pipeline_stages, pipelines
from funnel.deal_forms import PipelineForm, ReasonForm, RetireStageForm, StageForm
from funnel.models import CloseReason, Pipeline, PipelineStage
from funnel.queries.board import sums_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def pipeline_list(request: WorkspaceRequest) -> HttpResponse:
    """Every pipeline with its stages, and the reasons deals are closed for."""
    pipelines.first_stage()
    stages = list(PipelineStage.objects.order_by("position", "id"))
    sums = sums_of(stages)
    counted = [(each, sums[each.pk].deals if each.pk in sums else 0) for each in stages]
    rows = [
        (each, [pair for pair in counted if pair[0].pipeline_id == each.pk])
        for each in Pipeline.objects.order_by("position", "id")
    ]
    reasons = CloseReason.objects.order_by("status", "position", "id")
    context = {"rows": rows, "reasons": reasons, "form": ReasonForm()}
    return render(request, "funnel/pipeline_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pipeline_add(request: WorkspaceRequest) -> HttpResponse:
    """One more way of selling."""
    form = PipelineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = pipelines.add_pipeline(**form.cleaned_data)
            say(request, _("Pipeline “%s” added, with the usual stages to start from.") % made)
            return _back()
    return _form_page(request, form, _("Add pipeline"))


@require_http_methods(["GET", "HEAD", "POST"])
def pipeline(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Call it something else."""
    found = get_object_or_404(Pipeline, pk=id)
    initial = {"name": found.name, "explanation": found.explanation}
    form = PipelineForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            pipelines.change_pipeline(found, changes=form.cleaned_data)
            say(request, _("Pipeline “%s” saved.") % found)
            return _back()
    return _form_page(request, form, initial["name"])


@require_POST
def pipeline_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Offer it no more."""
    found = get_object_or_404(Pipeline, pk=id)
    pipelines.retire_pipeline(found, now=timezone.now())
    undo = workspace_reverse("funnel:pipeline_restore", id=id)
    say(request, _("“%s” is retired; its closed deals stay.") % found, undo_url=undo)
    return _back()


@require_POST
def pipeline_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Offer it again."""
    pipelines.restore_pipeline(get_object_or_404(Pipeline, pk=id))
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
def stage_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One more step, at the end."""
    found = get_object_or_404(Pipeline, pk=id)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = pipeline_stages.add_stage(found, **form.cleaned_data)
            say(request, _("Stage “%s” added at the end.") % made)
            return _back()
    return _form_page(request, form, _("Add stage to %s") % found)


@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Name, explanation, probability and place in the forecast."""
    found = _stage(id)
    names = ("name", "explanation", "probability", "forecast")
    initial = {name: getattr(found, name) for name in names}
    form = StageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            pipeline_stages.change_stage(found, changes=form.cleaned_data)
            say(request, _("Stage “%s” saved.") % found)
            return _back()
    return _form_page(request, form, initial["name"])


@require_POST
def stage_shift(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place to the left (up) or right (down)."""
    found = _stage(id)
    others = PipelineStage.objects.in_use().filter(pipeline_id=found.pipeline_id)
    order = list(others.order_by("position", "id").values_list("pk", flat=True))
    if found.pk in order:
        step = -1 if request.POST.get("to") == "up" else 1
        pipeline_stages.shift_stage(found, to=order.index(found.pk) + step)
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
def stage_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take it out of the pipeline; its open deals go on somewhere."""
    found = _stage(id)
    sums = sums_of([found])
    count = sums[found.pk].deals if found.pk in sums else 0
    form = RetireStageForm(request.POST or None, stage=found, deals=count)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            into, now = form.cleaned_data["into"], timezone.now()
            moved = pipeline_stages.retire_stage(found, into=into, by=request.member, now=now)
            undo = workspace_reverse("funnel:stage_restore", id=id)
            told = {"stage": found, "count": moved}
            sentence = _("“%(stage)s” is retired; %(count)d deals went on.")
            say(request, sentence % told, undo_url=undo)
            return _back()
    return _form_page(request, form, _("Retire stage %s") % found, is_retiring=True, count=count)


@require_POST
def stage_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Put it back, at the end."""
    pipeline_stages.restore_stage(_stage(id))
    return _back()


@require_POST
def reason_add(request: WorkspaceRequest) -> HttpResponse:
    """One more reason; what is wrong with it is said as a message."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise pipelines.CannotShapePipeline(_("Say the reason, and for which deals it is."))
    made = close_reasons.add_close_reason(**form.cleaned_data)
    say(request, _("Reason “%s” added.") % made)
    return redirect(f"{workspace_reverse('funnel:pipeline_list')}#reasons")


@require_POST
def reason_switch(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Offer a reason no more, or again."""
    found = get_object_or_404(CloseReason, pk=id)
    if found.retired_at:
        close_reasons.restore_close_reason(found)
    else:
        close_reasons.retire_close_reason(found, now=timezone.now())
    return redirect(f"{workspace_reverse('funnel:pipeline_list')}#reasons")


def _stage(stage_id: UUID) -> PipelineStage:
    stages = PipelineStage.objects.select_related("pipeline")
    found: PipelineStage = get_object_or_404(stages, pk=stage_id)
    return found


def _form_page(
    request: WorkspaceRequest, form: BaseForm, title: str, **context: Any
) -> HttpResponse:
    status = 422 if form.errors else 200
    context |= {"form": form, "title": title}
    return render(request, "funnel/pipeline_form.html", context, status=status)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("funnel:pipeline_list"))
