"""Taking a model out of use: its scores and its grade go, its history stays."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from scoring.actions.drafting import discard_draft
from scoring.actions.publishing import ask_recompute
from scoring.actions.rescoring import take_turn
from scoring.models import ModelState, ModelVersion, Phase, Purpose, Recompute, ScoreModel


class CannotRetireModel(Refusal):
    """The main model stays; a model can be retired once."""


def retire_model(model: ScoreModel, *, by: Member | None, now: datetime) -> Recompute | None:
    """Put a fit model or a product line out of use; None when it never had scores.

    Its draft is thrown away and what is being worked out stops. Its scores, and grades with what
    followed from them, go in the background and quietly.
    """
    with transaction.atomic():
        take_turn()
        _refuse_unretirable(model)
        for draft in ModelVersion.objects.of(model).draft():
            discard_draft(draft)
        running = Recompute.objects.filter(version__model=model, finished_at=None)
        running.update(phase=Phase.DONE, finished_at=now)
        live = list(ModelVersion.objects.of(model).live().order_by("-number"))
        ids = [each.pk for each in live]
        ModelVersion.objects.filter(pk__in=ids).update(state=ModelState.RETIRED, retired_at=now)
        ScoreModel.objects.filter(pk=model.pk).update(retired_at=now)
        if not live:
            return None
        return ask_recompute(live[0], by=by, now=now, phase=Phase.SHOWING, forgets=ids)


def _refuse_unretirable(model: ScoreModel) -> None:
    if model.purpose == Purpose.MAIN:
        raise CannotRetireModel(
            _("The main model gives the score in lists; publish a new version of it instead.")
        )
    if ScoreModel.objects.select_for_update().get(pk=model.pk).retired_at is not None:
        raise CannotRetireModel(_("“%(name)s” is retired already.") % {"name": model.name})
