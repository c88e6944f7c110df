"""When members work: their hours, and the days they are away."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.teams import announce_staff
from leadmgmt.workspaces.business_time import holiday_countries
from leadmgmt.workspaces.models import Absence, Member, Team, WorkingTime, a_time_zone

LONGEST_DAYS = 3 * 366
WEEK = range(7)


class CannotSetWorkingTime(Refusal):
    """Hours in which nobody ever works."""


class CannotNoteAbsence(Refusal):
    """Days that make no absence, or a member who has left."""


@dataclass(frozen=True)
class Hours:
    """When somebody works; Monday is day 0. Empty zone and country: as the office."""

    days: Sequence[int]
    opens: time
    closes: time
    time_zone: str = ""
    holiday_country: str = ""


@transaction.atomic
def set_working_time(of: Team | Member, hours: Hours | None) -> None:
    """Give a team or a member hours of their own; None: the office's again.

    Refuses hours that end before they begin, no day, an unknown time zone or country.
    """
    whose: dict[str, Any] = {"team": of} if isinstance(of, Team) else {"member": of}
    if hours is None:
        WorkingTime.objects.filter(**whose).delete()
    else:
        _refuse_senseless(hours)
        values = asdict(hours) | {"days": sorted(set(hours.days))}
        WorkingTime.objects.update_or_create(defaults=values, **whose)
    announce_staff()


@transaction.atomic
def note_absence(
    member: Member, *, from_on: date, until_on: date, word: str, by: Member | None
) -> Absence:
    """Note that somebody is away from one day until another, both included.

    Refuses an end before the beginning, more than three years, and who has left. The same days
    again are the same absence.
    """
    if member.left_at is not None:
        sentence = _("%(name)s has left this workspace; there is nothing to be absent from.")
        raise CannotNoteAbsence(sentence % {"name": member.name}, field="member")
    if until_on < from_on:
        told = {"until": until_on, "from": from_on}
        sentence = _("The absence ends on %(until)s, before it begins on %(from)s.")
        raise CannotNoteAbsence(sentence % told, field="until_on")
    if (until_on - from_on).days > LONGEST_DAYS:
        sentence = _("An absence lasts up to three years; %(until)s is further away.")
        raise CannotNoteAbsence(sentence % {"until": until_on}, field="until_on")
    found: Any = Absence.objects.update_or_create(
        member=member,
        from_on=from_on,
        until_on=until_on,
        defaults={"word": word.strip()[:60], "by": by},
    )
    announce_staff()
    absence: Absence = found[0]
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, now: datetime, zone: ZoneInfo) -> None:
    """Back sooner: what was yesterday stays; an absence that has not begun never was."""
    today = now.astimezone(zone).date()
    if absence.from_on >= today:
        absence.delete()
    else:
        absence.until_on = min(absence.until_on, date.fromordinal(today.toordinal() - 1))
        absence.save(update_fields=["until_on"])
    announce_staff()


def _refuse_senseless(hours: Hours) -> None:
    if hours.opens >= hours.closes:
        told = {"opens": hours.opens, "closes": hours.closes}
        sentence = _("Work begins at %(opens)s and ends at %(closes)s; it must begin first.")
        raise CannotSetWorkingTime(sentence % told, field="closes")
    if not hours.days or any(day not in WEEK for day in hours.days):
        sentence = _("Choose at least one day of the week, Monday (0) to Sunday (6).")
        raise CannotSetWorkingTime(sentence, field="days")
    _refuse_unknown(hours)


def _refuse_unknown(hours: Hours) -> None:
    try:
        if hours.time_zone:
            a_time_zone(hours.time_zone)
    except ValidationError as problem:
        raise CannotSetWorkingTime(problem.messages[0], field="time_zone") from problem
    if hours.holiday_country and hours.holiday_country not in holiday_countries():
        sentence = _("“%(value)s” is no country whose holidays we know; write its code, as GR.")
        told = {"value": hours.holiday_country}
        raise CannotSetWorkingTime(sentence % told, field="holiday_country")
