"""Deals: opened, corrected, and moved from stage to stage."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.arranging import arrange_queue
from funnel.actions.deal_history import locked_deal, set_fields
from funnel.actions.holding import id_of, require_hold
from funnel.actions.pipelines import first_stage, hold_stage
from funnel.models import Deal, DealStatus, PipelineStage
from funnel.models.pipelines import CERTAIN
from funnel.products.summing import refuse_typed
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.staff import why_no_work
from leads import normalising
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Lead, Stage

LONGEST = {"name": 200, "next_step": 200}
CHANGEABLE = frozenset(
    {"name", "amount", "margin", "expected_on", "probability", "next_step", "next_step_on", "owner"}
)
MOST_MONEY = 10**15  # cents


class CannotOpenDeal(Refusal):
    """There is nothing to sell to this lead yet, or the figures do not fit."""


class KeyTaken(Conflict):
    """The key has opened a deal with somebody else."""


class DealClosed(Conflict):
    """The deal has been decided already, and differently."""


class CannotMoveDeal(Conflict):
    """The stage takes no deals, or somebody else has moved the deal meanwhile."""


def as_it_is(deal: Deal) -> Deal:
    """A new deal that is made of nothing more."""
    return deal


def open_deal(
    lead: Lead,
    *,
    name: str,
    by: Member | None,
    now: datetime,
    amount: int | None = None,
    margin: int | None = None,
    expected_on: date | None = None,
    stage: PipelineStage | None = None,
    key: str | None = None,
    filled: Callable[[Deal], Deal] = as_it_is,
    **rest: Any,
) -> Deal:
    """Begin a sale to an SQL or a customer; amount and margin in cents, if known.

    `rest`: probability, next_step, next_step_on, owner; `filled` puts into a new deal what it is
    made of. Refuses leads that nobody qualified, figures that cannot be, and a retired stage. The
    same `key` opens one deal, with one lead.
    """
    stage = stage or first_stage()
    _require_colleague(rest.get("owner"))
    changes = {"name": name, "amount": amount, "margin": margin, "expected_on": expected_on, **rest}
    with transaction.atomic():
        _refuse_retired(stage, hold_stage(stage))
        fresh = _qualified(lead, by)
        content: dict[str, Any] = {
            "lead": fresh,
            "company_id": fresh.company_id,
            "owner_id": fresh.owner_id or id_of(by),
            "stage": stage,
            "stage_entered_at": now,
            "opened_at": now,
            **sound(changes),
        }
        if key is None:
            deal, is_new = Deal.objects.create(**content), True
        else:
            deal, is_new = Deal.objects.get_or_create(key=key, defaults=content)
            _refuse_taken(key, deal, fresh)
        if is_new:
            deal = filled(deal)
            record(Kind.DEAL_OPENED, deal, by=by, now=now)
            arrange_queue([lead.pk])
    return deal


def change_deal(
    deal: Deal,
    *,
    changes: Mapping[str, Any],
    by: Member | None,
    now: datetime,
    seen: int | None = None,
) -> Deal:
    """Correct an open deal: only what `changes` names; what it said before is kept.

    Refuses a closed one (its figures are in the reports), figures that cannot be or that its
    lines say otherwise, and a deal that is not any more as it was `seen` (its version).
    """
    require_hold(deal.lead, by)
    with transaction.atomic():
        fresh = locked_deal(deal, seen)
        if fresh.status != DealStatus.OPEN:
            raise DealClosed(_("“%(deal)s” is closed and stays as it is.") % {"deal": fresh})
        if changes.get("owner") != fresh.owner:
            _require_colleague(changes.get("owner"))
        refuse_typed(fresh, changes)
        known = {"amount": fresh.amount, "margin": fresh.margin}
        wanted = sound({**known, **{name: changes[name] for name in CHANGEABLE & changes.keys()}})
        set_fields(fresh, wanted, by=by, now=now)
        arrange_queue([fresh.lead_id])
    return fresh


def move_deal(
    deal: Deal,
    *,
    stage: PipelineStage,
    by: Member | None,
    now: datetime,
    seen_in: PipelineStage | None = None,
) -> Deal:
    """Put an open deal into another stage, of any pipeline; there already: nothing changes.

    Refuses a closed deal, a retired stage, and a deal that is not any more where it was
    `seen_in`.
    """
    require_hold(deal.lead, by)
    with transaction.atomic():
        is_in_use = hold_stage(stage)
        fresh = locked_deal(deal)
        if fresh.stage_id == stage.pk:
            return fresh
        refuse_closed(fresh)
        _refuse_retired(stage, is_in_use)
        if seen_in is not None and fresh.stage_id != seen_in.pk:
            sentence = _("“%(deal)s” was moved to “%(stage)s” meanwhile, so it stays there.")
            raise CannotMoveDeal(sentence % {"deal": fresh, "stage": fresh.stage})
        set_fields(fresh, {"stage": stage, "stage_entered_at": now}, by=by, now=now)
    return fresh


def sound(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept; refuses those that cannot be right."""
    made = dict(changes)
    for name in LONGEST.keys() & made.keys():
        made[name] = normalising.plain_text(made[name], field=name, most=LONGEST[name])
    if not made.get("name", "x"):
        raise CannotOpenDeal(_("A deal needs a name: what may be sold?"), field="name")
    refuse_wrong_figures(made.get("amount"), made.get("margin"))
    probability = made.get("probability")
    if probability is not None and not 0 <= probability <= CERTAIN:
        sentence = _("The probability %d is out of range; allowed are 0 to 100 percent.")
        raise CannotOpenDeal(sentence % probability, field="probability")
    return made


