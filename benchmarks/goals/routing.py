"""Giving 500 leads an owner by published rules, whole: turns, hours, history, why, events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from benchmarks.goals.queueing import full_pool
from benchmarks.measuring import Goal, Outcome, in_turns, seconds
from benchmarks.world import World
from funnel.actions.arranging import arrange_queue
from funnel.models import Assignment, RoutingPlan
from funnel.routing.drafting import RuleWords, replace_rules, start_draft
from funnel.routing.giving import route_leads
from funnel.routing.publishing import publish_plan, switch_off
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.actions.teams import save_team
from leadmgmt.workspaces.models import Member, Role, Team, User
from leads.models import Activity, Lead, Stage

LEADS = 500
REPS = 6
COUNTRIES = ("Germany", "Greece", "Ukraine", "Spain", "")
ROW_BY_ROW = 19.0  # leads a second, the upper of the two figures known of Odoo

G7B = Goal(
    "G7b",
    "leads a second given an owner by rules, 500 at once / 19, Odoo's figure (not measured here)",
    floor=50,
    aim=200,
    unit="leads/s",
)
BY_HAND = Goal(
    "G7b hand",
    "the same / one after the other: who holds the fewest gets it, saved with its history",
    None,
    None,
    "leads/s",
)


class NotAllGiven(Exception):
    """Some lead stayed without an owner: something else was measured."""


def five_hundred(world: World) -> Iterator[Outcome]:
    """Leads a second, by the plan in force and row by row."""
    with inside(world.workspace.pk), full_pool(world, LEADS) as ids, _plan() as teams:
        ours, by_hand = in_turns(lambda: _routed(ids), lambda: _by_hand(ids, teams))
    yield Outcome(G7B, ours, ROW_BY_ROW)
    yield Outcome(BY_HAND, ours, by_hand)


def _routed(ids: Sequence[UUID]) -> float:
    taken = seconds(lambda: route_leads(ids, now=timezone.now()))
    return _rate(ids, taken)


def _by_hand(ids: Sequence[UUID], teams: Sequence[Team]) -> float:
    def work() -> None:
        for lead in Lead.objects.filter(pk__in=ids).order_by("stage_entered_at"):
            _give(lead, teams)

    return _rate(ids, seconds(work))


@transaction.atomic
def _give(lead: Lead, teams: Sequence[Team]) -> None:
    """As one writes it on the first day."""
    team = teams[COUNTRIES.index(lead.country) % len(teams)]
    held = Lead.objects.filter(owner__seats__team=team, stage__in=(Stage.MQL, Stage.SQL))
    load = dict(held.values_list("owner").annotate(Count("pk")))
    lead.owner_id = min(
        team.seats.values_list("member_id", flat=True), key=lambda each: (load.get(each, 0), each)
    )
    lead.save(update_fields=["owner_id"])
    Activity.objects.create(lead=lead, kind="assigned", occurred_at=timezone.now())


def _rate(ids: Sequence[UUID], taken: float) -> float:
    """How many a second; afterwards nobody has them."""
    found = Lead.objects.filter(pk__in=ids)
    if found.filter(owner=None).exists():
        raise NotAllGiven(f"{found.filter(owner=None).count()} of {len(ids)}")
    Assignment.objects.filter(lead_id__in=ids).delete()
    found.update(owner=None)
    arrange_queue(ids)
    return len(ids) / taken


@contextmanager
def _plan() -> Iterator[list[Team]]:
    """Two teams by country, by turns; afterwards nobody is routed."""
    reps = [_rep(number) for number in range(REPS)]
    teams = [_team("Bench North", reps[::2]), _team("Bench South", reps[1::2])]
    now = timezone.now()
    draft = start_draft(by=None, now=now)
    rules = [
        RuleWords(
            f"Rule {number}",
            {"field": "country", "is_one_of": [each for each in COUNTRIES[number::2] if each]},
            team=team,
            keeps_company=False,
            minds_hours=False,
        )
        for number, team in enumerate(teams)
    ]
    rest = RuleWords("Everybody else", team=teams[0], keeps_company=False, minds_hours=False)
    replace_rules(draft, [*rules, rest])
    publish_plan(draft, by=None, reason="Measured", now=now)
    try:
        yield teams
    finally:
        switch_off(now=timezone.now())
        RoutingPlan.objects.all().delete()


def _team(name: str, members: Sequence[Member]) -> Team:
    team = Team.objects.filter(name=name).first() or Team()
    return save_team(team, name=name, purpose="", members=members)


def _rep(number: int) -> Member:
    email = f"bench-rep-{number}@example.org"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    return Member.objects.get_or_create(
        user=user, defaults={"name": f"Bench rep {number}", "role": Role.REP}
    )[0]
