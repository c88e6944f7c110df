"""Tasks, kinds, notes and files over the API."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from leadmgmt.workspaces.models import Member, Notice
from leads.models import Attachment, Task, TaskKind
from tests.builders import a_company, a_key, a_lead, a_task, a_task_kind
from tests.clients import JsonClient, api_of


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_task_is_given_to_the_owner_and_due_as_its_kind_says(
    api: JsonClient, rita: Member
) -> None:
    kind, lead = a_task_kind(name="Send material"), a_lead(owner=rita)
    answer = api.post("/api/v1/tasks/", {"kind": str(kind.pk), "lead": str(lead.pk)})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["title"], told["assignee"]) == ("Send material", str(rita.pk))
    assert Task.objects.get().due_at > timezone.now()
    assert Notice.objects.get().member == rita


@pytest.mark.parametrize("about", [[], ["lead", "company"]])
def test_a_task_is_about_a_lead_or_a_company(api: JsonClient, about: list[str]) -> None:
    ids = {"lead": a_lead().pk, "company": a_company().pk}
    sent = {"kind": str(a_task_kind().pk)} | {each: str(ids[each]) for each in about}
    answer = api.post("/api/v1/tasks/", sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "lead"


def test_unknown_fields_and_past_times_are_refused(api: JsonClient) -> None:
    sent = {"kind": str(a_task_kind().pk), "lead": str(a_lead().pk)}
    assert api.post("/api/v1/tasks/", sent | {"dueAt": "x"}).status_code == 422
    answer = api.post("/api/v1/tasks/", sent | {"due_at": "2020-01-01T00:00:00Z"})
    assert answer.json()["errors"][0]["field"] == "due_at"


def test_tasks_are_changed_finished_and_taken_up_again(api: JsonClient, rita: Member) -> None:
    address = f"/api/v1/tasks/{a_task().pk}/"
    assert api.patch(address, {"title": "Call back"}).json()["title"] == "Call back"
    assert api.post(f"{address}finish/", {"by": str(rita.pk)}).json()["done_by"] == str(rita.pk)
    assert api.post(f"{address}finish/", {}).status_code == 409
    assert api.post(f"{address}reopen/", {}).json()["done_at"] is None
    assert api.post(f"{address}drop/", {}).json()["dropped_at"]


def test_tasks_are_listed_by_lead_and_state(api: JsonClient) -> None:
    task, _done = a_task(), a_task(done_at=timezone.now())
    found = api.get("/api/v1/tasks/?state=open").json()["results"]
    assert [each["id"] for each in found] == [str(task.pk)]
    assert len(api.get(f"/api/v1/tasks/?lead={task.lead_id}").json()["results"]) == 1
    assert api.get("/api/v1/tasks/?state=late").status_code == 422


def test_kinds_are_made_changed_and_retired(api: JsonClient) -> None:
    made = api.post("/api/v1/task-kinds/", {"name": "Visit", "due_hours": 48})
    assert made.status_code == 201
    address = f"/api/v1/task-kinds/{made.json()['id']}/"
    answer = api.patch(address, {"remind_hours": None, "is_retired": True}).json()
    assert (answer["due_hours"], answer["remind_hours"]) == (48, None)
    assert answer["retired_at"]
    assert api.post("/api/v1/task-kinds/", {"name": "Visit"}).status_code == 422
    api.patch(address, {"is_retired": False})
    assert TaskKind.objects.get().retired_at is None


def test_a_note_is_written_and_read(api: JsonClient, rita: Member) -> None:
    lead = a_lead()
    answer = api.post("/api/v1/notes/", {"lead": str(lead.pk), "text": "@Rita call"})
    assert answer.status_code == 201
    (note,) = api.get(f"/api/v1/notes/?lead={lead.pk}").json()["results"]
    assert (note["text"], note["mentions"]) == ("@Rita call", ["Rita"])
    assert Notice.objects.get().member == rita


def test_a_file_is_sent_read_and_removed(api: JsonClient) -> None:
    lead = a_lead()
    sent = {"lead": str(lead.pk), "file": SimpleUploadedFile("offer.pdf", b"bytes")}
    made = api.post("/api/v1/files/", sent, format="multipart")
    assert made.status_code == 201
    address = f"/api/v1/files/{made.json()['id']}/"
    answer: Any = api.get(f"{address}content/")
    assert b"".join(answer.streaming_content) == b"bytes"
    assert answer["Content-Disposition"] == 'attachment; filename="offer.pdf"'
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404
    assert Attachment.objects.get().removed_at


def test_an_empty_file_is_refused_with_its_field(api: JsonClient) -> None:
    sent = {"lead": str(a_lead().pk), "file": SimpleUploadedFile("offer.pdf", b"")}
    answer = api.post("/api/v1/files/", sent, format="multipart")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"
