"""Closing qualification cycles: what they were is kept, and new ones begin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of, require_hold
from funnel.actions.stages import REASON_LENGTH, enter_stage
from funnel.cycles import Closing, stories
from funnel.models import ClosedCycle, CycleOutcome, Deal, Onward
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.cycles import InCycle, set_cycles
from leads.actions.standing import RANK
from leads.kinds import Kind
from leads.models import Lead, Stage
from scoring.actions.beside import rescore_all
from scoring.actions.cycles import Carried, start_scores
from scoring.models import Carry

MOST_CYCLES = 1_000
MOST_PERCENT = 100
MOST_POINTS = 1_000
UNFINISHED = """
UPDATE funnel_qualification AS open SET cycle = lead.cycle FROM leads_lead AS lead
WHERE open.workspace_id = %(workspace)s AND open.outcome = '' AND open.lead_id = lead.id
  AND lead.workspace_id = %(workspace)s AND lead.id = ANY(%(ids)s::uuid[])
"""
KEEP = """
INSERT INTO funnel_closedcycle (workspace_id, lead_id, number, begun_at, closed_at, by_id, reason,
    outcome, stage, highest_stage, score, lead_class, grade, owner_id, carry, carry_amount, onward,
    story)
SELECT %(workspace)s, lead_id, number, begun_at, %(now)s, %(by)s::uuid, %(reason)s,
    outcome, stage, highest_stage, score, lead_class, grade, owner_id, %(carry)s, %(amount)s,
    %(onward)s, story
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(lead_id uuid, number int, begun_at timestamptz,
    outcome text, stage text, highest_stage text, score int, lead_class text, grade text,
    owner_id uuid, story jsonb)
