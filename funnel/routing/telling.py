"""What routing tells: why somebody has a lead, who waits, what the rules say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from funnel.models import Assignment, RoutingPlan, RoutingRule, Share, ShareChange, Wait
from funnel.routing.knowing import rules_of
from funnel.routing.shares import aloud
from leadmgmt.workspaces.models import Team
from leads.models import Lead, Stage

LATEST, MOST_CHANGES = 10, 100


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
        told.append(ShareTold(share, aloud(share.territory)))
    return told


def changes_of_shares(team: Team) -> Sequence[ShareChange]:
    """What changed of the shares of a team, the latest first."""
    found = ShareChange.objects.filter(team=team).select_related("member", "by")
    return list(found.order_by("-changed_at", "-id")[:MOST_CHANGES])


def why_assigned(lead: Lead) -> str:
    """Why its owner got this lead, or why nobody has; empty when no rule was asked."""
    if lead.owner_id is None:
        return _why(lead, wait_of(lead), [])
    return _why(lead, None, assignments_of(lead)[:1])


def wait_of(lead: Lead) -> Wait | None:
    """The lead among those that wait; only MQLs that nobody has do."""
    if lead.owner_id or lead.stage != Stage.MQL:
        return None
    found: Wait | None = Wait.objects.true().filter(lead=lead).first()
    return found


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
    if lead.highest_stage == Stage.LEAD and lead.cycle == 1:
        return None  # only MQLs are routed
    given, wait = list(assignments_of(lead)[:5]), wait_of(lead)
    if not given and wait is None:
        return None
    return {"why": _why(lead, wait, given), "wait": wait, "assignments": given}


def _why(lead: Lead, wait: Wait | None, given: Iterable[Assignment]) -> str:
    if wait:
        return wait.why
    latest = next(iter(given), None)
    return latest.why if latest and latest.member_id == lead.owner_id else ""


def _when(rule: RoutingRule) -> str:
    return aloud(rule.condition) or _("Everybody no rule above takes")
