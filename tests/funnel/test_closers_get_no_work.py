"""External closers gain nothing beyond handovers: not offered on pages, refused everywhere."""

from typing import Any

import pytest
from django.utils import timezone

from funnel.actions.deals import CannotOpenDeal, change_deal, open_deal
from funnel.models import Deal, QueueEntry
from funnel.routing.drafting import RuleWords
from funnel.routing.giving import route_leads
from leadmgmt.workspaces.actions.members import change_role
from leadmgmt.workspaces.actions.teams import CannotSaveTeam, save_team
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice, Role, Team
from leads.actions.companies import change_company
from leads.actions.notes import log_note
from leads.actions.standing import CannotAssignLeads, assign_leads
from leads.actions.tasks import CannotAddTask, change_task
from leads.models import BulkAction, Company, Lead, Task
from tests.builders import (
    a_company,
    a_deal,
    a_handover,
    a_key,
    a_lead,
    a_member,
    a_plan,
    a_task,
    a_team,
)
from tests.clients import JsonClient, api_of, client_of, drain
from tests.worlds import World

ROUTES = (
    ("funnel:deal", a_deal),
    ("leads:lead", a_lead),
    ("leads:company_edit", a_company),
    ("leads:task", a_task),
    ("workspaces:team", a_team),
)


@pytest.fixture
def carla(world: World) -> Member:
    return a_member(Role.CLOSER, name="Carla")


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


@pytest.mark.parametrize(("route", "build"), ROUTES)
def test_no_page_offers_a_closer(world: World, carla: Member, route: str, build: Any) -> None:
    page = client_of(world.ada).get(workspace_reverse(route, id=build().pk)).content.decode()
    assert str(carla.pk) not in page
    assert str(world.rita.pk) in page


def test_no_action_takes_one(carla: Member, ada: Member) -> None:
    now, lead = timezone.now(), a_lead(stage="sql")
    with pytest.raises(CannotAssignLeads, match="Carla is an external closer"):
        assign_leads([lead.pk], owner=carla, by=ada, now=now)
    with pytest.raises(CannotOpenDeal, match="choose a colleague"):
        open_deal(lead, name="Seats", owner=carla, by=ada, now=now)
    with pytest.raises(CannotOpenDeal, match="choose a colleague"):
        change_deal(a_deal(), changes={"owner": carla}, by=ada, now=now)
    with pytest.raises(CannotAssignLeads, match="choose a colleague"):
        change_company(a_company(), changes={"owner": carla}, now=now)
    with pytest.raises(CannotAddTask, match="choose a colleague"):
        change_task(a_task(), changes={"assignee": carla}, by=ada, now=now)
    with pytest.raises(CannotSaveTeam, match="choose a colleague"):
        save_team(Team(), name="South", purpose="", members=[carla])
    assert not Team.objects.filter(name="South").exists()


def test_what_somebody_has_who_is_a_closer_now_can_still_be_corrected(
    rita: Member, ada: Member
) -> None:
    deal, company, task = a_deal(owner=rita), a_company(owner=rita), a_task(assignee=rita)
    change_role(rita, Role.CLOSER, by=ada)
    page = client_of(ada).get(workspace_reverse("funnel:deal", id=deal.pk))
    assert str(rita.pk) in page.content.decode()
    now = timezone.now()
    change_deal(deal, changes={"name": "Ten seats", "owner": rita}, by=ada, now=now)
    change_company(company, changes={"name": "Firm", "owner": rita}, now=now)
    change_task(task, changes={"title": "Call", "assignee": rita}, by=ada, now=now)
    assert Deal.objects.get().owner == rita
    assert (Company.objects.get().name, Task.objects.get().title) == ("Firm", "Call")


