"""The predictive model: what it is, how it is trained, how good it is, who chose it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.kernel.strict import whole_number
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from scoring.actions import training
from scoring.cases import Study
from scoring.models import PredictionState, PredictiveModel
from scoring.predicting.drawing import calibration_dots
from scoring.predicting.forms import ChooseForm, train_form
from scoring.predicting.training import FEWEST_CASES, FEWEST_OF_EACH
from scoring.predicting.wording import refusal
from scoring.queries import predicting


def model(request: WorkspaceRequest) -> HttpResponse:
    """What it is in plain words, the chosen version, all versions."""
    versions = list(_models().order_by("-number"))
    chosen = next((each for each in versions if each.state == PredictionState.CHOSEN), None)
    context = {
        "chosen": chosen,
        "drift": predicting.drift_of(chosen) if chosen else None,
        "versions": versions,
        "in_work": next((each for each in versions if each.is_in_work), None),
        "may_edit": may(request.member.role, "scoring:prediction_train", "POST"),
    }
    return render(request, "scoring/predicting.html", context)


def train(request: WorkspaceRequest) -> HttpResponse:
    """Say what to learn; `?like=` begins with what an earlier version was asked."""
    form = train_form(request.POST or None, timezone.now(), _study_like(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = training.ask_training(form.study(), by=request.member, now=timezone.now())
            say(request, _("Training has begun; you can leave this page."))
            return redirect(workspace_reverse("scoring:prediction", id=made.pk))
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "scoring/prediction_train.html", context, status=status)


def version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One version: what it was asked, what it learnt, how well it does."""
    found = get_object_or_404(_models(), pk=id)
    return _shown(request, found, ChooseForm())


def progress(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """How far a training or a refresh is; asked again and again while it runs."""
    found = get_object_or_404(_models(), pk=id)
    response = render(request, "scoring/_prediction_progress.html", {"model": found})
    if not found.is_in_work and not found.is_refreshing:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def choose(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Show the chances of this version from now on."""
    found = get_object_or_404(_models(), pk=id)
    form = ChooseForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            training.choose_prediction(found, by=request.member, reason=reason, now=timezone.now())
            say(request, _("Chosen; the chances of all leads are being worked out."))
            return redirect(workspace_reverse("scoring:prediction", id=found.pk))
    return _shown(request, found, form)


@require_POST
def retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Show no chances any more."""
    found = get_object_or_404(_models(), pk=id)
    training.retire_prediction(found, by=request.member, now=timezone.now())
    say(request, _("Retired; leads show no chance any more."))
    return redirect(workspace_reverse("scoring:predicting"))


def _models() -> Any:
    return PredictiveModel.objects.select_related("asked_by", "chosen_by")


def _study_like(request: WorkspaceRequest) -> Study | None:
    """The study of an earlier version, perhaps without what was under suspicion."""
    number = whole_number(request.GET.get("like", ""), most=2**31 - 1)
    found = PredictiveModel.objects.filter(number=number).first() if number else None
    if found is None:
        return None
    more = {each["field"] for each in found.suspects} if "without" in request.GET else set()
    said = {**found.study, "without": sorted({*found.study["without"], *more})}
    return Study.from_json(said)


def _shown(request: WorkspaceRequest, found: PredictiveModel, form: ChooseForm) -> HttpResponse:
    study, held_out = Study.from_json(found.study), found.figures.get("held_out")
    context: dict[str, Any] = {
        "model": found,
        "study": study,
        "left_out": predicting.left_out(study),
        "held_out": held_out,
        "warned": predicting.warned(found.suspects),
        "signs": predicting.strongest_signs(found),
        "drift": predicting.drift_of(found),
        "form": form,
        "may_edit": may(request.member.role, "scoring:prediction_choose", "POST"),
    }
    if held_out:
        context["dots"] = calibration_dots(held_out["bins"])
    if found.state == PredictionState.REFUSED:
        context["refusal"] = refusal(found.figures, FEWEST_CASES, FEWEST_OF_EACH)
    status = 422 if form.errors else 200
    return render(request, "scoring/prediction.html", context, status=status)
