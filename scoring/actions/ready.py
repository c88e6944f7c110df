"""A draft begun from a ready model of the gallery."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict
from leadmgmt.workspaces.models import Member
from scoring.actions.content import replace_content
from scoring.actions.drafting import start_draft
from scoring.actions.models import add_model, main_model, take_models
from scoring.gallery.ready import ReadyModel
from scoring.models import ModelVersion, Purpose, ScoreModel

STARTED = [(each.value, each.label) for each in (Purpose.MAIN, Purpose.FIT)]
"""What a draft can be begun for: lines of products are the workspace's own."""


class AnotherDraft(Conflict):
    """Somebody's draft would be lost."""


def start_ready(
    ready: ReadyModel, *, purpose: str, by: Member | None, now: datetime
) -> ModelVersion:
    """The draft of the main model, or of the one for fit, with the rules of a ready model.

    Refuses while a draft of that model is being written; the version in force stays either way.
    """
    with transaction.atomic():
        take_models()
        model = _grading(now) if purpose == Purpose.FIT else main_model()
        if ModelVersion.objects.of(model).draft().exists():
            raise AnotherDraft(
                _("A draft of “%(name)s” is being written; publish or discard it first.")
                % {"name": model.name}
            )
        draft = start_draft(model, by=by, now=now)
        replace_content(draft, ready.grading() if purpose == Purpose.FIT else ready.main())
        return draft


def _grading(now: datetime) -> ScoreModel:
    found: ScoreModel | None = ScoreModel.objects.in_use().filter(purpose=Purpose.FIT).first()
    return found or add_model(purpose=Purpose.FIT, name=_("Fit"), now=now)
