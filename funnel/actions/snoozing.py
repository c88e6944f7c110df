"""Putting a lead aside until a moment, and handing one to a colleague."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of, locked_in_queue
from funnel.models import QueueEntry
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Lead

LONGEST_SNOOZE = timedelta(days=180)


class CannotSnooze(Refusal):
    """The moment is past or too far away, or nobody holds the lead."""


def snooze_lead(
    lead: Lead, *, until: datetime, by: Member | None, now: datetime, reason: str = ""
) -> None:
    """Put a lead aside; it comes back into its owner's queue by itself.

    Refuses a moment that is past or more than half a year away, and a lead of the pool. The same
    moment again changes nothing.
    """
    if not now < until <= now + LONGEST_SNOOZE:
        sentence = _("%(moment)s does not do: choose a moment within the next 180 days.")
        raise CannotSnooze(sentence % {"moment": f"{until:%Y-%m-%d %H:%M}"}, field="until")
    with transaction.atomic():
        fresh = locked_in_queue(lead, by)
        if fresh.owner_id is None:
            sentence = _("Nobody has %(lead)s; claim the lead before you put it aside.")
            raise CannotSnooze(sentence % {"lead": fresh}, field="until")
        others = QueueEntry.objects.filter(lead=fresh).exclude(snoozed_until=until)
        if others.update(snoozed_until=until):
            _tell(fresh, {"until": until.isoformat(), "reason": reason[:300]}, by, now)


def wake_lead(lead: Lead, *, by: Member | None, now: datetime) -> None:
    """End a snooze before its time; who is awake stays so."""
    with transaction.atomic():
        fresh = locked_in_queue(lead, by)
        asleep = QueueEntry.objects.filter(lead=fresh, snoozed_until__gt=now)
        if asleep.update(snoozed_until=None):
            _tell(fresh, {}, by, now)


def _tell(lead: Lead, said: dict[str, str], by: Member | None, now: datetime) -> None:
    fact = NewActivity(Kind.SNOOZED, now, lead_id=lead.pk, properties=said, by_id=id_of(by))
    record_activities([fact], now=now, is_quiet=True)
