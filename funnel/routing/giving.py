"""Routing: giving leads to those whose turn it is, and letting wait whom nobody can take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from funnel.models import RoutingPlan, Wait
from funnel.routing.choosing import Desk, Verdict
from funnel.routing.knowing import arrivals, desk_of, held_by_members, keepers_of, rules_of
from funnel.routing.waiting import forget_waits, keep_waits
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.standing import Gift, hand_out_leads

AT_ONCE = 1_000
FEW = 100

# Held until they have an owner: a rep who claims one now is either before us or after us.
LOCK = """
SELECT id, stage_entered_at FROM leads_lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
  AND stage = 'mql' AND owner_id IS NULL
ORDER BY id FOR NO KEY UPDATE
"""

POOL = """
SELECT id FROM leads_lead
WHERE workspace_id = %(workspace)s AND stage = 'mql' AND owner_id IS NULL
ORDER BY stage_entered_at, id
"""

WRITE = """
INSERT INTO funnel_assignment
    (workspace_id, lead_id, member_id, rule_id, manner, why, assigned_at)
SELECT %(workspace)s, row.lead_id, row.member_id, row.rule_id, row.manner, row.why, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS row(lead_id uuid, member_id uuid, rule_id uuid, manner text, why text)
"""

MOVE_TURNS = """
UPDATE funnel_share AS share SET credit = row.credit
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, credit int)
WHERE share.workspace_id = %(workspace)s AND share.id = row.id AND share.credit <> row.credit
"""


@dataclass(frozen=True)
class Routed:
    """How many leads got an owner, and how many wait for one."""

    given: int = 0
    waiting: int = 0

    def __add__(self, other: "Routed") -> "Routed":
        return Routed(self.given + other.given, self.waiting + other.waiting)


def route_leads(lead_ids: Sequence[UUID], *, now: datetime) -> Routed:
    """Give these leads an owner by the plan in force, whoever waited longest first.

    Set-wise: a few statements for a thousand leads. Only MQLs that nobody has are routed; while
    no plan is published, nobody is.
    """
    plan = RoutingPlan.objects.published().first()
    if plan is None:
        return Routed()
    routed = Routed()
    for start in range(0, len(lead_ids), AT_ONCE):
        routed += _route(plan, lead_ids[start : start + AT_ONCE], now=now)
    return routed


def route_waiting(*, now: datetime) -> Routed:
    """Try again for all who wait, the oldest first; each is looked at once in a round."""
    forget_waits(now=now)
    routed = Routed()
    while ids := _oldest(AT_ONCE, now):
        routed += _route_again(ids, now=now)
    return routed


def route_oldest(*, now: datetime) -> Routed:
    """Try again for the few who wait longest, because a rep may have room for one more.

    However many wait; everybody else's turn comes within a minute, by `route_waiting`.
    """
    return _route_again(_oldest(FEW, now), now=now)


def route_pool(*, now: datetime) -> Routed:
    """Route everybody in the pool, the oldest first."""
    return route_leads([row[0] for row in fetch(POOL)], now=now)


def _oldest(most: int, now: datetime) -> list[UUID]:
    asked = Wait.objects.filter(looked_at__lt=now).order_by("since", "id")
    return list(asked.values_list("lead_id", flat=True)[:most])


def _route_again(lead_ids: Sequence[UUID], *, now: datetime) -> Routed:
    routed = route_leads(lead_ids, now=now)
    # Whoever is still among them is nobody's case any more: the plan has changed.
    Wait.objects.filter(lead_id__in=lead_ids, looked_at__lt=now).delete()
    return routed


@transaction.atomic
def _route(plan: RoutingPlan, lead_ids: Sequence[UUID], *, now: datetime) -> Routed:
    moments = dict(fetch(LOCK, ids=list(lead_ids)))
    if not moments:
        return Routed()
    desk, territories = desk_of(rules_of(plan), since=now, is_locked=True)
    asked = arrivals(desk, territories, dict.fromkeys(moments, now), now=now)
    desk.held = held_by_members(desk)
    desk.keepers = keepers_of(each.company_id for each in asked)
    with timezone.override(desk.staff.zone):  # sentences tell moments as people's clocks do
        verdicts = [verdict for each in asked if (verdict := desk.choose(each))]
    given = [each for each in verdicts if each.member]
    missed = [each for each in verdicts if not each.member]
    _give(given, desk, now=now)
    keep_waits(missed, found=moments, now=now)
    return Routed(len(given), len(missed))


def _give(verdicts: Sequence[Verdict], desk: Desk, *, now: datetime) -> None:
    if not verdicts:
        return
    gifts = [Gift(each.lead_id, each.member, each.why) for each in verdicts if each.member]
    hand_out_leads(gifts, now=now)
    rows: list[dict[str, Any]] = [
        {
            "lead_id": each.lead_id,
            "member_id": each.member and each.member.pk,
            "rule_id": each.rule.pk,
            "manner": each.manner,
            "why": each.why,
        }
        for each in verdicts
    ]
    execute(WRITE, rows=as_jsonb(rows), now=now)
    turns = [
        {"id": seat.id, "credit": seat.credit} for seats in desk.seats.values() for seat in seats
    ]
    execute(MOVE_TURNS, rows=as_jsonb(turns))