def refuse_wrong_figures(amount: int | None, margin: int | None) -> None:
    """An amount is more than nothing, and the margin a part of it."""
    if amount is not None and amount <= 0:
        raise CannotOpenDeal(_("The amount must be more than nothing."), field="amount")
    if amount is not None and margin is not None and margin > amount:
        sentence = _("The gross margin is what remains of the amount, so it cannot be more.")
        raise CannotOpenDeal(sentence, field="margin")
    for field, value in (("amount", amount), ("margin", margin)):
        if value is not None and abs(value) > MOST_MONEY:
            raise CannotOpenDeal(_("The sum is larger than anybody can pay."), field=field)


def refuse_closed(deal: Deal) -> None:
    """What is decided is not decided again, nor moved."""
    if deal.status != DealStatus.OPEN:
        sentence = _("“%(deal)s” is closed already: %(status)s.")
        raise DealClosed(sentence % {"deal": deal, "status": deal.get_status_display()})


def record(kind: Kind, deal: Deal, *, by: Member | None, now: datetime) -> None:
    """Put a fact about the deal on the timeline of its lead."""
    facts = {"deal": deal.name, "amount": deal.amount, "margin": deal.margin, "reason": deal.reason}
    activity = NewActivity(
        kind=kind,
        occurred_at=now,
        lead_id=deal.lead_id,
        properties={name: value for name, value in facts.items() if value not in (None, "")},
        by_id=id_of(by),
    )
    record_activities([activity], now=now)


def _qualified(lead: Lead, by: Member | None) -> Lead:
    """The lead as it is now, locked; whoever asks may have looked at it a while ago."""
    leads = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
    fresh: Lead | None = leads.filter(pk=lead.pk).first()
    if fresh is None:
        sentence = _("%(lead)s was removed meanwhile, or merged into somebody else.")
        raise CannotOpenDeal(sentence % {"lead": lead}, field="lead")
    require_hold(fresh, by)
    if fresh.stage not in (Stage.SQL, Stage.CUSTOMER):
        sentence = _(
            "%(lead)s is in the stage %(stage)s. Qualify the lead first, then open a deal."
        )
        told = {"lead": fresh, "stage": fresh.get_stage_display()}
        raise CannotOpenDeal(sentence % told, field="lead")
    return fresh


def _require_colleague(owner: Member | None) -> None:
    if sentence := why_no_work(owner):
        raise CannotOpenDeal(sentence, field="owner")


def _refuse_taken(key: str, deal: Deal, lead: Lead) -> None:
    if deal.lead_id != lead.pk:
        sentence = _(
            "The key “%(key)s” has opened a deal with another lead. Send a key of its own."
        )
        raise KeyTaken(sentence % {"key": key}, field="key")


def _refuse_retired(stage: PipelineStage, is_in_use: bool) -> None:
    if not is_in_use:
        sentence = _("“%(stage)s” takes no more deals. Choose a stage that is in use.")
        raise CannotMoveDeal(sentence % {"stage": stage}, field="stage")
