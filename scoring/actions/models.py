"""Models as such: the main one, the one that grades the fit, and product lines."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Workspace
from scoring.models import ModelVersion, Purpose, ScoreModel
from scoring.models.versions import ScoreModelQuerySet

MOST_MODELS = 12
LONGEST_NAME = 80


class CannotAddModel(Refusal):
    """There is such a model already, its name is taken, or there are too many."""


def main_model() -> ScoreModel:
    """The model whose score and class lists show; made when it is asked for the first time."""
    found: ScoreModel | None = ScoreModel.objects.in_use().filter(purpose=Purpose.MAIN).first()
    if found is not None:
        return found
    with transaction.atomic():
        take_models()
        made, _is_new = ScoreModel.objects.get_or_create(
            purpose=Purpose.MAIN, retired_at=None, defaults={"name": _("Main score")}
        )
        return made


def add_model(*, purpose: str, name: str, now: datetime) -> ScoreModel:
    """A model without versions yet; start a draft of it next.

    Refuses a second main or fit model, a name that is empty or taken, and more than a dozen.
    """
    with transaction.atomic():
        take_models()
        _refuse_wrong(purpose, name)
        last = ScoreModel.objects.aggregate(last=Max("position"))["last"] or 0
        made: ScoreModel = ScoreModel.objects.create(
            purpose=purpose, name=name.strip(), position=last + 1, made_at=now
        )
        return made


def rename_model(model: ScoreModel, *, name: str) -> None:
    """Call it something else."""
    with transaction.atomic():
        take_models()
        _refuse_name(name, ScoreModel.objects.in_use().exclude(pk=model.pk))
        ScoreModel.objects.filter(pk=model.pk).update(name=name.strip())


def take_models() -> None:
    """One after the other, so that a double click makes one of what it makes."""
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())


def latest_of(model: ScoreModel) -> ModelVersion | None:
    """The newest version of a model that was not thrown away, drafts aside."""
    found: ModelVersion | None = ModelVersion.objects.of(model).live().order_by("-number").first()
    return found


def _refuse_wrong(purpose: str, name: str) -> None:
    if purpose not in Purpose.values:
        raise CannotAddModel(
            _("“Purpose” is %(purpose)s; allowed: %(allowed)s.")
            % {"purpose": purpose, "allowed": ", ".join(Purpose.values)},
            field="purpose",
        )
    there = ScoreModel.objects.in_use()
    if purpose != Purpose.PRODUCT and there.filter(purpose=purpose).exists():
        raise CannotAddModel(
            _("There is a model for this purpose already; start a draft of it."), field="purpose"
        )
    if there.count() >= MOST_MODELS:
        raise CannotAddModel(
            _("There are %(most)s models already; retire one first.") % {"most": MOST_MODELS}
        )
    _refuse_name(name, there)


def _refuse_name(name: str, others: ScoreModelQuerySet) -> None:
    if not name.strip():
        raise CannotAddModel(_("Give the model a name."), field="name")
    if len(name.strip()) > LONGEST_NAME:
        raise CannotAddModel(
            _("The name is longer than %(most)s characters.") % {"most": LONGEST_NAME}, field="name"
        )
    if others.filter(name=name.strip()).exists():
        raise CannotAddModel(
            _("Another model is called “%(name)s”; choose another name.") % {"name": name.strip()},
            field="name",
        )
