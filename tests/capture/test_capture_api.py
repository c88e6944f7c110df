"""Imports and forms for integrations."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Lead
from tests.builders import a_form, a_key
from tests.clients import JsonClient, api_of, drain

FILE = b"Full name,Email,Size\nNora,nora@firm.example,big\nOtto,nonsense,small\n"


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def upload(client: JsonClient, data: bytes = FILE) -> Any:
    file = SimpleUploadedFile("people.csv", data)
    return client.post("/api/v1/imports/", {"file": file}, format="multipart")


def test_a_file_is_imported_by_the_api_alone(client: JsonClient) -> None:
    made = upload(client)
    assert (made.status_code, made.json()["mapping"]) == (201, ["name", "email", "new:text"])
    address = f"/api/v1/imports/{made.json()['id']}/"
    settled = client.patch(address, {"mapping": ["name", "email", ""], "is_quiet": False})
    assert (settled.status_code, settled.json()["is_quiet"]) == (200, False)
    assert client.post(f"{address}start/").json()["status"] == "running"
    drain()
    done = client.get(address).json()
    assert (done["status"], done["created"], done["rejected"]) == ("done", 1, 1)
    assert Lead.objects.get().name == "Nora"
    problems = client.get(f"{address}problems/").json()["results"]
    assert [(each["row"], each["cells"][0]) for each in problems] == [(3, "Otto")]
    assert [each["id"] for each in client.get("/api/v1/imports/").json()["results"]] == [done["id"]]


def test_what_cannot_be_done_is_refused_with_a_sentence(client: JsonClient) -> None:
    assert upload(client, b"").status_code == 422
    assert upload(client, b"\x89PNG" + bytes(100)).status_code == 422
    address = f"/api/v1/imports/{upload(client).json()['id']}/"
    refused = client.patch(address, {"mapping": ["stage", "", ""]})
    assert (refused.status_code, bool(refused.json()["detail"])) == (422, True)
    assert client.post(f"{address}cancel/").status_code == 409


def test_forms_are_listed_with_their_counts(client: JsonClient) -> None:
    form = a_form()
    [row] = client.get("/api/v1/forms/").json()["results"]
    assert (row["name"], row["answers"]) == (form.name, 0)
    assert row["address"].endswith(f"/f/{form.token}/")


def test_a_key_that_only_reads_uploads_nothing(ada: Member) -> None:
    reader = api_of(a_key(ada, "leads:read"))
    assert upload(reader).status_code == 403
    assert reader.get("/api/v1/imports/").status_code == 200


def test_another_workspaces_import_does_not_exist(
    client: JsonClient, globex: Workspace, gus: Member
) -> None:
    with inside(globex.pk):
        theirs = upload(api_of(a_key(gus))).json()["id"]
    assert client.get(f"/api/v1/imports/{theirs}/").status_code == 404
    assert client.post(f"/api/v1/imports/{theirs}/start/").status_code == 404