RETURNING lead_id, id
"""


class CannotCloseCycle(Refusal):
    """The closing makes no sense as told, or something of the cycle is still under way."""


class CycleMovedOn(Conflict):
    """Somebody else has closed this cycle, or the next one has gone too far."""


@dataclass(frozen=True)
class Ending:
    """How cycles end: why, what is carried over, and where the leads stand then."""

    reason: str
    carried: Carried = field(default_factory=Carried)
    onward: str = Onward.LEAD


def close_cycle(
    lead: Lead, ending: Ending, *, number: int, by: Member | None, now: datetime
) -> ClosedCycle:
    """Close the cycle `number` of one lead; the archive.

    Refuses a closing without a reason, a carry-over nobody can follow, somebody else's lead to a
    rep, a way back to lead while a deal is open, and a cycle that is closed already.
    """
    require_hold(lead, by)
    closed = close_cycles([lead.pk], ending, by=by, now=now, number=number)
    if lead.pk not in closed:
        raise _why_not(lead, number)
    archive: ClosedCycle = ClosedCycle.objects.get(pk=closed[lead.pk])
    return archive


def close_cycles(
    lead_ids: Iterable[UUID],
    ending: Ending,
    *,
    by: Member | None,
    now: datetime,
    number: int | None = None,
) -> dict[UUID, UUID]:
    """Close the present cycle of these leads and begin the next; lead → archive.

    Leads with an open deal stay as they are if they were to go back to lead; customers stay
    customers. `number`: only leads that are in this cycle. Nothing fires because of it: response
    times and sequences of the stage they leave end, and no new ones begin.
    """
    refuse_vague(ending)
    with transaction.atomic():
        ids = sorted(set(lead_ids))
        rescore_all(ids, now=now, is_quiet=True)  # waits for its turn, before any lead is locked
        leads = _closable(ids, ending, number, now)
        closings = [_closing(lead, now) for lead in leads]
        archived = _keep(leads, stories(closings), ending, by=by, now=now)
        _begin(leads, ending, now=now)
        _go_back(leads, ending, by=by, now=now)
        _record(closings, ending, by=by, now=now)
    return archived


def refuse_vague(ending: Ending) -> None:
    """Refuse a closing that says too little, or something that cannot be."""
    if not ending.reason.strip():
        raise CannotCloseCycle(_("Say why, so that others can follow."), field="reason")
    if ending.onward not in Onward.values:
        raise CannotCloseCycle(
            _("“Onward” is %(value)s; allowed: %(allowed)s.")
            % {"value": ending.onward, "allowed": ", ".join(Onward.values)},
            field="onward",
        )
    _refuse_amount(ending.carried)


def _refuse_amount(carried: Carried) -> None:
    if carried.kind not in Carry.values:
        raise CannotCloseCycle(
            _("“Carry over” is %(value)s; allowed: %(allowed)s.")
            % {"value": carried.kind, "allowed": ", ".join(Carry.values)},
            field="carry",
        )
    most = {Carry.SHARE.value: MOST_PERCENT, Carry.POINTS.value: MOST_POINTS}.get(carried.kind, 0)
    if (most == 0) != (carried.amount == 0) or not 0 <= carried.amount <= most:
        sentence = _("%(amount)s cannot be carried over; say from 1 to %(most)s.")
        if most == 0:
            sentence = _("Leave the amount empty, or choose a share or points to carry over.")
        raise CannotCloseCycle(
            sentence % {"amount": carried.amount, "most": most}, field="carry_amount"
        )


def _why_not(lead: Lead, number: int) -> Refusal:
    now = Lead.objects.get(pk=lead.pk)
    if now.cycle != number:
        sentence = _("Cycle %(number)d of %(lead)s is closed already; it is in cycle %(now)d now.")
        return CycleMovedOn(sentence % {"number": number, "lead": lead, "now": now.cycle})
    sentence = _(
        "%(lead)s has an open deal. Win or lose it first, or let the lead stay in its stage."
    )
    return CannotCloseCycle(sentence % {"lead": lead}, field="onward")


def _closable(ids: Sequence[UUID], ending: Ending, number: int | None, now: datetime) -> list[Lead]:
    """The leads, locked; without those that may not go back, or are elsewhere by now."""
    leads = Lead.objects.select_for_update(no_key=True).filter(pk__in=ids, cycle__lt=MOST_CYCLES)
    leads = leads.exclude(cycle_began_at__gte=now).order_by("pk")
    if number is not None:
        leads = leads.filter(cycle=number)
    found = list(leads)
    if ending.onward != Onward.LEAD:
        return found
    open_deals = Deal.objects.open().filter(lead_id__in=[lead.pk for lead in found])
    busy = set(open_deals.values_list("lead_id", flat=True))
    return [lead for lead in found if lead.pk not in busy or lead.stage == Stage.CUSTOMER]


def _closing(lead: Lead, now: datetime) -> Closing:
    return Closing(lead.pk, lead.cycle, lead.cycle_began_at or lead.created_at, now)


def _keep(
    leads: Sequence[Lead],
    told: Mapping[UUID, dict[str, Any]],
    ending: Ending,
    *,
    by: Member | None,
    now: datetime,
) -> dict[UUID, UUID]:
    rows = [_row(lead, told[lead.pk], now) for lead in leads]
    return dict(
        fetch(
            KEEP,
            rows=as_jsonb(rows),
            by=id_of(by),
            now=now,
            reason=ending.reason.strip()[:REASON_LENGTH],
            carry=ending.carried.kind,
            amount=ending.carried.amount,
            onward=ending.onward,
        )
    )


def _row(lead: Lead, story: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "lead_id": lead.pk,
        "number": lead.cycle,
        "begun_at": (lead.cycle_began_at or lead.created_at).isoformat(),
        "outcome": _outcome(lead, story),
        "stage": lead.stage,
        "highest_stage": _highest(lead, story),
        "score": lead.score,
        "lead_class": lead.lead_class,
        "grade": lead.grade,
        "owner_id": lead.owner_id,
        "story": story,
    }


def _outcome(lead: Lead, story: Mapping[str, Any]) -> str:
    deals = {deal["status"] for deal in story.get("deals", ())}
    ways = (
        ("won" in deals, CycleOutcome.WON),
        (lead.stage == Stage.DISQUALIFIED, CycleOutcome.NEVER),
        (lead.stage == Stage.NURTURING, CycleOutcome.NOT_NOW),
        ("lost" in deals, CycleOutcome.LOST),
    )
    return next((outcome for is_so, outcome in ways if is_so), CycleOutcome.NOTHING)


def _highest(lead: Lead, story: Mapping[str, Any]) -> str:
    """The furthest stage of this cycle; the lead itself keeps the furthest of its life."""
    path = story.get("path", ())
    stages = [path[0]["from"], *(move["to"] for move in path)] if path else [lead.stage]
    return max(map(Stage, stages), key=RANK.index)


def _begin(leads: Sequence[Lead], ending: Ending, *, now: datetime) -> None:
    """Questions half asked go on; the archive keeps how far they had come."""
    ids = [lead.pk for lead in leads]
    set_cycles(InCycle(lead.pk, lead.cycle + 1, now) for lead in leads)
    execute(UNFINISHED, ids=ids)
    start_scores(ids, ending.carried, now=now)


def _go_back(leads: Sequence[Lead], ending: Ending, *, by: Member | None, now: datetime) -> None:
    if ending.onward == Onward.LEAD:
        back = [lead.pk for lead in leads if lead.stage not in (Stage.LEAD, Stage.CUSTOMER)]
        reason = _("Cycle closed: %(reason)s") % {"reason": ending.reason.strip()}
        enter_stage(back, stage=Stage.LEAD, reason=reason, by=by, now=now, is_quiet=True)


def _record(
    closings: Sequence[Closing], ending: Ending, *, by: Member | None, now: datetime
) -> None:
    facts = [
        NewActivity(
            kind=Kind.CYCLE_CLOSED,
            occurred_at=now,
            lead_id=each.lead_id,
            properties={"number": each.number, "reason": ending.reason.strip()[:REASON_LENGTH]},
            by_id=id_of(by),
        )
        for each in closings
    ]
    record_activities(facts, now=now, is_quiet=True)
