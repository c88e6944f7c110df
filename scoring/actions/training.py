"""A predictive model is asked for, learns in the worker, is chosen by a person, and retired."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.actions.building import ask_about
from leads.models import Lead
from scoring.cases import Cases, Study, check_study, find_cases
from scoring.events import CHANCE, ChancesMoved, TrainingsMoved
from scoring.models import PredictionState, PredictiveModel, Probability
from scoring.predicting.training import is_enough, train

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('training ' || %(workspace)s, 0))"


class CannotChooseModel(Refusal):
    """It is not trained, or nobody said why."""


class AnotherLearns(Conflict):
    """One model is trained at a time."""


def ask_training(study: Study, *, by: Member | None, now: datetime) -> PredictiveModel:
    """Have the next version trained in the background; nothing shows it until it is chosen.

    Refuses a study that cannot be asked, and a second training beside one that is in work.
    """
    study = check_study(study)
    with transaction.atomic():
        fetch(LOCK)
        busy = PredictiveModel.objects.in_work().first()
        if busy is not None:
            raise AnotherLearns(
                _("%(model)s is still learning; wait until it is done.") % {"model": busy}
            )
        latest = PredictiveModel.objects.aggregate(latest=Max("number"))["latest"] or 0
        made: PredictiveModel = PredictiveModel.objects.create(
            number=latest + 1, study=study.as_json(), asked_by=by, asked_at=now
        )
        publish(TrainingsMoved((made.pk,)))
    return made


def advance_trainings(ids: Iterable[UUID], *, now: datetime) -> None:
    """The next step of each training: find the cases, or say that they are too few; then learn."""
    with transaction.atomic():
        waiting = PredictiveModel.objects.in_work().filter(pk__in=list(ids)).order_by("number")
        for model in waiting.select_for_update():
            study = Study.from_json(model.study)
            cases = find_cases(study, now=model.asked_at)
            if model.state == PredictionState.ASKED:
                _count(model, cases)
            else:
                _learn(model, study, cases, now)


def choose_prediction(
    model: PredictiveModel, *, by: Member | None, reason: str, now: datetime
) -> None:
    """Show the chances of this version from now on; they are worked out in the background.

    The one chosen before is retired. Refuses a version that is not trained, or no reason.
    """
    with transaction.atomic():
        fetch(LOCK)
        model = PredictiveModel.objects.select_for_update().get(pk=model.pk)
        _refuse_unready(model, reason)
        before = PredictiveModel.objects.chosen().first()
        if before is not None:
            _retire(before, now)
        model.state, model.reason = PredictionState.CHOSEN, reason.strip()
        model.chosen_by, model.chosen_at, model.retired_at = by, now, None
        start_refresh(model)


def retire_prediction(model: PredictiveModel, *, by: Member | None, now: datetime) -> None:
    """Show no chances any more; the version stays to be read, and may be chosen again.

    Refuses a version that is not chosen.
    """
    with transaction.atomic():
        fetch(LOCK)
        model = PredictiveModel.objects.select_for_update().get(pk=model.pk)
        if model.state != PredictionState.CHOSEN:
            raise CannotChooseModel(_("%(model)s is not the chosen one.") % {"model": model})
        _retire(model, now)
        Probability.objects.all().delete()
        ask_about({CHANCE}, now=now)


def start_refresh(model: PredictiveModel) -> None:
    """Have the chances of all leads worked out anew by the chosen version."""
    model.cursor, model.done, model.due_at = None, 0, None
    model.total = Lead.objects.count()
    model.save()
    publish(ChancesMoved((model.pk,)))


def _refuse_unready(model: PredictiveModel, reason: str) -> None:
    if model.state not in (PredictionState.TRAINED, PredictionState.RETIRED):
        raise CannotChooseModel(
            _("%(model)s is “%(state)s”; only a trained or retired version can be chosen.")
            % {"model": model, "state": model.get_state_display()}
        )
    if not reason.strip():
        raise CannotChooseModel(
            _("Say why this version is chosen; it stays in the list of versions."), field="reason"
        )


def _retire(model: PredictiveModel, now: datetime) -> None:
    model.state, model.retired_at, model.due_at = PredictionState.RETIRED, now, None
    model.save(update_fields=["state", "retired_at", "due_at"])


def _count(model: PredictiveModel, cases: Cases) -> None:
    model.figures = {
        "cases": len(cases),
        "won": cases.won,
        "open": cases.open,
        "early": cases.early,
    }
    if is_enough(len(cases), cases.won):
        model.state = PredictionState.LEARNING
        publish(TrainingsMoved((model.pk,)))
    else:
        model.state = PredictionState.REFUSED
    model.save(update_fields=["state", "figures"])


def _learn(model: PredictiveModel, study: Study, cases: Cases, now: datetime) -> None:
    trained = train(study, cases)
    model.weights = trained.weights.as_json()
    model.figures = {**model.figures, "held_out": trained.figures}
    model.suspects = [each.as_json() for each in trained.suspects]
    model.state, model.trained_at = PredictionState.TRAINED, now
    model.save(update_fields=["state", "figures", "weights", "suspects", "trained_at"])
