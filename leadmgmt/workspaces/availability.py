"""Who is at work now, and when those who are not will be."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.ui import formatting
from leadmgmt.workspaces.business_time import BusinessHours, NeverOpen
from leadmgmt.workspaces.models import Absence, Member, TeamMember, WorkingTime, Workspace
from leadmgmt.workspaces.office import office_hours


@dataclass(frozen=True)
class Presence:
    """Whether a member is at work; if not, the absence, or when the working time begins again."""

    member: Member
    has_left: bool = False
    absence: Absence | None = None
    opens_at: datetime | None = None

    @property
    def is_here(self) -> bool:
        """At work in this moment."""
        return not self.is_away and self.opens_at is None

    @property
    def is_away(self) -> bool:
        """Not only until working time begins again."""
        return self.has_left or self.absence is not None

    @property
    def why_not(self) -> str:
        """Why nothing can be given to this member now; empty when it can."""
        if self.has_left:
            return _("%(name)s has left") % {"name": self.member.name}
        if self.absence:
            told = {"name": self.member.name, "day": formatting.day(self.absence.until_on)}
            return _("%(name)s is absent until %(day)s") % told
        if self.opens_at:
            told = {"name": self.member.name, "moment": formatting.moment(self.opens_at)}
            return _("%(name)s works again from %(moment)s") % told
        return ""


@dataclass(frozen=True)
class Staff:
    """Some members, with all that says when they work."""

    members: Mapping[UUID, Member]
    absences: Mapping[UUID, Sequence[Absence]]
    hours: Mapping[UUID, Sequence[BusinessHours]]
    zone: ZoneInfo

    def presence(self, member_id: UUID, at: datetime) -> Presence:
        """Was or is this member at work in that moment?"""
        member, day = self.members[member_id], at.astimezone(self.zone).date()
        away = (each for each in self.absences.get(member_id, ()) if _includes(each, day))
        return Presence(
            member,
            has_left=member.left_at is not None and member.left_at <= at,
            absence=next(away, None),
            opens_at=_opens_at(self.hours[member_id], at),
        )


def staff_of(members: Iterable[Member], *, since: datetime) -> Staff:
    """These members, and when they work from a moment on.

    The hours of a member win over those of their team, and those over the office's. Who is in
    several teams works when one of them does.
    """
    asked, zone = list(members), workspace_zone()
    day = since.astimezone(zone).date()
    away: dict[UUID, list[Absence]] = defaultdict(list)
    found = Absence.objects.unfinished(day).filter(member__in=[each.pk for each in asked])
    for absence in found.order_by("-until_on", "id"):
        away[absence.member_id].append(absence)
    return Staff({each.pk: each for each in asked}, away, hours_of(asked, zone), zone)


def presences(members: Iterable[Member], *, now: datetime) -> dict[UUID, Presence]:
    """Who of these is at work now, by member."""
    staff = staff_of(members, since=now)
    return {each: staff.presence(each, now) for each in staff.members}


def hours_of(members: Sequence[Member], zone: ZoneInfo) -> dict[UUID, list[BusinessHours]]:
    """The hours that bind each member; several where their teams differ, none: always."""
    ids = [each.pk for each in members]
    own: dict[UUID, list[WorkingTime]] = {each.pk: [] for each in members}
    for time in WorkingTime.objects.filter(member__in=ids):
        own[time.member_id] = [time]
    of_team = {each.team_id: each for each in WorkingTime.objects.exclude(team=None)}
    for seat in _seats(ids) if of_team else ():
        if seat.team_id in of_team and not any(each.member_id for each in own[seat.member_id]):
            own[seat.member_id].append(of_team[seat.team_id])
    office = office_hours()
    usual = [office] if office else []
    return {
        member: [business_hours(each, office=office, zone=zone) for each in times] or usual
        for member, times in own.items()
    }


def business_hours(
    time: WorkingTime, *, office: BusinessHours | None, zone: ZoneInfo
) -> BusinessHours:
    """These hours, with the office's days off and, unless they name others, its holidays."""
    written = BusinessHours(
        zone=ZoneInfo(time.time_zone) if time.time_zone else zone,
        days=frozenset(time.days),
        opens=time.opens,
        closes=time.closes,
        holiday_country=time.holiday_country,
    )
    if office is None:
        return written
    country = time.holiday_country or office.holiday_country
    return replace(written, holiday_country=country, days_off=office.days_off)


def workspace_zone() -> ZoneInfo:
    """Where the workspace's days begin."""
    name = Workspace.objects.values_list("time_zone", flat=True).get(pk=current_workspace_id())
    return ZoneInfo(name)


def _seats(member_ids: Sequence[UUID]) -> Any:
    return TeamMember.objects.filter(member__in=member_ids, team__retired_at=None)


def _includes(absence: Absence, day: date) -> bool:
    return bool(absence.from_on <= day <= absence.until_on)


def _opens_at(hours: Sequence[BusinessHours], now: datetime) -> datetime | None:
    """None while one of them is open, or when there are none."""
    nearest = [_next_opening(each, now) for each in hours]
    if not nearest or any(each <= now for each in nearest):
        return None
    return min(nearest)


def _next_opening(hours: BusinessHours, now: datetime) -> datetime:
    for start, _end in hours.open_spans(now):
        return start
    raise NeverOpen("These hours leave no open day.")
