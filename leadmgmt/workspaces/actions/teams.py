"""Teams: founded, changed, retired."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.events import StaffChanged
from leadmgmt.workspaces.models import Member, Team, TeamMember
from leadmgmt.workspaces.staff import why_no_work

LONGEST_NAME = 80
WRITTEN = ("name", "name_key", "purpose")


class CannotSaveTeam(Refusal):
    """A name that is missing or taken, or a member who gets no work."""


@transaction.atomic
def save_team(team: Team, *, name: str, purpose: str, members: Sequence[Member]) -> Team:
    """Found a team, or change its name and who is in it; who stays keeps the day they joined.

    Refuses a name that is missing, too long or another team's, members who have left, closers.
    """
    _name(team, name)
    team.purpose = purpose.strip()
    _require_colleagues(members)
    try:
        with transaction.atomic():
            # What is not asked about stays: it may be retired in this moment.
            team.save(update_fields=None if team._state.adding else WRITTEN)
    except IntegrityError as problem:
        sentence = _("Another team is called “%s” already, perhaps a retired one.")
        raise CannotSaveTeam(sentence % team.name, field="name") from problem
    _seat(team, {each.pk for each in members})
    announce_staff()
    return team


@transaction.atomic
def retire_team(team: Team, *, now: datetime) -> None:
    """Give it no more work; what names it keeps its name."""
    team.retired_at = now
    team.save(update_fields=["retired_at"])
    announce_staff()


@transaction.atomic
def restore_team(team: Team) -> None:
    """Let a retired team work again, with the people it had."""
    team.retired_at = None
    team.save(update_fields=["retired_at"])
    announce_staff()


def announce_staff() -> None:
    """Tell that who works when, or with whom, has changed."""
    publish(StaffChanged((current_workspace_id(),)))


def unseat(member: Member) -> None:
    """Take somebody out of all teams."""
    TeamMember.objects.filter(member=member).delete()
    announce_staff()


def _name(team: Team, name: str) -> None:
    team.name = name.strip()
    team.name_key = team.name.casefold()
    if not team.name:
        raise CannotSaveTeam(_("A team needs a name."), field="name")
    if len(team.name) > LONGEST_NAME:
        sentence = _("“%(name)s…” is too long; a name has up to %(most)d characters.")
        told = {"name": team.name[:20], "most": LONGEST_NAME}
        raise CannotSaveTeam(sentence % told, field="name")


def _require_colleagues(members: Sequence[Member]) -> None:
    for sentence in filter(None, map(why_no_work, members)):
        raise CannotSaveTeam(sentence, field="members")


def _seat(team: Team, wanted: set[UUID]) -> None:
    here = set(TeamMember.objects.filter(team=team).values_list("member_id", flat=True))
    # Who has left the workspace keeps the seat, for the day they are let in again.
    present = set(Member.objects.present().filter(pk__in=here).values_list("pk", flat=True))
    TeamMember.objects.filter(team=team, member__in=present - wanted).delete()
    new = [TeamMember(team=team, member_id=each) for each in sorted(wanted - here)]
    TeamMember.objects.bulk_create(new, ignore_conflicts=True)
