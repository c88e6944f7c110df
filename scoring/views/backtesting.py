"""Versions asked about the past: started, watched, read, listed, cancelled."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from scoring.actions import backtesting
from scoring.backtest import drawing, wording
from scoring.backtest.fingerprints import fingerprint
from scoring.backtest.forms import back_test_form
from scoring.backtest.prediction_wording import cases_sentence, prediction_sentence
from scoring.cases import Study
from scoring.cases.suspecting import labels_of_fields
from scoring.models import BackTest, ModelState, ModelVersion, ScoreModel
from scoring.queries import rehearsals, sorts_without_points
from scoring.views.choosing import address, naming, the_model

ORDER = ("-asked_at", "-id")


def back_test_list(request: WorkspaceRequest) -> HttpResponse:
    """What was asked before, and a form to ask; a POST starts one."""
    model = the_model(request)
    if model is None:
        raise Http404
    may_ask = may(request.member.role, "scoring:back_test_list", "POST")
    rows = rehearsals.back_tests_of(model)
    versions = rehearsals.testable_versions(model) if may_ask else []
    form = None
    if versions:
        form = back_test_form(request.POST or None, timezone.now(), versions, rows.first())
    if form is not None and request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = backtesting.start_back_test(
                form.chosen(), form.study(), by=request.member, now=timezone.now()
            )
            say(request, _("The back-test has begun; you can leave this page."))
            return redirect(workspace_reverse("scoring:back_test", id=made.pk))
    page = page_of(rows, ORDER, request.GET, size=20)
    context = _addresses(model) | {
        "form": form,
        "page": page.of([_told(each) for each in page.rows]),
        "versions": versions,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "scoring/back_tests.html", context, status=status)


def back_test(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One result: the verdict, the curves, the tables."""
    found = _the_test(id)
    told = _told(found) | _addresses(found.model)
    told["may_cancel"] = may(request.member.role, "scoring:back_test_cancel", "POST")
    told |= {
        "rehearsal": found,
        "progress_url": workspace_reverse("scoring:back_test_progress", id=found.pk),
        "cancel_url": workspace_reverse("scoring:back_test_cancel", id=found.pk),
        "is_stale": _is_stale(found),
        "is_pointless": sorts_without_points(),
    }
    if found.result.get("versions"):
        told |= _figures(found)
        told["lined"] = [
            each
            for each in told["sides"]
            if each["told"]["is_by_decisions"] or not told["is_pointless"]
        ]
    if found.result.get("predicted"):
        told["predicted"] = _predicted(found)
    return render(request, "scoring/back_test.html", told)


def back_test_progress(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """How far it is; asked again and again while it runs."""
    found = _the_test(id)
    context = {
        "rehearsal": found,
        "progress_url": workspace_reverse("scoring:back_test_progress", id=found.pk),
        "cancel_url": workspace_reverse("scoring:back_test_cancel", id=found.pk),
        "may_cancel": may(request.member.role, "scoring:back_test_cancel", "POST"),
    }
    response = render(request, "scoring/_rehearsal_progress.html", context)
    if not found.is_in_work:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def back_test_cancel(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Stop it."""
    found = _the_test(id)
    backtesting.cancel_back_test(found, now=timezone.now())
    say(request, _("Back-test cancelled."))
    return redirect(address("scoring:back_test_list", found.model))


def _the_test(id: UUID) -> BackTest:
    rows = BackTest.objects.select_related("asked_by__user", "version__model", "beside", "model")
    return get_object_or_404(rows, pk=id)


def _is_stale(test: BackTest) -> bool:
    version = test.version
    if version is None or test.is_in_work:
        return False
    return version.state == ModelState.DRAFT and fingerprint(version) != test.fingerprint


def _addresses(model: ScoreModel) -> dict[str, Any]:
    has_draft = ModelVersion.objects.of(model).draft().exists()
    return {
        "model": model,
        "has_draft": has_draft,
        "draft_url": address("scoring:draft", model),
        "at": naming(model),
        "back_tests_url": address("scoring:back_test_list", model),
        "model_url": address("scoring:model", model),
    }


def _told(test: BackTest) -> dict[str, Any]:
    labels, study = labels_of_fields(), Study.from_json(test.study)
    good = wording.good_leads(study, labels)
    return {
        "test": test,
        "study": study,
        "good": good,
        "asked": wording.study_sentence(study, labels),
        "verdict": wording.verdict_sentence(test.result, good),
        "order": wording.order_sentence(test.result),
        "confidence": wording.confidence_sentence(test.result),
        "warnings": list(wording.warnings_of(test.result, study, labels)),
    }


def _figures(test: BackTest) -> dict[str, Any]:
    result = test.result
    versions = result["versions"]
    names = [wording.name_of(each) for each in versions]
    top = drawing.top_of_bands(versions)
    sides = [
        {
            "name": name,
            "told": each,
            "chart": drawing.band_chart(each, top),
            "rules": [(rule, wording.rule_verdict(rule)) for rule in each["rules"]],
            "misled": wording.misled(each["rules"]),
        }
        for name, each in zip(names, versions, strict=True)
    ]
    return {
        "result": result,
        "sides": sides,
        "gain": drawing.gain_curves(versions, names),
        "lift": drawing.lift_curves(versions, names),
        "gains": list(_gain_rows(versions)),
        "weeks": drawing.week_points(result["weeks"], is_beside=len(versions) > 1),
    }


def _predicted(test: BackTest) -> dict[str, Any]:
    """The predictive model beside the versions, on the cases it has not learnt from."""
    told, labels = test.result["predicted"], labels_of_fields()
    names = [wording.name_of(each) for each in test.result["versions"]]
    good = wording.good_leads(Study.from_json(test.study), labels)
    context = {
        "told": told,
        "cases": cases_sentence(told),
        "sentence": prediction_sentence(told, names[0], good, labels),
        "url": workspace_reverse("scoring:prediction", id=told["id"]),
    }
    if "prediction" not in told:
        return context
    mine = _("the predictive model")
    sides = [*zip(names, told["versions"], strict=True), (mine, told["prediction"])]
    two, two_names = [told["versions"][0], told["prediction"]], [names[0], mine]
    return context | {
        "sides": [{"name": name, "told": side} for name, side in sides],
        "pair": [{"name": name} for name in two_names],
        "gain": drawing.gain_curves(two, two_names),
        "lift": drawing.lift_curves(two, two_names),
    }


def _gain_rows(versions: list[dict[str, Any]]) -> Any:
    """A row for each tenth: the share, and for each version what it catches and its lift."""
    for nth, (share, _caught) in enumerate(versions[0]["gains"]):
        if nth and nth % 2 == 0:
            caught = [each["gains"][nth][1] for each in versions]
            yield share, [(each, each / share) for each in caught]
