"""What comes of renewals: taken up with a repeat deal, lost, planned again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.closing_deals import win_deal
from funnel.actions.deals import open_deal
from funnel.care.catalogue import CannotSaveCare
from funnel.care.days import today_of
from funnel.care.planning import RenewalSettled, held, next_reminder, refuse_settled
from funnel.models import Customer, Deal, Renewal, RenewalState
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.models import Lead

LONGEST_REASON = 300


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
        fresh = held(renewal, by)
        refuse_settled(fresh)
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
        fresh = held(renewal, by)
        if fresh.state == RenewalState.LOST:
            return
        refuse_settled(fresh)
        fresh.state, fresh.reason, fresh.remind_on = RenewalState.LOST, words, None
        fresh.settled_at, fresh.settled_by, fresh.snoozed_until = now, by, None
        fresh.save()


def reopen_renewal(renewal: Renewal, *, by: Member | None, now: datetime) -> None:
    """Take it back that a renewal is lost; a planned one stays as it is.

    One that was renewed is planned again by opening its deal again.
    """
    with transaction.atomic():
        fresh = held(renewal, by)
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


def _hold_people(renewal: Renewal, lead: Lead) -> None:
    """People before deals, and deals before renewals: the order in which whoever wins one locks."""
    under_way = Deal.objects.filter(pk=renewal.deal_id).values_list("lead_id", flat=True)
    ids = sorted({lead.pk, *under_way})
    list(Lead.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


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
