"""Who gets which lead: two teams, the plan they agreed on, what it gave, and who waits today.

The firm routes since five weeks. The South is short of people today: one is on holiday, the other
has as many leads as agreed. Whoever the plan does not name stays in the pool. Where the dice left
too few of either for a visitor to see it, some called and asked for a demo an hour ago.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from funnel.actions.stages import enter_stage
from funnel.models import Assignment, Manner, RoutingPlan, RoutingRule, Target
from funnel.routing import wording
from funnel.routing.drafting import RuleWords, replace_rules, start_draft
from funnel.routing.giving import route_leads
from funnel.routing.knowing import rules_of
from funnel.routing.publishing import publish_plan
from funnel.routing.shares import ShareWords, set_share
from leadmgmt.demo import cast
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.actions.teams import save_team
from leadmgmt.workspaces.actions.working_times import Hours, note_absence, set_working_time
from leadmgmt.workspaces.availability import Staff, staff_of
from leadmgmt.workspaces.models import Member, Team
from leads.models import Lead, Stage

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SINCE = 35 * DAY
WAITING = 2
BIG = 500
NORTH, SOUTH = ("Germany", "Netherlands", "Poland"), ("Greece", "Ukraine", "Spain")
REASON = (
    "Whoever was quickest took the best leads, and Greek ones waited for somebody who speaks Greek"
)
CALLED = "Called and asked for a demo"

# Whom a rep of today has from the time of the plan, and what a rule would have asked then.
GOT = """
SELECT lead.id, lead.owner_id, lead.country, coalesce(company.employees, 0), mql.moved_at,
    taken.occurred_at, EXISTS (
        SELECT FROM leads_lead AS other
        WHERE other.workspace_id = lead.workspace_id AND other.company_id = lead.company_id
          AND other.owner_id = lead.owner_id AND other.id <> lead.id
          AND other.created_at < mql.moved_at AND other.highest_stage <> 'lead'
    )
FROM funnel_stagemove AS mql
JOIN leads_lead AS lead ON lead.workspace_id = mql.workspace_id AND lead.id = mql.lead_id
LEFT JOIN leads_company AS company
  ON company.workspace_id = lead.workspace_id AND company.id = lead.company_id
JOIN LATERAL (
    SELECT min(occurred_at) AS occurred_at FROM leads_activity AS activity
    WHERE activity.workspace_id = lead.workspace_id AND activity.lead_id = lead.id
      AND activity.kind = 'assigned' AND activity.occurred_at >= mql.moved_at
) AS taken ON taken.occurred_at <= %(now)s
WHERE mql.workspace_id = %(workspace)s AND mql.to_stage = 'mql' AND mql.moved_at >= %(since)s
  AND mql.cycle = 1 AND lead.owner_id IS NOT NULL
ORDER BY mql.moved_at, lead.id
"""

# The rule gave it: nobody took it, and the timeline says why.
TELL = """
UPDATE leads_activity AS activity
SET by_id = NULL, occurred_at = row.at, received_at = row.at,
    properties = activity.properties || jsonb_build_object('word', row.why)
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS row(lead_id uuid, taken_at timestamptz, at timestamptz, why text)
WHERE activity.workspace_id = %(workspace)s AND activity.lead_id = row.lead_id
  AND activity.kind = 'assigned' AND activity.occurred_at = row.taken_at
"""


class Got(NamedTuple):
    """A lead somebody has, as the plan would have seen it."""

    lead_id: UUID
    owner_id: UUID
    country: str
    employees: int
    mql_at: datetime
    taken_at: datetime
    has_company: bool


def route_by_plan(members: Mapping[str, UUID], *, now: datetime) -> None:
    """Found the teams, publish the plan, tell what it gave, and let today's hard cases wait."""
    people = {key: Member.objects.get(pk=pk) for key, pk in members.items()}
    with timezone.override(ZoneInfo(cast.TIME_ZONE)):
        north, south = _teams(people, now)
        plan = _plan(north, south, people["manager"], at=now - SINCE)
        _past(plan, people, now=now)
        hard = _hard_cases(people["manager"], now=now)
        _be_short_of_people(south, people, now=now)
        route_leads(hard, now=now)


def _teams(people: Mapping[str, Member], now: datetime) -> tuple[Team, Team]:
    """Two teams of two; in the North who is quicker has two turns, and they work in Berlin."""
    north = _team("North", NORTH, [people["rep"], people["rob"]], now)
    south = _team("South", SOUTH, [people["sofia"], people["dmytro"]], now)
    said: dict[str, Any] = {"by": people["manager"], "now": now}
    set_share(north, people["rep"], ShareWords(weight=2, capacity=60), **said)
    set_share(north, people["rob"], ShareWords(weight=1, capacity=50), **said)
    set_share(south, people["sofia"], ShareWords(weight=1, capacity=40), **said)
    set_working_time(north, Hours(range(5), time(8), time(18), "Europe/Berlin", "DE"))
    return north, south


