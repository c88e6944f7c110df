"""Renewals: planned, put off, taken up with a repeat deal, lost, and the next one planned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.closing_deals import win_deal
from funnel.actions.deals import open_deal, refuse_wrong_figures
from funnel.care.catalogue import CannotSaveCare, hold_customer, refuse_beyond
from funnel.care.days import refuse_outside, today_of
from funnel.care.recalling import figures_of, keep_changes
from funnel.care.remind_days import sound_days, usual_days
from funnel.care.whose import refuse_others
from funnel.models import Customer, Deal, Renewal, RenewalState
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.models import Lead

LONGEST_WHAT, LONGEST_REASON = 200, 300
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
        fresh = _held(renewal, by)
        _refuse_settled(fresh)
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
        fresh = _held(renewal, by)
        _refuse_settled(fresh)
        fresh.snoozed_until = fresh.remind_on = until
        fresh.save(update_fields=["snoozed_until", "remind_on"])


def wake_renewal(renewal: Renewal, *, by: Member | None, now: datetime) -> None:
    """It waits no longer."""
    with transaction.atomic():
        fresh = _held(renewal, by)
        if fresh.state == RenewalState.PLANNED and fresh.snoozed_until:
            fresh.snoozed_until = None
            fresh.remind_on = next_reminder(fresh, today_of(now))
            fresh.save(update_fields=["snoozed_until", "remind_on"])


def renew(
    renewal: Renewal,
    *,
    lead: Lead,
    amount: int | None,
    margin: int | None,
    is_won: bool,
    by: Member | None,
    now: datetime,
) -> Deal:
    """Take it up with a person of the customer: a repeat deal, won at once or still to be won.

    When the deal is won, now or later, the renewal is renewed and the next one is planned (see
    `following`). Asked twice, it is one deal; after a lost one it is another. Refuses people of
    others, and what `open_deal` and `win_deal` refuse.
    """
    with transaction.atomic():
        _hold_people(renewal, lead)
        fresh = _held(renewal, by)
        _refuse_settled(fresh)
        _refuse_strangers(fresh.customer, lead)
        deal = _open_deal_of(fresh)
        if deal is None:
            deal = open_deal(
                lead,
                name=fresh.what,
                amount=amount,
                margin=margin,
                expected_on=fresh.due_on,
                key=f"renewal {fresh.pk} {fresh.deal_id or ''}".strip(),
                by=by,
                now=now,
            )
            Renewal.objects.filter(pk=fresh.pk).update(deal_id=deal.pk)
        if is_won:
            win_deal(deal, amount=amount, margin=margin, by=by, now=now)
    return deal


def lose_renewal(renewal: Renewal, *, reason: str, by: Member | None, now: datetime) -> None:
    """They will not buy it again. Refuses without a reason; losing again changes nothing."""
    words = normalising.plain_text(reason, field="reason", most=LONGEST_REASON)
    if not words:
        raise CannotSaveCare(_("Say why it is not renewed."), field="reason")
    with transaction.atomic():
        fresh = _held(renewal, by)
        if fresh.state == RenewalState.LOST:
            return
        _refuse_settled(fresh)
        fresh.state, fresh.reason, fresh.remind_on = RenewalState.LOST, words, None
        fresh.settled_at, fresh.settled_by, fresh.snoozed_until = now, by, None
        fresh.save()


def reopen_renewal(renewal: Renewal, *, by: Member | None, now: datetime) -> None:
    """Take it back that a renewal is lost; a planned one stays as it is.

    One that was renewed is planned again by opening its deal again.
    """
    with transaction.atomic():
        fresh = _held(renewal, by)
        if fresh.state == RenewalState.RENEWED:
            raise RenewalSettled(_("“%s” was renewed. Open its deal again instead.") % fresh)
        if fresh.state == RenewalState.LOST:
            reopened(fresh, today_of(now)).save()


def reopened(renewal: Renewal, today: date) -> Renewal:
    """As it was before anything came of it; not saved yet."""
    renewal.state, renewal.reason = RenewalState.PLANNED, ""
    renewal.settled_at = renewal.settled_by = None
    renewal.remind_on = next_reminder(renewal, today)
    return renewal


def next_reminder(renewal: Renewal, today: date, usual: Sequence[int] | None = None) -> date | None:
    """The first day from today on of which we are to be reminded."""
    days = renewal.days if renewal.days is not None else usual
    if days is None:
        days = usual_days()
    found = [renewal.due_on - timedelta(days=each) for each in days]
    return min((each for each in found if each >= today), default=None)


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


def _hold_people(renewal: Renewal, lead: Lead) -> None:
    """People before deals, and deals before renewals: the order in which whoever wins one locks."""
    under_way = Deal.objects.filter(pk=renewal.deal_id).values_list("lead_id", flat=True)
    ids = sorted({lead.pk, *under_way})
    list(Lead.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _held(renewal: Renewal, by: Member | None) -> Renewal:
    rows = Renewal.objects.select_for_update(no_key=True, of=("self",))
    fresh: Renewal = rows.select_related("customer__owner").get(pk=renewal.pk)
    refuse_others(fresh.customer, by)
    return fresh


def _refuse_settled(renewal: Renewal) -> None:
    if renewal.state != RenewalState.PLANNED:
        told = {"what": renewal, "state": renewal.get_state_display()}
        raise RenewalSettled(_("“%(what)s” is settled already: %(state)s.") % told)


def _refuse_strangers(customer: Customer, lead: Lead) -> None:
    is_theirs = (
        lead.pk == customer.lead_id
        if customer.company_id is None
        else lead.company_id == customer.company_id
    )
    if not is_theirs:
        sentence = _("%(lead)s is not of %(customer)s. Choose one of its people.")
        raise CannotSaveCare(sentence % {"lead": lead, "customer": customer}, field="lead")


def _open_deal_of(renewal: Renewal) -> Deal | None:
    """The repeat deal under way, if there is one."""
    if renewal.deal_id is None:
        return None
    found: Deal | None = Deal.objects.open().filter(pk=renewal.deal_id).first()
    return found
