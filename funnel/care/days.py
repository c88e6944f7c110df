"""Days of the workspace's calendar, for what is due on a day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from funnel.care.catalogue import CannotSaveCare
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.models import Workspace

FARTHEST = timedelta(days=3_660)
MORNING = timedelta(hours=7)
"""Nobody is reminded in the night."""


def today_of(now: datetime) -> date:
    """The day it is in the workspace."""
    return now.astimezone(_zone()).date()


def morning_of(now: datetime) -> date:
    """The last day that has reached the hour at which people are told things."""
    return (now.astimezone(_zone()).replace(tzinfo=None) - MORNING).date()


def refuse_outside(field: str, day: date, first: date) -> None:
    """Refuse days before `first`, and such as nobody plans for."""
    if not first <= day <= first + FARTHEST:
        sentence = _("%(day)s does not do: choose a day from %(first)s to ten years later.")
        told = {"day": day.isoformat(), "first": first.isoformat()}
        raise CannotSaveCare(sentence % told, field=field)


def _zone() -> ZoneInfo:
    zones = Workspace.objects.values_list("time_zone", flat=True)
    return ZoneInfo(zones.get(pk=current_workspace_id()))
