"""Deciding deals: won, lost, and opened again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from funnel.actions.arranging import arrange_queue
from funnel.actions.deal_history import locked_deal, set_fields
from funnel.actions.deals import record, refuse_closed, refuse_wrong_figures
from funnel.actions.holding import require_hold
from funnel.actions.pipelines import hold_stage_like
from funnel.actions.stages import enter_stage
from funnel.customers.keeping import keep_customers, keep_people
from funnel.events import DealsReopened, DealsWon
from funnel.models import CloseReason, Deal, DealStatus
from funnel.products.summing import sold_for
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.kinds import Kind
from leads.models import Company, Stage

LONGEST_REASON = 300


class CannotCloseDeal(Refusal):
    """What winning or losing needs is missing."""


def win_deal(
    deal: Deal,
    *,
    amount: int | None,
    margin: int | None,
    by: Member | None,
    now: datetime,
    close_reason: CloseReason | None = None,
    reason: str = "",
) -> None:
    """Close a deal as sold: the lead becomes a customer, and so does the company.

    Amount and gross margin (cents) are required: return on investment stands on them. A deal
    with lines has them; others are refused. Winning again with the same figures changes nothing.
    """
    require_hold(deal.lead, by)
    why = _why(DealStatus.WON, close_reason, reason)
    with transaction.atomic():
        fresh = locked_deal(deal)
        amount, margin = _required_figures(*sold_for(fresh, amount, margin))
        if fresh.status == DealStatus.WON and (fresh.amount, fresh.margin) == (amount, margin):
            return
        refuse_closed(fresh)
        figures = {"amount": amount, "margin": margin}
        closed = {"status": DealStatus.WON, "closed_at": now}
        set_fields(fresh, {**closed, **figures, **why}, by=by, now=now)
        record(Kind.DEAL_WON, fresh, by=by, now=now)
        _make_customer(fresh, by=by, now=now)
        publish(DealsWon((fresh.lead_id,)))


def lose_deal(
    deal: Deal,
    *,
    by: Member | None,
    now: datetime,
    reason: str = "",
    close_reason: CloseReason | None = None,
) -> None:
    """Close a deal as lost. Refuses without a reason; losing again changes nothing."""
    require_hold(deal.lead, by)
    if close_reason is None and not reason.strip():
        raise CannotCloseDeal(_("Say why the deal is lost."), field="reason")
    why = _why(DealStatus.LOST, close_reason, reason)
    with transaction.atomic():
        fresh = locked_deal(deal)
        if fresh.status == DealStatus.LOST:
            return
        refuse_closed(fresh)
        set_fields(fresh, {"status": DealStatus.LOST, "closed_at": now, **why}, by=by, now=now)
        arrange_queue([fresh.lead_id])
        record(Kind.DEAL_LOST, fresh, by=by, now=now)


def reopen_deal(deal: Deal, *, by: Member | None, now: datetime) -> Deal:
    """Take a decision back: the deal is open again, in the stage where it was.

    If that is retired, in the first stage of its pipeline, or of all. A sale that was none leaves
    the reports. Whose only purchase it was is an SQL again, and the company's first purchase is
    looked for anew. An open deal stays as it is.
    """
    require_hold(deal.lead, by)
    with transaction.atomic():
        stage = hold_stage_like(deal.stage)
        fresh = locked_deal(deal)
        if fresh.status == DealStatus.OPEN:
            return fresh
        was_won = fresh.status == DealStatus.WON
        opened: dict[str, Any] = {"status": DealStatus.OPEN, "closed_at": None}
        opened |= {"close_reason": None, "reason": ""}
        if stage.pk != fresh.stage_id:
            opened |= {"stage": stage, "stage_entered_at": now}
        set_fields(fresh, opened, by=by, now=now)
        if was_won:
            _unmake_customer(fresh, by=by, now=now)
            publish(DealsReopened((fresh.lead_id,)))
        arrange_queue([fresh.lead_id])
    return fresh


def _make_customer(deal: Deal, *, by: Member | None, now: datetime) -> None:
    reason = _("Bought: %(deal)s.") % {"deal": deal}
    enter_stage([deal.lead_id], stage=Stage.CUSTOMER, reason=reason, by=by, now=now)
    Company.objects.filter(pk=deal.company_id, customer_since=None).update(customer_since=now)
    # Of two first sales at once, the one that waited for the company finds it a customer already.
    keep_people([deal.lead_id], [deal.company_id], now=now)


def _unmake_customer(deal: Deal, *, by: Member | None, now: datetime) -> None:
    won = Deal.objects.won()
    if not won.filter(lead_id=deal.lead_id).exists():
        reason = _("Not bought after all: %(deal)s.") % {"deal": deal}
        enter_stage([deal.lead_id], stage=Stage.SQL, reason=reason, by=by, now=now, is_quiet=True)
    if deal.company_id:
        first = won.filter(company_id=deal.company_id).aggregate(at=Min("closed_at"))["at"]
        Company.objects.filter(pk=deal.company_id).update(customer_since=first)
        keep_customers(company_ids=[deal.company_id], now=now)


def _why(status: DealStatus, close_reason: CloseReason | None, reason: str) -> dict[str, object]:
    if close_reason is not None and close_reason.status != status:
        sentence = _("“%(reason)s” is a reason for deals that are %(status)s.")
        told = {"reason": close_reason, "status": close_reason.get_status_display()}
        raise CannotCloseDeal(sentence % told, field="close_reason")
    if close_reason is not None and close_reason.retired_at:
        sentence = _("“%(reason)s” is offered no more. Choose another reason.")
        raise CannotCloseDeal(sentence % {"reason": close_reason}, field="close_reason")
    words = normalising.plain_text(reason, field="reason", most=LONGEST_REASON)
    named = close_reason.name if close_reason and not words else words
    return {"close_reason": close_reason, "reason": named}


def _required_figures(amount: int | None, margin: int | None) -> tuple[int, int]:
    if amount is None:
        raise CannotCloseDeal(_("For how much was it sold?"), field="amount")
    if margin is None:
        sentence = _("Give the gross margin as well: return on investment stands on it.")
        raise CannotCloseDeal(sentence, field="margin")
    refuse_wrong_figures(amount, margin)
    return amount, margin
