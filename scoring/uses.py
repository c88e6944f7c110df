"""What in scoring uses a segment."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import VersionState
from leads.uses import Use, ids_named
from scoring.models import LIVE, Indicator, ModelState, Rule


def rule_uses() -> Iterator[Use]:
    """Rules of the versions that count, or are being written."""
    rules = Rule.objects.filter(version__state__in=[*LIVE, ModelState.DRAFT]).order_by("position")
    for name, tree in rules.values_list("name", "condition"):
        if found := ids_named(tree):
            yield Use(_("score rule"), name, workspace_reverse("scoring:model"), found)


def indicator_uses() -> Iterator[Use]:
    """Indicators of the draft; published ones ask through the segments that are kept for them."""
    drafted = Indicator.objects.filter(list__state=VersionState.DRAFT).order_by("position")
    for name, tree in drafted.values_list("name", "condition"):
        if found := ids_named(tree):
            yield Use(_("indicator"), name, workspace_reverse("scoring:indicator_draft"), found)
