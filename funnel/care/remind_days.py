"""When we are reminded of renewals, unless a renewal says so itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funnel.care.catalogue import CannotSaveCare
from funnel.care.days import today_of
from funnel.models import ReminderDays
from funnel.models.renewals import USUAL_DAYS
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member

MOST_DAY = 365
MOST_REMINDERS = 6

ANEW = """
UPDATE funnel_renewal AS renewal SET remind_on = (
    SELECT min(renewal.due_on - day) FROM unnest(%(usual)s::int[]) AS day
    WHERE renewal.due_on - day >= %(today)s)
WHERE workspace_id = %(workspace)s AND state = 'planned' AND days IS NULL
  AND snoozed_until IS NULL
"""


def usual_days() -> list[int]:
    """How many days before a renewal is due the workspace is reminded of it."""
    kept = ReminderDays.objects.first()
    return list(kept.days) if kept else list(USUAL_DAYS)


def set_usual_days(days: Iterable[int], *, by: Member | None, now: datetime) -> list[int]:
    """Say when we are reminded; renewals with days of their own stay as they are.

    No days: never. Refuses days out of range, and more reminders than anybody reads.
    """
    sound = sound_days(days)
    values = {"days": sound, "changed_by": by, "changed_at": now}
    with transaction.atomic():
        try:
            with transaction.atomic():
                ReminderDays.objects.update_or_create(defaults=values)
        except IntegrityError:  # somebody else was the first in this moment
            ReminderDays.objects.update(**values)
        execute(ANEW, usual=sound, today=today_of(now))
    return sound


def sound_days(days: Iterable[int]) -> list[int]:
    """The days, each once, the earliest reminder first."""
    found: Sequence[int] = sorted(set(days), reverse=True)
    for day in found:
        if not 0 <= day <= MOST_DAY:
            sentence = _("%(day)d days are out of range; allowed are 0 to %(most)d days before.")
            raise CannotSaveCare(sentence % {"day": day, "most": MOST_DAY}, field="days")
    if len(found) > MOST_REMINDERS:
        sentence = _("%(count)d reminders are too many; at most %(most)d are sent.")
        told = {"count": len(found), "most": MOST_REMINDERS}
        raise CannotSaveCare(sentence % told, field="days")
    return list(found)
