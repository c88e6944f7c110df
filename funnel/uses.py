"""What in the funnel uses a segment or a tag."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funnel.models import Definition, HealthRule, RoutingRule, Share
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import VersionState
from leads.uses import Use, ids_named


def definition_uses() -> Iterator[Use]:
    """Stages entered by rule, and their parts told apart by one; in force now, or proposed."""
    in_force = Q(state=VersionState.PUBLISHED) | Q(state=VersionState.DRAFT)
    for each in Definition.objects.filter(in_force).order_by("stage", "version"):
        if found := ids_named([each.condition, each.subcategories]):
            address = workspace_reverse("funnel:definitions")
            yield Use(_("stage definition"), each.get_stage_display(), address, found)


def routing_uses() -> Iterator[Use]:
    """Rules of the plan in force and of the draft, and territories in teams."""
    address = workspace_reverse("funnel:routing")
    states = (VersionState.DRAFT, VersionState.PUBLISHED)
    rules = RoutingRule.objects.filter(plan__state__in=states).exclude(condition={})
    for rule in rules.order_by("position", "id"):
        if found := ids_named(rule.condition):
            yield Use(_("routing rule"), rule.name, address, found)
    for share in Share.objects.exclude(territory={}).select_related("team", "member"):
        if found := ids_named(share.territory):
            address = workspace_reverse("funnel:team_shares", id=share.team_id)
            yield Use(_("territory"), str(share), address, found)


def health_uses() -> Iterator[Use]:
    """Health rules in force and of the draft."""
    address = workspace_reverse("funnel:health")
    states = (VersionState.DRAFT, VersionState.PUBLISHED)
    rules = HealthRule.objects.filter(plan__state__in=states)
    for rule in rules.order_by("position", "id"):
        if found := ids_named(rule.condition):
            yield Use(_("health rule"), rule.name, address, found)
