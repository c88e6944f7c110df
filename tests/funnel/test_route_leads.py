"""Routing: who gets a new MQL, and why."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.actions.claiming import claim_lead
from funnel.actions.stages import enter_stage
from funnel.models import (
    Assignment,
    Disposition,
    Lack,
    Otherwise,
    RoutingPlan,
    Share,
    Spell,
    Target,
    Wait,
)
from funnel.routing.drafting import RuleWords
from funnel.routing.giving import FEW, route_leads, route_pool, route_waiting
from funnel.routing.publishing import switch_off
from funnel.routing.shares import ShareWords, set_share
from leadmgmt.workspaces.actions.members import remove_member
from leadmgmt.workspaces.actions.teams import retire_team
from leadmgmt.workspaces.actions.working_times import (
    Hours,
    end_absence,
    note_absence,
    set_working_time,
)
from leadmgmt.workspaces.availability import workspace_zone
from leadmgmt.workspaces.models import Member, Notice, Team
from leads.models import Activity, Lead
from tests.builders import a_company, a_lead, a_plan, a_team
from tests.clients import drain
from tests.worlds import World

NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a Monday, 12:00 in Athens
GREEK = {"field": "country", "is": "Greece"}


@pytest.fixture
def south(world: World) -> Team:
    return a_team("South", world.rita, world.rob)


def to(team: Team, name: str = "Everybody", **given: Any) -> RuleWords:
    return RuleWords(name, team=team, **given)


def mqls(number: int, **given: Any) -> list[Lead]:
    return [a_lead(stage="mql", **given) for _ in range(number)]


def route(*leads: Lead, now: datetime = NOON) -> list[str]:
    route_leads([each.pk for each in leads], now=now)
    return [owner_of(each) for each in leads]


def owner_of(lead: Lead) -> str:
    lead.refresh_from_db()
    return str(lead.owner) if lead.owner else ""


def why(lead: Lead) -> str:
    found: Assignment | None = Assignment.objects.filter(lead=lead).order_by("-pk").first()
    return str(found.why if found else Wait.objects.get(lead=lead).why)


def away(member: Member, until: date = date(2026, 6, 3)) -> Any:
    return note_absence(member, from_on=date(2026, 6, 1), until_on=until, word="", by=None)


def test_a_new_workspace_routes_nobody(world: World) -> None:
    assert route(*mqls(2)) == ["", ""]
    assert not Wait.objects.exists()


def test_a_new_mql_gets_an_owner_by_itself(world: World, south: Team) -> None:
    a_plan(to(south))
    lead = a_lead()
    enter_stage([lead.pk], stage="mql", reason="Fits", now=NOON)
    drain()
    assert owner_of(lead) in ("Rita", "Rob")


@pytest.mark.parametrize("asked", [{"is_quiet": True}, {"spares": "routing"}])
def test_nobody_is_routed_when_that_effect_is_spared(
    world: World, south: Team, asked: dict[str, Any]
) -> None:
    a_plan(to(south))
    lead = a_lead()
    enter_stage([lead.pk], stage="mql", reason="Fits", now=NOON, **asked)
    drain()
    assert owner_of(lead) == ""


def test_leads_go_round_by_weight(world: World, south: Team) -> None:
    set_share(south, world.rita, ShareWords(weight=3), by=None, now=NOON)
    a_plan(to(south))
    owners = Counter(route(*mqls(8)))
    assert owners == {"Rita": 6, "Rob": 2}


def test_turns_go_on_from_one_batch_to_the_next(world: World, south: Team) -> None:
    a_plan(to(south))
    owners = [route(lead)[0] for lead in mqls(4)]
    assert owners[:2] in (["Rita", "Rob"], ["Rob", "Rita"])
    assert owners[2:] == owners[:2]


def test_the_first_rule_that_fits_decides(world: World, south: Team) -> None:
    north = a_team("North", world.max)
    a_plan(RuleWords("Greece", GREEK, team=south), to(north))
    greek, other = a_lead(stage="mql", country="Greece"), a_lead(stage="mql", country="Spain")
    owners = route(greek, other)
    assert owners[0] in ("Rita", "Rob")
    assert owners[1] == "Max"


def test_the_sentence_names_rule_team_turn_and_who_is_absent(world: World, south: Team) -> None:
    away(world.rob)
    team = a_team("Coast", world.rita, world.rob, world.max)
    a_plan(RuleWords("Greece", GREEK, team=team), to(south))
    lead = a_lead(stage="mql", country="Greece")
    [owner] = route(lead)
    assert why(lead) == (
        f"Routed by rule 1 “Greece”, round robin in team Coast: {owner}'s turn;"
        " Rob is absent until Jun 3, 2026."
    )
    told = Activity.objects.get(lead=lead, kind="assigned").properties
    assert told == {"owner": owner, "word": why(lead)}


def test_a_lead_somebody_has_is_not_routed(world: World, south: Team) -> None:
    a_plan(to(south))
    [lead] = mqls(1)
    claim_lead(lead, by=world.max, now=NOON)
    assert route(lead) == ["Max"]
    assert not Assignment.objects.exists()


def test_who_has_the_company_gets_its_next_lead(world: World, south: Team) -> None:
    a_plan(to(south))
    company = a_company()
    a_lead(stage="sql", owner=world.max, company=company)
    lead = a_lead(stage="mql", company=company)
    assert route(lead) == ["Max"]
    assert "Max has the company already" in why(lead)


def test_a_rule_may_pass_over_who_has_the_company(world: World, south: Team) -> None:
    a_plan(to(south, keeps_company=False))
    lead = a_lead(stage="mql", company=a_company(owner=world.max))
    assert route(lead)[0] in ("Rita", "Rob")


def test_two_people_of_one_new_company_go_to_one_rep(world: World, south: Team) -> None:
    a_plan(to(south))
    owners = route(*mqls(4, company=a_company()))
    assert len(set(owners)) == 1


def test_an_absent_owner_of_the_company_is_named_and_another_gets_the_lead(
    world: World, south: Team
) -> None:
    a_plan(to(south))
    away(world.max)
    lead = a_lead(stage="mql", company=a_company(owner=world.max))
    assert route(lead)[0] in ("Rita", "Rob")
    assert "Max is absent until Jun 3, 2026" in why(lead)


def test_nobody_gets_more_than_their_capacity(world: World, south: Team) -> None:
    set_share(south, world.rita, ShareWords(capacity=2), by=None, now=NOON)
    a_lead(stage="sql", owner=world.rita)
    a_plan(to(south))
    assert Counter(route(*mqls(6))) == {"Rita": 1, "Rob": 5}


def test_a_territory_keeps_leads_from_elsewhere_away(world: World, south: Team) -> None:
    set_share(south, world.rita, ShareWords(territory=GREEK), by=None, now=NOON)
    spanish = ShareWords(territory={"field": "country", "is": "Spain"})
    set_share(south, world.rob, spanish, by=None, now=NOON)
    a_plan(to(south))
    greeks, spaniards = mqls(2, country="Greece"), mqls(2, country="Spain")
    assert route(*greeks, *spaniards) == ["Rita", "Rita", "Rob", "Rob"]


def test_who_sent_a_lead_back_does_not_get_it_again(world: World, south: Team) -> None:
    a_plan(to(south))
    leads = mqls(3)
    for lead in leads:
        Disposition.objects.create(
            lead=lead, kind="recycled", reason="x", made_at=NOON, by=world.rita
        )
    assert route(*leads) == ["Rob"] * 3


def test_who_has_left_gets_nothing(world: World, south: Team) -> None:
    a_plan(to(south))
    remove_member(world.rob, by=world.ada, now=NOON)
    assert set(route(*mqls(3))) == {"Rita"}


class TestNobodyEligible:
    @pytest.fixture(autouse=True)
    def absent(self, world: World, south: Team) -> Any:
        return [away(world.rita), away(world.rob)]

    def test_a_lead_nobody_can_take_waits_and_says_why(self, world: World, south: Team) -> None:
        a_plan(to(south))
        [lead] = mqls(1)
        assert route(lead) == [""]
        wait = Wait.objects.get()
        assert wait.lack == Lack.NOBODY
        assert wait.why.startswith("Nobody eligible: rule 1 “Everybody” gives to South")
        assert "Rita is absent until Jun 3, 2026" in wait.why

    def test_the_managers_hear_of_it_once_a_spell(self, world: World, south: Team) -> None:
        a_plan(to(south))
        for lead in mqls(3):
            route(lead)
        assert list(Notice.objects.values_list("member__name", "path")) == [
            ("Max", "routing/waiting/")
        ]

    def test_a_second_spell_is_told_again(self, world: World, south: Team) -> None:
        a_plan(to(south))
        first, second = mqls(2)
        route(first)
        claim_lead(first, by=world.max, now=NOON)
        route_waiting(now=NOON + timedelta(minutes=1))
        assert not Spell.objects.filter(ended_at=None).exists()
        route(second)
        assert Notice.objects.count() == 2

    def test_the_oldest_gets_an_owner_first_when_somebody_is_back(
        self, world: World, south: Team, absent: list[Any]
    ) -> None:
        set_share(south, world.rita, ShareWords(capacity=1), by=None, now=NOON)
        a_plan(to(south))
        young = a_lead(stage="mql", stage_entered_at=NOON - timedelta(hours=1))
        old = a_lead(stage="mql", stage_entered_at=NOON - timedelta(hours=9))
        route(young, old)
        end_absence(absent[0], now=NOON, zone=workspace_zone())
        routed = route_waiting(now=NOON + timedelta(minutes=1))
        assert (routed.given, routed.waiting) == (1, 1)
        assert (owner_of(old), owner_of(young)) == ("Rita", "")

    def test_the_backlog_goes_when_an_absence_is_taken_out(
        self, world: World, south: Team, absent: list[Any]
    ) -> None:
        a_plan(to(south))
        [lead] = mqls(1)
        route(lead)
        drain()
        set_working_time(world.rita, Hours(range(7), time(0), time(23, 59, 59)))
        for each in absent:
            end_absence(each, now=NOON, zone=workspace_zone())
        drain()
        assert owner_of(lead) in ("Rita", "Rob")
        assert not Wait.objects.exists()

    def test_a_rule_may_pass_on_to_the_next(self, world: World, south: Team) -> None:
        north = a_team("North", world.max)
        a_plan(
            RuleWords("Greece", GREEK, team=south, otherwise=Otherwise.PASS_ON),
            to(north),
        )
        lead = a_lead(stage="mql", country="Greece")
        assert route(lead) == ["Max"]
        assert why(lead).endswith("Rule 1 “Greece” found nobody.")

    def test_a_rule_may_pass_on_into_the_pool(self, world: World, south: Team) -> None:
        a_plan(
            RuleWords("Greece", GREEK, team=south, otherwise=Otherwise.PASS_ON),
            RuleWords("Everybody else", target=Target.POOL),
        )
        assert route(a_lead(stage="mql", country="Greece")) == [""]
        assert not Wait.objects.exists()

    def test_who_is_claimed_by_hand_waits_no_more(self, world: World, south: Team) -> None:
        a_plan(to(south))
        [lead] = mqls(1)
        route(lead)
        claim_lead(lead, by=world.max, now=NOON)
        assert not Wait.objects.true().exists()
        route_waiting(now=NOON + timedelta(minutes=1))
        assert not Wait.objects.exists()

    def test_switching_off_forgets_who_waits(self, world: World, south: Team) -> None:
        a_plan(to(south))
        route(*mqls(2))
        switch_off(now=NOON)
        assert not Wait.objects.exists()
        assert not RoutingPlan.objects.published().exists()


def test_who_leaves_a_rep_has_few_of_the_waiting_asked_about(world: World, south: Team) -> None:
    for member in (world.rita, world.rob):
        set_share(south, member, ShareWords(capacity=1), by=None, now=NOON)
    a_plan(to(south))
    drain()
    mqls(FEW + 22)
    route_pool(now=NOON)
    held = Lead.objects.filter(owner=world.rita).get()
    assert Wait.objects.count() == FEW + 20
    oldest = Wait.objects.order_by("since", "id")[0].lead
    moment = timezone.now()
    enter_stage([held.pk], stage="nurturing", reason="Later", now=NOON)
    drain()
    assert owner_of(oldest) in ("Rita", "Rob")
    assert Wait.objects.filter(looked_at__gte=moment).count() == FEW - 1
    route_waiting(now=timezone.now())
    assert not Wait.objects.filter(looked_at__lt=moment).exists()


def test_at_night_a_lead_waits_for_the_morning_and_nobody_is_alarmed(
    world: World, south: Team
) -> None:
    set_working_time(south, Hours(range(5), time(9), time(17)))
    a_plan(to(south))
    [lead] = mqls(1)
    assert route(lead, now=NOON.replace(hour=20)) == [""]
    wait = Wait.objects.get()
    assert (wait.lack, wait.spell) == (Lack.HOURS, None)
    assert "9:00" in wait.why  # in Athens, where they work; in UTC it is 6:00
    assert not Notice.objects.exists()
    route_waiting(now=NOON + timedelta(days=1))
    assert owner_of(lead) in ("Rita", "Rob")


def test_a_rule_may_give_at_any_hour(world: World, south: Team) -> None:
    set_working_time(south, Hours(range(5), time(9), time(17)))
    a_plan(to(south, minds_hours=False))
    assert route(*mqls(1), now=NOON.replace(hour=20))[0] in ("Rita", "Rob")


def test_a_rule_may_name_a_person(world: World, south: Team) -> None:
    a_plan(RuleWords("All to Max", target=Target.MEMBER, member=world.max))
    [lead] = mqls(1)
    assert route(lead) == ["Max"]
    assert why(lead) == "Routed by rule 1 “All to Max”: it names Max."


def test_a_team_that_has_retired_since_gives_to_nobody(world: World, south: Team) -> None:
    a_plan(to(south))
    retire_team(south, now=NOON)
    [lead] = mqls(1)
    assert route(lead) == [""]
    assert Wait.objects.get().lack == Lack.NOBODY


def test_five_hundred_leads_are_a_handful_of_statements(
    world: World, south: Team, django_assert_max_num_queries: Any
) -> None:
    a_plan(RuleWords("Greece", GREEK, team=south), to(south))
    companies = [a_company() for _ in range(5)]
    few = mqls(5, company=companies[0])
    many = [a_lead(stage="mql", company=companies[n % 5]) for n in range(60)]
    route(*few)
    with django_assert_max_num_queries(32):
        route_leads([each.pk for each in many], now=NOON)
    assert Share.objects.count() == 2
