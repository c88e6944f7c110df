"""What routing has to know before it hands leads out, in one statement for each thing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from funnel.models import RoutingPlan, RoutingRule
from funnel.routing.choosing import Arrival, Desk
from funnel.routing.spurning import spurned_by
from funnel.routing.turns import Held, Seat
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.availability import staff_of
from leadmgmt.workspaces.models import Member
from leads.actions.standing import RANK
from leads.conditions import Sql, parse

# Whoever joined a team gets their share with the first turn that is taken there.
JOIN = """
INSERT INTO funnel_share (workspace_id, team_id, member_id, weight, territory)
SELECT seat.workspace_id, seat.team_id, seat.member_id, 1, '{}'::jsonb
FROM workspaces_teammember AS seat
WHERE seat.workspace_id = %(workspace)s AND seat.team_id = ANY(%(teams)s::uuid[])
ORDER BY seat.team_id, seat.member_id
ON CONFLICT (workspace_id, team_id, member_id) DO NOTHING
"""

# The lock keeps two workers from giving the same turn. A rehearsal looks at shares that are not
# there yet as they would be.
SEATS = """
SELECT coalesce(share.id, seat.id), seat.team_id, seat.member_id, coalesce(share.weight, 1),
    share.capacity, coalesce(share.territory, '{{}}'::jsonb), coalesce(share.credit, 0)
FROM workspaces_teammember AS seat
JOIN workspaces_member AS member
  ON member.workspace_id = seat.workspace_id AND member.id = seat.member_id
{kind} JOIN funnel_share AS share ON share.workspace_id = seat.workspace_id
 AND share.team_id = seat.team_id AND share.member_id = seat.member_id
WHERE seat.workspace_id = %(workspace)s AND seat.team_id = ANY(%(teams)s::uuid[])
  AND member.left_at IS NULL
ORDER BY share.id {lock}
"""

KEEPERS = """
SELECT company.id, coalesce(company.owner_id, (
    SELECT other.owner_id FROM leads_lead AS other
    WHERE other.workspace_id = company.workspace_id AND other.company_id = company.id
      AND other.owner_id IS NOT NULL AND other.stage <> 'disqualified'
      AND other.id <> ALL(%(without)s::uuid[])
    ORDER BY array_position(%(rank)s::text[], other.stage::text) DESC,
        other.stage_entered_at DESC, other.id
    LIMIT 1
))
FROM leads_company AS company
WHERE company.workspace_id = %(workspace)s AND company.id = ANY(%(companies)s::uuid[])
"""

HELD = """
SELECT owner_id, count(*) FROM leads_lead
WHERE workspace_id = %(workspace)s AND stage IN ('mql', 'sql')
  AND owner_id = ANY(%(members)s::uuid[])
GROUP BY owner_id
"""

NO_LOCK = {"kind": "LEFT", "lock": ""}

ARRIVING = """
SELECT lead.id, lead.company_id, ARRAY[{holds}]::boolean[], ARRAY[{at_home}]::boolean[]
FROM leads_lead AS lead
WHERE lead.workspace_id = %s AND lead.id = ANY(%s::uuid[])
ORDER BY lead.stage_entered_at, lead.id
"""


def desk_of(
    rules: Sequence[RoutingRule], *, since: datetime, is_locked: bool
) -> tuple[Desk, list[Any]]:
    """The rules with everybody they may give leads to, and the territories that must be asked.

    `is_locked`: the turns are ours until the transaction ends.
    """
    teams = [each.team_id for each in rules if each.team_id]
    seats, territories = _seats(teams, is_locked=is_locked)
    staff = staff_of(Member.objects.all(), since=since)
    desk = Desk(rules=rules, seats=_by_team(seats), staff=staff)
    return desk, territories


def rules_of(plan: RoutingPlan) -> list[RoutingRule]:
    """In the order in which they are asked."""
    return list(plan.rules.select_related("team", "member").order_by("position", "id"))


def arrivals(
    desk: Desk,
    territories: Sequence[Any],
    moments: Mapping[UUID, datetime],
    *,
    now: datetime,
) -> list[Arrival]:
    """These leads as the rules see them, whoever waited longest first."""
    ids = list(moments)
    rules = _asked([each.condition for each in desk.rules], ids, now)
    homes = _asked(territories, ids, now)
    sql = Sql(
        ARRIVING.format(holds=rules.text, at_home=homes.text),
        (*rules.params, *homes.params, current_workspace_id(), ids),
    )
    text, values = sql.named("asked")
    spurned = spurned_by(ids)
    return [
        Arrival(
            lead_id=lead_id,
            company_id=company_id,
            at=moments[lead_id],
            holds=holds,
            at_home=at_home,
            spurned_by=spurned.get(lead_id, frozenset()),
        )
        for lead_id, company_id, holds, at_home in fetch(text, **values)
    ]


def keepers_of(
    companies: Iterable[UUID | None], *, without: Sequence[UUID] = ()
) -> dict[UUID, UUID]:
    """Who has each of these companies: its owner, or else the owner of its furthest lead.

    Leads `without` which one asks say nothing.
    """
    asked = sorted({each for each in companies if each})
    rows = fetch(KEEPERS, companies=asked, rank=RANK, without=list(without)) if asked else []
    return {company: keeper for company, keeper in rows if keeper}


def held_by_members(desk: Desk) -> Held:
    """Open leads of those whose number is limited."""
    seats = [each for of_team in desk.seats.values() for each in of_team]
    limited = sorted({each.member_id for each in seats if each.capacity is not None})
    rows = fetch(HELD, members=limited) if limited else []
    return Held(dict(rows))


def _seats(teams: Sequence[UUID], *, is_locked: bool) -> tuple[list[Seat], list[Any]]:
    if not teams:
        return [], []
    if is_locked:
        execute(JOIN, teams=list(teams))
    territories: list[Any] = []
    seats: list[Seat] = []
    lock = {"kind": "", "lock": "FOR NO KEY UPDATE OF share"} if is_locked else NO_LOCK
    for row in fetch(SEATS.format(**lock), teams=list(teams)):
        seat_id, team_id, member_id, weight, capacity, told, credit = row
        territory = json.loads(told)
        place = len(territories) if territory else None
        if territory:
            territories.append(territory)
        seats.append(Seat(seat_id, team_id, member_id, weight, capacity, place, credit))
    return seats, territories


def _by_team(seats: Sequence[Seat]) -> dict[UUID, list[Seat]]:
    found: dict[UUID, list[Seat]] = {}
    for seat in seats:
        found.setdefault(seat.team_id, []).append(seat)
    return found


def _asked(trees: Sequence[Any], ids: Sequence[UUID], now: datetime) -> Sql:
    """One column for each condition; an empty one always holds."""
    pieces = [_holds(tree, ids, now) for tree in trees]
    text = ", ".join(each.text for each in pieces)
    return Sql(text, tuple(param for each in pieces for param in each.params))


def _holds(tree: Any, ids: Sequence[UUID], now: datetime) -> Sql:
    if not tree:
        return Sql("TRUE")
    return parse(tree, is_stored=True).where(now, among=ids).inside("coalesce((", "), FALSE)")
