"""Renewals before anything comes of them: planned, corrected, put off."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.deals import refuse_wrong_figures
from funnel.care.catalogue import CannotSaveCare, hold_customer, refuse_beyond
from funnel.care.days import refuse_outside, today_of
from funnel.care.recalling import figures_of, keep_changes
from funnel.care.remind_days import sound_days, usual_days
from funnel.care.whose import refuse_others
from funnel.models import Customer, Renewal, RenewalState
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.workspaces.models import Member
from leads import normalising

LONGEST_WHAT = 200
MOST_MONTHS = 120
LONGEST_SNOOZE = 366  # days


class RenewalSettled(Conflict):
    """What came of it is known already."""


def plan_renewal(
    customer: Customer,
    *,
    what: str,
    due_on: date,
    by: Member | None,
    now: datetime,
    amount: int | None = None,
    margin: int | None = None,
    months: int | None = None,
    days: Iterable[int] | None = None,
) -> Renewal:
    """Expect a customer to buy something again on a day; amount and margin in cents, if known.

    `months`: every how many; `days`: when to remind, unless as the workspace does. The same for
    the same day twice is planned once. Refuses former customers, days that have passed, and
    figures that cannot be; and, as all verbs here do, a rep the customer of somebody else.
    """
    refuse_others(customer, by)
    today = today_of(now)
    refuse_outside("due_on", due_on, today)
    values = {"what": what, "due_on": due_on, "amount": amount, "margin": margin}
    made = Renewal(customer=customer, planned_by=by, planned_at=now)
    _set(made, {**values, "months": months, "days": days}, today)
    with transaction.atomic():
        hold_customer(customer)
        same = Renewal.objects.planned().filter(customer=customer, what=made.what, due_on=due_on)
        found: Renewal | None = same.first()
        if found is None:
            made.save(force_insert=True)
    return found or made


def change_renewal(
    renewal: Renewal, *, changes: Mapping[str, Any], by: Member | None, now: datetime
) -> Renewal:
    """Correct a planned one: only what is named. Refuses what is settled."""
    today = today_of(now)
    with transaction.atomic():
        fresh = held(renewal, by)
        refuse_settled(fresh)
        before = figures_of(fresh)
        if changes.get("due_on", fresh.due_on) != fresh.due_on:
            refuse_outside("due_on", changes["due_on"], today)
            fresh.snoozed_until = None
        _set(fresh, changes, today)
        fresh.save()
        keep_changes(fresh, before, by=by, now=now)
    return fresh


def snooze_renewal(renewal: Renewal, *, until: date, by: Member | None, now: datetime) -> None:
    """Let it wait until the morning of a day; then whoever looks after the customer is told.

    Refuses days that have come, and more than a year.
    """
    today = today_of(now)
    if not today < until <= today + timedelta(days=LONGEST_SNOOZE):
        sentence = _("%s does not do: choose a day from tomorrow to a year from now.")
        raise CannotSaveCare(sentence % until.isoformat(), field="until")
    with transaction.atomic():
        fresh = held(renewal, by)
        refuse_settled(fresh)
        fresh.snoozed_until = fresh.remind_on = until
        fresh.save(update_fields=["snoozed_until", "remind_on"])


def wake_renewal(renewal: Renewal, *, by: Member | None, now: datetime) -> None:
    """It waits no longer."""
    with transaction.atomic():
        fresh = held(renewal, by)
        if fresh.state == RenewalState.PLANNED and fresh.snoozed_until:
            fresh.snoozed_until = None
            fresh.remind_on = next_reminder(fresh, today_of(now))
            fresh.save(update_fields=["snoozed_until", "remind_on"])


def next_reminder(renewal: Renewal, today: date, usual: Sequence[int] | None = None) -> date | None:
    """The first day from today on of which we are to be reminded."""
    days = renewal.days if renewal.days is not None else usual
    if days is None:
        days = usual_days()
    found = [renewal.due_on - timedelta(days=each) for each in days]
    return min((each for each in found if each >= today), default=None)


def held(renewal: Renewal, by: Member | None) -> Renewal:
    """It and its customer, ours until the end of the transaction."""
    rows = Renewal.objects.select_for_update(no_key=True, of=("self",))
    fresh: Renewal = rows.select_related("customer__owner").get(pk=renewal.pk)
    refuse_others(fresh.customer, by)
    return fresh


def refuse_settled(renewal: Renewal) -> None:
    """Refuse one of which it is known what came."""
    if renewal.state != RenewalState.PLANNED:
        told = {"what": renewal, "state": renewal.get_state_display()}
        raise RenewalSettled(_("“%(what)s” is settled already: %(state)s.") % told)


def _set(renewal: Renewal, changes: Mapping[str, Any], today: date) -> None:
    made = dict(changes)
    if "what" in made:
        made["what"] = normalising.plain_text(made["what"], field="what", most=LONGEST_WHAT)
        if not made["what"]:
            raise CannotSaveCare(_("Say what is renewed."), field="what")
    refuse_beyond("months", made.get("months"), 1, MOST_MONTHS)
    if made.get("days") is not None:
        made["days"] = sound_days(made["days"])
    for name, value in made.items():
        setattr(renewal, name, value)
    refuse_wrong_figures(renewal.amount, renewal.margin)
    if renewal.snoozed_until is None:
        renewal.remind_on = next_reminder(renewal, today)
