"""Teams: founded, changed, retired; who of them is at work."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.actions.members import remove_member
from leadmgmt.workspaces.actions.teams import CannotSaveTeam, restore_team, retire_team, save_team
from leadmgmt.workspaces.actions.working_times import (
    CannotNoteAbsence,
    CannotSetWorkingTime,
    Hours,
    end_absence,
    note_absence,
    set_working_time,
)
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.availability import presences
from leadmgmt.workspaces.models import Absence, Scope, Team, TeamMember, WorkingTime
from tests.builders import a_key, a_member, a_team
from tests.clients import api_of, client_of
from tests.worlds import GLOBEX, World

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)  # 12:00 in Athens
NIGHT = datetime(2026, 6, 1, 1, tzinfo=UTC)
ATHENS = ZoneInfo("Europe/Athens")
OFFICE = Hours(days=[0, 1, 2, 3, 4], opens=time(9), closes=time(17))


def people(team: Team) -> set[str]:
    return set(TeamMember.objects.filter(team=team).values_list("member__name", flat=True))


def test_a_team_keeps_who_stays_and_lets_go_who_is_not_named(world: World) -> None:
    team = a_team("South", world.rita, world.rob)
    joined = TeamMember.objects.get(team=team, member=world.rita).joined_at
    save_team(team, name="South", purpose="Greece", members=[world.rita, world.max])
    assert people(team) == {"Rita", "Max"}
    assert TeamMember.objects.get(team=team, member=world.rita).joined_at == joined


def test_two_teams_are_never_called_the_same(world: World) -> None:
    a_team("South")
    with pytest.raises(CannotSaveTeam, match="Another team is called “SOUTH”"):
        save_team(Team(), name=" SOUTH ", purpose="", members=[])
    with inside(GLOBEX):
        save_team(Team(), name="South", purpose="", members=[])


def test_who_has_left_is_not_put_into_a_team(world: World) -> None:
    remove_member(world.rob, by=world.ada, now=MONDAY)
    with pytest.raises(CannotSaveTeam, match="Rob has left"):
        save_team(Team(), name="South", purpose="", members=[world.rob])


def test_who_leaves_and_comes_back_is_in_the_team_again(world: World) -> None:
    team = a_team("South", world.rita, world.rob)
    remove_member(world.rob, by=world.ada, now=MONDAY)
    save_team(team, name="South", purpose="", members=[world.rita])
    assert people(team) == {"Rita", "Rob"}
    assert presences([world.rob], now=MONDAY)[world.rob.pk].has_left


def test_a_retired_team_comes_back_with_its_people(world: World) -> None:
    team = a_team("South", world.rita)
    retire_team(team, now=MONDAY)
    assert not Team.objects.active().exists()
    restore_team(team)
    assert Team.objects.active().get() == team
    assert people(team) == {"Rita"}


def test_a_new_name_does_not_bring_a_retired_team_back(world: World) -> None:
    team = a_team("South", world.rita)
    retire_team(Team.objects.get(pk=team.pk), now=timezone.now())
    save_team(team, name="North", purpose="", members=[world.rita])
    team.refresh_from_db()
    assert team.name == "North"
    assert team.retired_at


def test_an_absence_includes_its_first_and_its_last_day(world: World) -> None:
    day = date(2026, 6, 1)
    note_absence(world.rita, from_on=day, until_on=day, word="Holiday", by=world.max)
    until_midnight = datetime(2026, 6, 1, 20, 59, tzinfo=UTC)
    assert presences([world.rita], now=until_midnight)[world.rita.pk].is_away
    after = datetime(2026, 6, 1, 21, 0, tzinfo=UTC)
    assert presences([world.rita], now=after)[world.rita.pk].is_here


def test_an_absence_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(CannotNoteAbsence, match="before it begins"):
        note_absence(
            world.rita, from_on=date(2026, 6, 2), until_on=date(2026, 6, 1), word="", by=None
        )


def test_coming_back_sooner_keeps_the_days_that_have_passed(world: World) -> None:
    absence = note_absence(
        world.rita, from_on=date(2026, 5, 25), until_on=date(2026, 6, 9), word="", by=None
    )
    end_absence(absence, now=MONDAY, zone=ATHENS)
    assert Absence.objects.get().until_on == date(2026, 5, 31)
    assert presences([world.rita], now=MONDAY)[world.rita.pk].is_here


def test_an_absence_that_has_not_begun_goes_without_trace(world: World) -> None:
    absence = note_absence(
        world.rita, from_on=date(2026, 6, 1), until_on=date(2026, 6, 9), word="", by=None
    )
    end_absence(absence, now=MONDAY, zone=ATHENS)
    assert not Absence.objects.exists()


def test_the_hours_of_a_member_win_over_those_of_the_team(world: World) -> None:
    team = a_team("South", world.rita, world.rob)
    set_working_time(team, OFFICE)
    set_working_time(world.rob, Hours(days=range(7), opens=time(0), closes=time(23, 59)))
    found = presences([world.rita, world.rob], now=NIGHT)
    assert not found[world.rita.pk].is_here
    assert found[world.rita.pk].opens_at == datetime(2026, 6, 1, 6, tzinfo=UTC)
    assert found[world.rob.pk].is_here


def test_who_is_in_two_teams_works_when_one_of_them_does(world: World) -> None:
    set_working_time(a_team("Day", world.rita), OFFICE)
    night = Hours(days=range(7), opens=time(0), closes=time(6))
    set_working_time(a_team("Night", world.rita), night)
    assert presences([world.rita], now=NIGHT)[world.rita.pk].is_here
    assert presences([world.rita], now=MONDAY)[world.rita.pk].is_here


def test_hours_without_a_day_or_backwards_are_refused(world: World) -> None:
    with pytest.raises(CannotSetWorkingTime, match="at least one day"):
        set_working_time(world.rita, Hours(days=[], opens=time(9), closes=time(17)))
    with pytest.raises(CannotSetWorkingTime, match="must begin first"):
        set_working_time(world.rita, Hours(days=[0], opens=time(17), closes=time(9)))
    assert not WorkingTime.objects.exists()


def test_a_manager_founds_a_team_and_a_marketer_only_looks(world: World) -> None:
    address = workspace_reverse("workspaces:team_add")
    answer = client_of(world.max).post(address, {"name": "South", "members": [str(world.rita.pk)]})
    assert answer.status_code == 302
    assert people(Team.objects.get()) == {"Rita"}
    assert client_of(world.mara).post(address, {"name": "North"}).status_code == 403
    page = client_of(world.mara).get(workspace_reverse("workspaces:team_list"))
    assert "South" in page.content.decode()


def test_the_list_asks_the_same_however_many_teams(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        a_team(f"Team {number}", world.rita, world.rob)
    client = client_of(world.ada)
    with django_assert_max_num_queries(15):
        client.get(workspace_reverse("workspaces:team_list"))


def test_an_absence_is_noted_and_ended_on_the_page(world: World) -> None:
    client, address = client_of(world.max), workspace_reverse("workspaces:absence_list")
    days = {"member": str(world.rita.pk), "from_on": "2096-06-01", "until_on": "2096-06-03"}
    client.post(address, {**days, "word": "Holiday"})
    absence = Absence.objects.get()
    assert "Holiday" in client.get(address).content.decode()
    client.post(workspace_reverse("workspaces:absence_end", id=absence.pk))
    assert not Absence.objects.exists()


def test_hours_are_set_and_taken_back_on_the_page(world: World) -> None:
    client = client_of(world.max)
    address = workspace_reverse("workspaces:member_hours", id=world.rita.pk)
    client.post(address, {"days": ["0", "1"], "opens": "08:00", "closes": "12:00"})
    assert WorkingTime.objects.get().days == [0, 1]
    client.post(address, {"as_office": "1"})
    assert not WorkingTime.objects.exists()


def test_the_api_keeps_teams_absences_and_hours(world: World) -> None:
    key = api_of(a_key(world.ada, Scope.LEADS_READ, Scope.ROUTING_WRITE))
    team = key.post("/api/v1/teams/", {"name": "South", "members": [str(world.rita.pk)]}).json()
    assert team["members"] == [str(world.rita.pk)]
    changed = key.patch(f"/api/v1/teams/{team['id']}/", {"purpose": "Greece"}).json()
    assert (changed["purpose"], changed["members"]) == ("Greece", team["members"])
    hours = {"days": [0], "opens": "09:00:00", "closes": "12:00:00"}
    told = key.put(f"/api/v1/teams/{team['id']}/hours/", {"hours": hours}).json()
    assert told["hours"]["days"] == [0]
    days = {"member": str(world.rita.pk), "from_on": "2096-06-01", "until_on": "2096-06-03"}
    absence = key.post("/api/v1/absences/", days).json()
    assert key.delete(f"/api/v1/absences/{absence['id']}/").status_code == 204
    assert key.post(f"/api/v1/teams/{team['id']}/retire/").json()["retired_at"]


def test_the_api_asks_the_same_however_many_members(world: World) -> None:
    key, team = api_of(a_key(world.ada)), a_team("South")
    address, counts = f"/api/v1/teams/{team.pk}/", []
    key.get(address)
    for number in (2, 3, 30):
        names = [str(a_member().pk) for _ in range(number)]
        with CaptureQueriesContext(connection) as asked:
            answer = key.patch(address, {"members": names})
        assert sorted(answer.json()["members"]) == sorted(names)
        counts.append(len(asked))
    assert counts[2] == counts[1]


def test_the_api_says_whom_it_does_not_know(world: World) -> None:
    key, foreign = api_of(a_key(world.ada)), world.gus.pk
    told = {"name": "South", "members": [str(world.rita.pk), str(foreign)]}
    (error,) = key.post("/api/v1/teams/", told).json()["errors"]
    assert (error["field"], str(foreign) in error["detail"]) == ("members.1", True)
    assert not Team.objects.exists()
