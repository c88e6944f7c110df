"""What in scoring uses a segment or a tag."""

from collections.abc import Iterator

from django.db.models import Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import VersionState
from leads.uses import Use, ids_named
from scoring.models import LIVE, Decision, Indicator, ModelState, ModelVersion, Rule


def rule_uses() -> Iterator[Use]:
    """Rules of the versions that count, or are being written: for points, classes and urgency."""
    states = (*LIVE, ModelState.DRAFT)
    told = ("name", "condition", "position")
    rules, decisions = (
        each.objects.filter(version__state__in=states).values_list(*told)
        for each in (Rule, Decision)
    )
    versions = ModelVersion.objects.filter(state__in=states).exclude(urgency={})
    urgent = versions.values_list(Value(""), "urgency", Value(0))
    for name, tree, _place in rules.union(decisions, urgent, all=True).order_by("position"):
        if found := ids_named(tree):
            called = name or gettext("urgent")
            yield Use(_("score rule"), called, workspace_reverse("scoring:model"), found)


def indicator_uses() -> Iterator[Use]:
    """Indicators of the draft; published ones ask through the segments that are kept for them."""
    drafted = Indicator.objects.filter(list__state=VersionState.DRAFT).order_by("position")
    for name, tree in drafted.values_list("name", "condition"):
        if found := ids_named(tree):
            yield Use(_("indicator"), name, workspace_reverse("scoring:indicator_draft"), found)
