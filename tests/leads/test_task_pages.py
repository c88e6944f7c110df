"""Tasks on pages: next steps of a lead, one's own list, everybody's, and their kinds."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Task, TaskKind
from tests.builders import a_company, a_lead, a_task, a_task_kind, a_user
from tests.clients import client_of

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def typed_moment(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Europe/Athens")).strftime("%Y-%m-%dT%H:%M")


def page_of(browser: Client, address: str) -> str:
    answer = browser.get(f"/w/acme/{address}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_next_step_is_added_to_a_lead(browser: Client, rita: Member) -> None:
    lead, kind = a_lead(), a_task_kind(name="Send material")
    due = typed_moment(timezone.now() + DAY)
    typed = {"kind": kind.pk, "due_at": due, "assignee": rita.pk}
    address = f"/w/acme/leads/{lead.pk}/tasks/add/"
    assert browser.post(address, typed)["Location"] == f"/w/acme/leads/{lead.pk}/"
    task = Task.objects.get()
    assert (task.title, task.assignee, task.by) == ("Send material", rita, rita)
    page = page_of(browser, f"leads/{lead.pk}/")
    assert "Promised: Send material" in page
    assert 'class="task"' in page


def test_the_form_starts_with_the_owner_and_the_time_of_its_kind(
    browser: Client, rob: Member
) -> None:
    lead, _first = a_lead(owner=rob), a_task_kind(position=1)
    later = a_task_kind(position=2, due_hours=240)
    address = f"/w/acme/leads/{lead.pk}/tasks/add/?kind={later.pk}"
    form = browser.get(address).context["form"]
    assert (form.initial["kind"], form.initial["assignee"]) == (later, rob.pk)
    assert form.initial["due_at"] > timezone.now() + 9 * DAY
    assert "<html" not in browser.get(address, headers=HTMX).content.decode()


def test_a_past_time_is_refused_at_its_field(browser: Client) -> None:
    typed = {"kind": a_task_kind().pk, "due_at": "2020-01-01T10:00"}
    answer = browser.post(f"/w/acme/companies/{a_company().pk}/tasks/add/", typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"due_at"}


def test_done_can_be_undone(browser: Client) -> None:
    task = a_task()
    answer = browser.post(f"/w/acme/tasks/{task.pk}/finish/", follow=True)
    assert f"/w/acme/tasks/{task.pk}/reopen/" in answer.content.decode()
    assert Task.objects.get().done_at
    browser.post(f"/w/acme/tasks/{task.pk}/reopen/")
    assert Task.objects.get().done_at is None


def test_ones_own_tasks_stand_by_time(browser: Client, rita: Member, rob: Member) -> None:
    now = timezone.now()
    a_task(assignee=rita, title="Late one", due_at=now - DAY)
    a_task(assignee=rita, title="Later one", due_at=now + 2 * DAY)
    a_task(assignee=rob, title="Not mine")
    answer = browser.get("/w/acme/tasks/")
    stretches = [(each.label, len(each.tasks)) for each in answer.context["stretches"]]
    assert stretches == [("Overdue", 1), ("Later", 1)]
    assert "Not mine" not in answer.content.decode()


def test_managers_see_everybodys_tasks_and_reps_do_not(
    browser: Client, max: Member, rob: Member
) -> None:
    a_task(assignee=rob, title="Of Rob")
    assert "Of Rob" in page_of(client_of(max), "tasks/team/")
    assert browser.get("/w/acme/tasks/team/").status_code == 403
    assert "tasks/team" not in page_of(browser, "tasks/")


def test_what_is_done_is_listed_with_who_did_it(browser: Client, rita: Member) -> None:
    a_task(title="Old one", done_at=timezone.now(), done_by=rita)
    a_task(title="Open one", assignee=rita)
    page = page_of(browser, "tasks/?done")
    assert "Old one" in page
    assert "Open one" not in page


def test_the_list_goes_on_from_a_cursor(browser: Client, rita: Member) -> None:
    kind, lead = a_task_kind(), a_lead()
    for number in range(60):
        due = timezone.now() + number * DAY
        a_task(assignee=rita, title=f"T{number}-", due_at=due, kind=kind, lead=lead)
    first = browser.get("/w/acme/tasks/").context["page"]
    assert "T55-" in page_of(browser, f"tasks/?after={first.next}")


def test_the_lists_state_their_queries(
    browser: Client, rita: Member, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        a_task(assignee=rita, lead=a_lead(company=a_company()))
    browser.get("/w/acme/tasks/")
    # session, user, door, member; tasks, time zone
    with django_assert_num_queries(5):
        browser.get("/w/acme/tasks/")


def test_a_task_is_changed_on_its_page(browser: Client, rob: Member) -> None:
    task = a_task(due_at=timezone.now() - DAY)
    due = typed_moment(task.due_at)
    typed = {"title": "Call back", "due_at": due, "assignee": rob.pk}
    assert browser.post(f"/w/acme/tasks/{task.pk}/", typed).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.assignee) == ("Call back", rob)


def test_a_new_workspace_has_the_usual_kinds(db: None) -> None:
    workspace = create_workspace("New firm", by=a_user())
    with inside(workspace.pk):
        names = set(TaskKind.objects.values_list("name", flat=True))
    assert names >= {"Open demo access", "Call with the offer", "Send material", "Call"}


def test_kinds_are_added_changed_retired_and_brought_back(max: Member) -> None:
    browser = client_of(max)
    typed = {"name": "Visit", "due_hours": 48, "remind_hours": "", "escalate_hours": 4}
    browser.post("/w/acme/task-kinds/add/", typed)
    kind = TaskKind.objects.get()
    assert (kind.due_hours, kind.remind_hours, kind.escalate_hours) == (48, None, 4)
    browser.post(f"/w/acme/task-kinds/{kind.pk}/", typed | {"name": "Site visit"})
    browser.post(f"/w/acme/task-kinds/{kind.pk}/retire/")
    kind.refresh_from_db()
    assert (kind.name, bool(kind.retired_at)) == ("Site visit", True)
    assert "Bring back" in page_of(browser, "task-kinds/")
    browser.post(f"/w/acme/task-kinds/{kind.pk}/restore/")
    kind.refresh_from_db()
    assert kind.retired_at is None


def test_a_name_is_given_once(max: Member) -> None:
    a_task_kind(name="Visit")
    answer = client_of(max).post("/w/acme/task-kinds/add/", {"name": "Visit", "due_hours": 1})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"name"}


def test_the_other_workspaces_tasks_are_not_there(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_task()
    assert browser.post(f"/w/acme/tasks/{foreign.pk}/finish/").status_code == 404


def test_who_only_looks_is_offered_nothing_to_do(ana: Member) -> None:
    task = a_task()
    page = page_of(client_of(ana), f"leads/{task.lead_id}/")
    assert task.title in page
    assert "Add next step" not in page
