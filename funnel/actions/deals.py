"""Deals: from an offer to a customer."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of, require_hold
from funnel.actions.stages import enter_stage
from funnel.events import DealsWon
from funnel.models import Deal, DealStatus
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Company, Lead, Stage


class CannotOpenDeal(Refusal):
    """There is nothing to sell to this lead yet, or the figures do not fit."""


class CannotCloseDeal(Refusal):
    """What winning or losing needs is missing."""


class DealClosed(Conflict):
    """The deal has been decided already, and differently."""


def open_deal(
    lead: Lead,
    *,
    name: str,
    by: Member | None,
    now: datetime,
    amount: int | None = None,
    margin: int | None = None,
    expected_on: date | None = None,
    key: str | None = None,
) -> Deal:
    """Begin a sale to an SQL or a customer; amount and margin in cents, if known.

    Refuses leads that nobody qualified, and figures that cannot be. The same `key` opens one deal.
    """
    require_hold(lead, by)
    _refuse_unqualified(lead)
    _refuse_wrong_figures(amount, margin)
    content: dict[str, Any] = {
        "lead": lead,
        "company_id": lead.company_id,
        "owner_id": lead.owner_id or id_of(by),
        "name": name,
        "amount": amount,
        "margin": margin,
        "expected_on": expected_on,
        "opened_at": now,
    }
    with transaction.atomic():
        if key is None:
            deal, is_new = Deal.objects.create(**content), True
        else:
            deal, is_new = Deal.objects.get_or_create(key=key, defaults=content)
        if is_new:
            _record(Kind.DEAL_OPENED, deal, by=by, now=now)
    return deal


def change_deal(
    deal: Deal,
    *,
    name: str,
    amount: int | None,
    margin: int | None,
    expected_on: date | None,
    by: Member | None,
) -> None:
    """Correct an open deal. Refuses a closed one: its figures are in the reports."""
    require_hold(deal.lead, by)
    _refuse_wrong_figures(amount, margin)
    changed = Deal.objects.open().filter(pk=deal.pk)
    if not changed.update(name=name, amount=amount, margin=margin, expected_on=expected_on):
        raise DealClosed(_("“%(deal)s” is closed and stays as it is.") % {"deal": deal})


def win_deal(
    deal: Deal, *, amount: int | None, margin: int | None, by: Member | None, now: datetime
) -> None:
    """Close a deal as sold: the lead becomes a customer, and so does the company.

    Amount and gross margin (cents) are required: return on investment stands on them. Winning
    again with the same figures changes nothing.
    """
    require_hold(deal.lead, by)
    amount, margin = _required_figures(amount, margin)
    with transaction.atomic():
        fresh = Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
        if fresh.status == DealStatus.WON and (fresh.amount, fresh.margin) == (amount, margin):
            return
        _refuse_closed(fresh)
        figures = {"amount": amount, "margin": margin}
        _close(fresh, DealStatus.WON, now=now, **figures)
        _record(Kind.DEAL_WON, fresh, by=by, now=now)
        _make_customer(fresh, by=by, now=now)
        publish(DealsWon((fresh.lead_id,)))


def lose_deal(deal: Deal, *, reason: str, by: Member | None, now: datetime) -> None:
    """Close a deal as lost. Refuses without a reason; losing again changes nothing."""
    require_hold(deal.lead, by)
    if not reason.strip():
        raise CannotCloseDeal(_("Say why the deal is lost."), field="reason")
    with transaction.atomic():
        fresh = Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
        if fresh.status == DealStatus.LOST:
            return
        _refuse_closed(fresh)
        _close(fresh, DealStatus.LOST, now=now, reason=reason)
        _record(Kind.DEAL_LOST, fresh, by=by, now=now)


def _make_customer(deal: Deal, *, by: Member | None, now: datetime) -> None:
    reason = _("Bought: %(deal)s.") % {"deal": deal}
    enter_stage([deal.lead_id], stage=Stage.CUSTOMER, reason=reason, by=by, now=now)
    Company.objects.filter(pk=deal.company_id, customer_since=None).update(customer_since=now)


def _close(deal: Deal, status: DealStatus, *, now: datetime, **rest: object) -> None:
    content = {"status": status, "closed_at": now, **rest}
    for name, value in content.items():
        setattr(deal, name, value)
    deal.save(update_fields=list(content))


def _refuse_unqualified(lead: Lead) -> None:
    if lead.stage in (Stage.SQL, Stage.CUSTOMER):
        return
    sentence = _("%(lead)s is in the stage %(stage)s. Qualify the lead first, then open a deal.")
    raise CannotOpenDeal(sentence % {"lead": lead, "stage": lead.get_stage_display()}, field="lead")


def _refuse_wrong_figures(amount: int | None, margin: int | None) -> None:
    if amount is not None and amount <= 0:
        raise CannotOpenDeal(_("The amount must be more than nothing."), field="amount")
    if amount is not None and margin is not None and margin > amount:
        sentence = _("The gross margin is what remains of the amount, so it cannot be more.")
        raise CannotOpenDeal(sentence, field="margin")


def _required_figures(amount: int | None, margin: int | None) -> tuple[int, int]:
    if amount is None:
        raise CannotCloseDeal(_("For how much was it sold?"), field="amount")
    if margin is None:
        sentence = _("Give the gross margin as well: return on investment stands on it.")
        raise CannotCloseDeal(sentence, field="margin")
    _refuse_wrong_figures(amount, margin)
    return amount, margin


def _refuse_closed(deal: Deal) -> None:
    if deal.status != DealStatus.OPEN:
        sentence = _("“%(deal)s” is closed already: %(status)s.")
        raise DealClosed(sentence % {"deal": deal, "status": deal.get_status_display()})


def _record(kind: Kind, deal: Deal, *, by: Member | None, now: datetime) -> None:
    facts = {"deal": deal.name, "amount": deal.amount, "margin": deal.margin, "reason": deal.reason}
    activity = NewActivity(
        kind=kind,
        occurred_at=now,
        lead_id=deal.lead_id,
        properties={name: value for name, value in facts.items() if value not in (None, "")},
        by_id=id_of(by),
    )
    record_activities([activity], now=now)
