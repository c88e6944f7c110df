"""What in the funnel uses a segment."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funnel.models import Definition, DefinitionState
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.uses import Use, segments_named


def definition_uses() -> Iterator[Use]:
    """Stages entered by rule, as they bind now or are proposed."""
    in_force = Q(state=DefinitionState.PUBLISHED) | Q(state=DefinitionState.DRAFT)
    for each in Definition.objects.filter(in_force).order_by("stage", "version"):
        if found := segments_named(each.condition):
            address = workspace_reverse("funnel:definitions")
            yield Use(_("stage definition"), each.get_stage_display(), address, found)
