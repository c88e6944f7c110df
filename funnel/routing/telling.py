"""What routing tells: why somebody has a lead, who waits, what the rules say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from funnel.models import Assignment, RoutingPlan, RoutingRule, Share, Wait
from funnel.routing.knowing import rules_of
from leadmgmt.workspaces.models import Team
from leads.conditions import parse, read_aloud
from leads.models import Lead

LATEST = 10


@dataclass(frozen=True)
class RuleTold:
    """A rule, its condition in plain words."""

    rule: RoutingRule
    when: str


@dataclass(frozen=True)
class ShareTold:
    """What one member of a team gets, its territory in plain words."""

    share: Share
    territory: str


def told_rules(plan: RoutingPlan) -> list[RuleTold]:
    """The rules of a plan in their order."""
    return [RuleTold(each, _when(each)) for each in rules_of(plan)]


def told_shares(team: Team) -> list[ShareTold]:
    """What each present member of a team gets; who has no share yet gets the usual one."""
    seats = team.seats.filter(member__left_at=None).select_related("member")
    kept = {each.member_id: each for each in Share.objects.filter(team=team)}
    told = []
    for seat in seats.order_by("member__name", "member_id"):
        share = kept.get(seat.member_id) or Share(team=team, member=seat.member)
        share.member = seat.member
        told.append(ShareTold(share, _aloud(share.territory)))
    return told


def why_assigned(lead: Lead) -> str:
    """Why its owner got this lead, or why nobody has; empty when no rule was asked."""
    if lead.owner_id is None:
        wait = Wait.objects.true().filter(lead=lead).first()
        return wait.why if wait else ""
    latest = assignments_of(lead).first()
    return latest.why if latest and latest.member_id == lead.owner_id else ""


def assignments_of(lead: Lead) -> QuerySet[Assignment]:
    """Everything rules did with this lead, the latest first."""
    found: QuerySet[Assignment] = Assignment.objects.filter(lead=lead)
    return found.select_related("member", "rule__plan").order_by("-assigned_at", "-id")


def latest_assignments() -> Sequence[Assignment]:
    """The last ones of the workspace."""
    found = Assignment.objects.select_related("lead", "member", "rule__plan")
    return list(found.order_by("-assigned_at", "-id")[:LATEST])


def waits() -> QuerySet[Wait]:
    """Leads that wait for somebody."""
    found: QuerySet[Wait] = Wait.objects.true()
    return found.select_related("lead__company", "rule__team", "rule__member", "spell")


def routing_panel(lead: Lead) -> dict[str, Any] | None:
    """The card on a lead's page: why its owner has it, why it waits, what rules did before."""
    given = list(assignments_of(lead)[:5])
    wait = Wait.objects.true().filter(lead=lead).first() if lead.owner_id is None else None
    if not given and wait is None:
        return None
    return {"why": why_assigned(lead), "wait": wait, "assignments": given}


def _when(rule: RoutingRule) -> str:
    return _aloud(rule.condition) or _("Everybody no rule above takes")


def _aloud(tree: Any) -> str:
    return capfirst(read_aloud(parse(tree, is_stored=True))) if tree else ""
