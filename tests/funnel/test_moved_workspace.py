"""A workspace whose clocks are set to another zone while work is under way."""

from datetime import UTC, datetime, time, timedelta

from funnel.actions.coming_back import bring_back
from funnel.actions.stages import enter_stage
from funnel.closing.handing import hand_to_closer
from funnel.closing.seeing import handed_to
from funnel.models import Wait
from funnel.routing.drafting import RuleWords
from funnel.routing.giving import route_leads, route_waiting
from leadmgmt.workspaces.actions.working_times import Hours, note_absence, set_working_time
from leadmgmt.workspaces.actions.workspaces import change_workspace
from leadmgmt.workspaces.models import Role
from tests.builders import a_lead, a_member, a_plan, a_team
from tests.clients import drain
from tests.worlds import World

EVENING = datetime(2026, 6, 1, 17, tzinfo=UTC)  # a Monday: 20:00 in Athens, 13:00 in New York


def to_new_york(world: World) -> None:
    change_workspace(world.acme, name="Acme", time_zone="America/New_York", currency="EUR")
    drain()


def test_who_waits_for_the_morning_is_given_where_it_is_noon(world: World) -> None:
    south = a_team("South", world.rita)
    set_working_time(south, Hours(range(5), time(9), time(17)))
    a_plan(RuleWords("All", team=south))
    drain()
    lead = a_lead(stage="mql")
    route_leads([lead.pk], now=EVENING)
    assert Wait.objects.get().lack == "hours"
    to_new_york(world)
    route_waiting(now=EVENING + timedelta(minutes=1))
    lead.refresh_from_db()
    assert lead.owner == world.rita


def test_an_absence_ends_where_the_workspace_is_now(world: World) -> None:
    south = a_team("South", world.rita)
    a_plan(RuleWords("All", team=south))
    day = EVENING.date()
    note_absence(world.rita, from_on=day, until_on=day, word="", by=None)
    midnight = EVENING + timedelta(hours=5)  # Tuesday, 1:00 in Athens; still Monday in New York
    to_new_york(world)
    lead = a_lead(stage="mql")
    route_leads([lead.pk], now=midnight)
    assert "absent" in Wait.objects.get().why


def test_moments_that_were_promised_stay_what_they_were(world: World) -> None:
    carla, lead = a_member(Role.CLOSER, name="Carla"), a_lead(stage="sql")
    until = EVENING + timedelta(hours=4)  # the end of Monday in Athens
    hand_to_closer([lead.pk], closer=carla, what="Call", until=until, by=None, now=EVENING)
    day = EVENING.date() + timedelta(days=1)
    enter_stage([lead.pk], stage="nurturing", reason="Later", now=EVENING, return_on=day)
    to_new_york(world)
    assert handed_to(carla, now=until - timedelta(minutes=1)).exists()
    assert not handed_to(carla, now=until).exists()
    assert bring_back(now=until - timedelta(minutes=1)) == 0
    assert bring_back(now=until) == 1
    assert bring_back(now=until + timedelta(hours=7)) == 0  # as the day begins in New York