def _team(name: str, countries: Sequence[str], members: Sequence[Member], now: datetime) -> Team:
    team = save_team(Team(), name=name, purpose=", ".join(countries), members=members)
    Team.objects.filter(pk=team.pk).update(created_at=now - SINCE - DAY)
    team.seats.update(joined_at=now - SINCE - DAY)
    return team


def _plan(north: Team, south: Team, manager: Member, *, at: datetime) -> RoutingPlan:
    draft = start_draft(by=manager, now=at - DAY)
    big = {"field": "company.employees", "is_at_least": BIG}
    rules = [
        RuleWords("Big firms", big, target=Target.MEMBER, member=manager),
        RuleWords("North", _in(NORTH), team=north),
        RuleWords("South", _in(SOUTH), team=south, keeps_company=False),
        RuleWords("Everybody else", target=Target.POOL),
    ]
    replace_rules(draft, rules)
    return publish_plan(draft, by=manager, reason=REASON, now=at)


def _in(countries: Sequence[str]) -> dict[str, Any]:
    return {"field": "country", "is_one_of": list(countries)}


def _past(plan: RoutingPlan, people: Mapping[str, Member], *, now: datetime) -> None:
    """What the plan gave since: leads whose rep is whom it would have chosen."""
    rules, staff = rules_of(plan), staff_of(people.values(), since=now - SINCE)
    seats = {rule.pk: set(rule.team.seats.values_list("member_id", flat=True))
             for rule in rules if rule.team}  # fmt: skip
    given: list[Assignment] = []
    told: list[dict[str, Any]] = []
    for got in (Got(*row) for row in fetch(GOT, since=now - SINCE, now=now)):
        rule = _rule_of(got, rules)
        if made := _given(got, rule, seats.get(rule.pk, set()), staff):
            given.append(made)
            told.append({"lead_id": got.lead_id, "taken_at": got.taken_at,
                         "at": made.assigned_at, "why": made.why})  # fmt: skip
    Assignment.objects.bulk_create(given)
    execute(TELL, rows=as_jsonb(told))


def _rule_of(got: Got, rules: Sequence[RoutingRule]) -> RoutingRule:
    big, north, south, rest = rules
    if got.employees >= BIG:
        return big
    if got.country in NORTH:
        return north
    return south if got.country in SOUTH else rest


def _given(got: Got, rule: RoutingRule, team: set[UUID], staff: Staff) -> Assignment | None:
    """As the rule would have written it; None where it would have chosen somebody else."""
    name = staff.members[got.owner_id].name
    if rule.target != Target.POOL and rule.keeps_company and got.has_company:
        manner, why = Manner.COMPANY, wording.by_company(rule, name)
    elif got.owner_id in team:
        manner, why = Manner.TURN, wording.in_turn(rule, name, len(team), ())
    else:
        return None
    opens_at = staff.presence(got.owner_id, got.mql_at).opens_at
    at = min(opens_at or got.mql_at + MINUTE, got.taken_at)
    return Assignment(
        lead_id=got.lead_id, member_id=got.owner_id, rule=rule, manner=manner, why=why,
        assigned_at=at,
    )  # fmt: skip


def _be_short_of_people(south: Team, people: Mapping[str, Member], *, now: datetime) -> None:
    today = timezone.localdate(now)
    days = {"from_on": today, "until_on": today + 6 * DAY}
    note_absence(people["sofia"], **days, word="Holiday", by=people["manager"])
    dmytro = people["dmytro"]
    held = Lead.objects.filter(owner=dmytro, stage__in=(Stage.MQL, Stage.SQL)).count()
    words = ShareWords(weight=2, capacity=held)
    set_share(south, dmytro, words, by=people["manager"], now=now)


def _hard_cases(manager: Member, *, now: datetime) -> list[UUID]:
    """Two of the South in the pool whom nobody ever had, and one from elsewhere."""
    south, elsewhere = Q(country__in=SOUTH), ~Q(country__in=(*NORTH, *SOUTH))
    _call_in(south, WAITING, by=manager, now=now)
    _call_in(elsewhere, 1, by=manager, now=now)
    mqls = _small_firms(now).filter(south, stage=Stage.MQL).order_by("stage_entered_at", "id")
    return list(mqls.values_list("pk", flat=True)[:WAITING])


def _call_in(whom: Q, count: int, *, by: Member, now: datetime) -> None:
    """See that there are `count` MQLs of these: the most promising that are missing called."""
    small = _small_firms(now).filter(whom)
    missing = count - small.filter(stage=Stage.MQL).count()
    if missing > 0:
        others = small.filter(stage=Stage.LEAD).order_by("-score", "id")
        ids = list(others.values_list("pk", flat=True)[:missing])
        enter_stage(ids, stage=Stage.MQL, reason=CALLED, by=by, now=now - HOUR)


def _small_firms(now: datetime) -> QuerySet[Lead]:
    """Leads nobody has that no other rule takes first, quiet for the last hour."""
    known = Lead.objects.filter(owner=None, stage_entered_at__lt=now - HOUR)
    return known.exclude(company__employees__gte=BIG)
