"""Which model, and which draft, a page is about: `?model=` names one, else it is the main one."""

from uuid import UUID

from django.http import Http404, HttpRequest

from leadmgmt.workspaces.addresses import workspace_reverse
from scoring.models import ModelVersion, Purpose, ScoreModel


def the_model(request: HttpRequest) -> ScoreModel | None:
    """The model the address names; None in a workspace that has no main one yet."""
    models = ScoreModel.objects.in_use()
    named = request.GET.get("model", "")
    if not named:
        main: ScoreModel | None = models.filter(purpose=Purpose.MAIN).first()
        return main
    try:
        return models.get(pk=UUID(named))
    except (ValueError, ScoreModel.DoesNotExist):
        raise Http404 from None


def the_draft(request: HttpRequest) -> ModelVersion:
    """The draft of that model."""
    drafts = ModelVersion.objects.draft().select_related("model")
    found: ModelVersion | None = drafts.filter(model=the_model(request)).first()
    if found is None:
        raise Http404
    return found


def address(name: str, model: ScoreModel | None, **parts: object) -> str:
    """The address of a page about this model."""
    return workspace_reverse(name, **parts) + naming(model)


def naming(model: ScoreModel | None) -> str:
    """What an address ends with to be about this model."""
    return "" if model is None or model.purpose == Purpose.MAIN else f"?model={model.pk}"