def test_programs_name_no_closer(api: JsonClient, carla: Member, rita: Member) -> None:
    lead, company, deal, team = a_lead(stage="mql"), a_company(), a_deal(), a_team("South", rita)
    told = {
        "PATCH leads/%s/": (lead, {"owner": str(carla.pk)}),
        "PATCH companies/%s/": (company, {"owner": str(carla.pk)}),
        "PATCH deals/%s/": (deal, {"owner": str(carla.pk)}),
        "PATCH teams/%s/": (team, {"members": [str(carla.pk)]}),
        "PUT teams/%s/shares/": (team, {"member": str(carla.pk), "weight": 1}),
        "POST queue/%s/hand-over/": (lead, {"to": str(carla.pk)}),
        "POST queue/%s/claim/": (lead, {"member": str(carla.pk)}),
    }
    for route, (row, body) in told.items():
        method, path = route.split()
        answer = getattr(api, method.lower())(f"/api/v1/{path}" % row.pk, body)
        assert answer.status_code == 422, (route, answer.content)
    task = {"lead": str(lead.pk), "title": "Call", "assignee": str(carla.pk)}
    task |= {"kind": str(a_task().kind.pk), "due_at": "2099-01-01T10:00:00Z"}
    assert api.post("/api/v1/tasks/", task).status_code == 422
    lead.refresh_from_db()
    assert lead.owner is None
    handed = {"lead": str(lead.pk), "closer": str(carla.pk), "what": "Call"}
    handed["until"] = "2099-01-01T10:00:00Z"
    assert api.post("/api/v1/handovers/", handed).status_code == 201
    assert api.post("/api/v1/handovers/", handed | {"by": str(carla.pk)}).status_code == 422


@pytest.mark.parametrize("subject", ["lead", "company"])
def test_no_bulk_action_gives_to_one(api: JsonClient, carla: Member, subject: str) -> None:
    row = a_lead() if subject == "lead" else a_company()
    told: dict[str, Any] = {"kind": "assign", "parameters": {"owner": str(carla.pk)}}
    told |= {"selection": {"ids": [str(row.pk)]}, "subject": subject}
    assert api.post("/api/v1/bulk-actions/", told).status_code == 422
    assert not BulkAction.objects.exists()


@pytest.mark.parametrize("subject", ["lead", "company"])
def test_taking_a_bulk_action_back_gives_nothing_to_one(
    api: JsonClient, ada: Member, rita: Member, rob: Member, subject: str
) -> None:
    row: Lead | Company = a_lead(owner=rita) if subject == "lead" else a_company(owner=rita)
    told: dict[str, Any] = {"kind": "assign", "parameters": {"owner": str(rob.pk)}}
    told |= {"selection": {"ids": [str(row.pk)]}, "subject": subject}
    made = api.post("/api/v1/bulk-actions/", told).json()
    drain()
    change_role(rita, Role.CLOSER, by=ada)
    assert api.post(f"/api/v1/bulk-actions/{made['id']}/undo/").status_code == 200
    drain()
    row.refresh_from_db()
    assert row.owner is None


def test_a_closer_who_is_named_in_a_note_hears_nothing(carla: Member, ada: Member) -> None:
    log_note(a_lead(), text="@Carla, @Rob: look", by=ada, now=timezone.now())
    assert {each.member.name for each in Notice.objects.select_related("member")} == {"Rob"}


def test_who_becomes_a_closer_leaves_teams_and_routing(world: World) -> None:
    team = a_team("South", world.rita, world.rob)
    a_plan(RuleWords("All", team=team))
    change_role(world.rita, Role.CLOSER, by=world.ada)
    leads = [a_lead(stage="mql") for _ in range(4)]
    route_leads([each.pk for each in leads], now=timezone.now())
    assert [each.member for each in team.seats.all()] == [world.rob]
    assert not Lead.objects.filter(owner=world.rita).exists()
    assert not QueueEntry.objects.filter(owner=world.rita).exists()


def test_a_handover_changes_no_owner(carla: Member, rita: Member) -> None:
    lead = a_lead(owner=rita)
    a_handover(lead, carla)
    lead.refresh_from_db()
    assert lead.owner == rita
