"""What each member of a team gets of its leads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from funnel.models import Share, ShareChange
from funnel.models.routing import FULLEST, HEAVIEST
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.teams import announce_staff
from leadmgmt.workspaces.models import Member, Team, TeamMember
from leads import uses
from leads.conditions import parse, read_aloud


class CannotSetShare(Refusal):
    """Not in the team, or a number out of range."""


@dataclass(frozen=True)
class ShareWords:
    """`weight` turns beside the others' (0: none), at most `capacity` open leads, `territory`."""

    weight: int = 1
    capacity: int | None = None
    territory: dict[str, Any] | None = None


@transaction.atomic
def set_share(
    team: Team, member: Member, words: ShareWords, *, by: Member | None, now: datetime
) -> Share:
    """Say what a member of a team gets; what they got before is kept, and the turns taken count.

    Refuses who is not in the team, and numbers out of range.
    """
    if not TeamMember.objects.filter(team=team, member=member).exists():
        sentence = _("%(name)s is not in team %(team)s; put them into it first.")
        raise CannotSetShare(sentence % {"name": member, "team": team}, field="member")
    _refuse_range(words)
    share: Share = Share.objects.get_or_create(team=team, member=member)[0]
    share = Share.objects.select_for_update(no_key=True).get(pk=share.pk)
    old = told_share(share)
    share.territory = _checked(words.territory, share.territory)
    share.weight, share.capacity = words.weight, words.capacity
    share.save(update_fields=["weight", "capacity", "territory"])
    _keep(share, old, by=by, now=now)
    announce_staff()
    return share


def told_share(share: Share) -> dict[str, Any]:
    """A share as histories keep it, the territory in plain words."""
    territory = aloud(share.territory)
    return {"weight": share.weight, "capacity": share.capacity, "territory": territory}


def aloud(tree: Any) -> str:
    """A condition in plain words; empty when there is none."""
    return capfirst(read_aloud(parse(tree, is_stored=True))) if tree else ""


def _keep(share: Share, old: dict[str, Any], *, by: Member | None, now: datetime) -> None:
    new = told_share(share)
    ShareChange.objects.bulk_create(
        ShareChange(
            team_id=share.team_id,
            member_id=share.member_id,
            field=name,
            old=old[name],
            new=new[name],
            by=by,
            changed_at=now,
        )
        for name in old
        if old[name] != new[name]
    )


def _refuse_range(words: ShareWords) -> None:
    if not 0 <= words.weight <= HEAVIEST:
        sentence = _("“%(value)s” turns are not possible; choose from 0 to %(most)d.")
        told = {"value": words.weight, "most": HEAVIEST}
        raise CannotSetShare(sentence % told, field="weight")
    if words.capacity is not None and not 0 <= words.capacity <= FULLEST:
        sentence = _("“%(value)s” leads are not possible; choose from 0 to %(most)d.")
        told = {"value": words.capacity, "most": FULLEST}
        raise CannotSetShare(sentence % told, field="capacity")


def _checked(tree: dict[str, Any] | None, stored: Any) -> dict[str, Any]:
    if not tree:
        return {}
    condition = parse(tree, kept=uses.segments_named(stored or {}))
    return dict(tree) if list(condition.leaves()) else {}
