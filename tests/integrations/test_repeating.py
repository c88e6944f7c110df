"""A write sent twice with one Idempotency-Key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf.global_settings import FILE_UPLOAD_MAX_MEMORY_SIZE
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from integrations.models import KeptAnswer
from integrations.repeating import KEPT_FOR, forget_old_answers
from leadmgmt.kernel.context import inside
from leads.actions.erasing import erase_leads
from leads.models import Attachment, Lead
from tests import builders
from tests.clients import JsonClient, api_of
from tests.worlds import World

LEADS = "/api/v1/leads/"
ANN = {"email": "ann@firm.example", "name": "Ann"}
BOB = {"email": "bob@firm.example", "name": "Bob"}


@pytest.fixture
def client(world: World) -> JsonClient:
    return api_of(builders.a_key(world.ada))


def post(client: JsonClient, body: Any, name: str = "order-7", path: str = LEADS) -> Any:
    return client.post(path, body, headers={"Idempotency-Key": name})


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_second_is_told_what_the_first_was(self, client: JsonClient) -> None:
        first = post(client, ANN)
        Lead.objects.update(name="Anna")
        again = post(client, ANN)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again["Content-Type"] == first["Content-Type"]
        assert again.get("ETag") == first.get("ETag")
        assert "Idempotency-Replayed" not in first
        assert again["Idempotency-Replayed"] == "true"
        assert Lead.objects.get().name == "Anna"

    def test_facts_that_are_sent_twice_are_stored_once(self, client: JsonClient) -> None:
        lead = builders.a_lead()
        fact = {"kind": "call", "lead_id": str(lead.pk), "occurred_at": "2026-03-01T10:00:00Z"}
        path = "/api/v1/activities/batch"
        first = post(client, {"activities": [fact]}, path=path)
        again = post(client, {"activities": [fact]}, path=path)
        assert first.json() == again.json() == {"stored": 1, "duplicates": 0}

    def test_another_name_is_another_request(self, client: JsonClient) -> None:
        assert post(client, ANN).status_code == 201
        assert "Idempotency-Replayed" not in post(client, ANN, "order-8")

    def test_one_name_for_two_requests_is_refused(self, client: JsonClient) -> None:
        post(client, ANN)
        answer = post(client, BOB)
        assert answer.status_code == 422
        assert "order-7" in answer.json()["detail"]
        assert Lead.objects.get().email == ANN["email"]

    def test_what_was_refused_may_be_tried_again(self, client: JsonClient) -> None:
        assert post(client, {"email": "no address"}).status_code == 422
        assert post(client, {"email": "no address"}).status_code == 422
        assert post(client, ANN).status_code == 201

    @pytest.mark.parametrize("name", ["", "x" * 201, "a b"])
    def test_a_wrong_name_is_a_problem(self, client: JsonClient, name: str) -> None:
        answer = post(client, ANN, name)
        assert answer.status_code == 400
        assert "1 to 200" in answer.json()["detail"]
        assert not Lead.objects.exists()

    def test_a_name_belongs_to_its_key(self, client: JsonClient, world: World) -> None:
        post(client, ANN)
        other = api_of(builders.a_key(world.mara))
        assert post(other, BOB).json()["email"] == BOB["email"]

    def test_another_workspace_has_names_of_its_own(self, client: JsonClient, world: World) -> None:
        post(client, ANN)
        with inside(world.globex.pk):
            there = api_of(builders.a_key(world.gus))
        assert "Idempotency-Replayed" not in post(there, ANN)

    def test_without_a_key_one_is_told_so(self, client: JsonClient) -> None:
        client.credentials()
        assert post(client, ANN).status_code == 401
        assert not KeptAnswer.objects.exists()

    def test_reading_needs_no_name(self, client: JsonClient) -> None:
        assert client.get(LEADS, headers={"Idempotency-Key": "x"}).status_code == 200
        assert not KeptAnswer.objects.exists()

    def test_answers_are_kept_for_a_day(self, client: JsonClient) -> None:
        post(client, ANN)
        KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
        assert forget_old_answers(timezone.now()) == 0
        KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR)
        assert forget_old_answers(timezone.now()) == 1

    def test_erasing_takes_along_what_names_the_person(
        self, client: JsonClient, world: World
    ) -> None:
        ann = post(client, ANN).json()["id"]
        post(client, BOB, "order-8")
        erase_leads([ann], by=world.ada, reason="asked", now=timezone.now())
        assert [each.name for each in KeptAnswer.objects.all()] == ["order-8"]


FILES = "/api/v1/files/"
CONTENTS = "/api/v1/training-contents/"
LARGE = FILE_UPLOAD_MAX_MEMORY_SIZE + 1


def send_file(
    client: JsonClient,
    content: bytes,
    told: dict[str, str],
    path: str = FILES,
    verb: str = "post",
    name: str = "offer.txt",
) -> Any:
    file = SimpleUploadedFile(name, content, "text/plain")
    headers = {"Idempotency-Key": "file-7"}
    return getattr(client, verb)(path, told | {"file": file}, format="multipart", headers=headers)


@pytest.mark.django_db
class TestFiles:
    @pytest.fixture
    def told(self, world: World) -> dict[str, str]:
        return {"lead": str(builders.a_lead().pk)}

    @pytest.mark.parametrize("size", [4, LARGE])
    def test_the_same_file_twice_is_one(
        self, client: JsonClient, told: dict[str, str], size: int
    ) -> None:
        first, again = (send_file(client, b"x" * size, told) for _each in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert again["Idempotency-Replayed"] == "true"
        assert again.json()["id"] == first.json()["id"]
        kept = Attachment.objects.get()
        assert kept.size == size

    @pytest.mark.parametrize("size", [4, LARGE])
    def test_another_file_of_the_same_length_is_another_request(
        self, client: JsonClient, told: dict[str, str], size: int
    ) -> None:
        assert send_file(client, b"x" * size, told).status_code == 201
        answer = send_file(client, b"x" * (size - 1) + b"y", told)
        assert answer.status_code == 422
        assert "file-7" in answer.json()["detail"]
        assert Attachment.objects.count() == 1

    def test_so_is_the_same_file_for_somebody_else_or_under_another_name(
        self, client: JsonClient, told: dict[str, str]
    ) -> None:
        send_file(client, b"page", told)
        other = {"lead": str(builders.a_lead(email="other@firm.example").pk)}
        assert send_file(client, b"page", other).status_code == 422
        assert send_file(client, b"page", told, name="offre.txt").status_code == 422

    def test_the_file_of_a_change_counts_too(self, client: JsonClient, world: World) -> None:
        told = {"title": "The guide"}
        file = SimpleUploadedFile("guide.pdf", b"Page one", "application/pdf")
        made = client.post(CONTENTS, told | {"file": file}, format="multipart").json()
        path = f"{CONTENTS}{made['id']}/"
        first = send_file(client, b"Page two", told, path, "patch")
        again = send_file(client, b"Page two", told, path, "patch")
        other = send_file(client, b"Page six", told, path, "patch")
        assert [each.status_code for each in (first, again, other)] == [200, 200, 422]
        assert "Idempotency-Replayed" not in first
        assert again["Idempotency-Replayed"] == "true"
        kept: Any = client.get(f"{path}file/")
        assert b"".join(kept.streaming_content) == b"Page two"

    def test_a_file_where_none_is_taken_is_refused_as_ever(self, client: JsonClient) -> None:
        assert send_file(client, b"page", {}, LEADS).status_code == 415
        assert not KeptAnswer.objects.exists()

    @pytest.mark.parametrize("verb", ["post", "patch"])
    def test_a_broken_upload_is_a_problem(
        self, client: JsonClient, told: dict[str, str], verb: str
    ) -> None:
        path = CONTENTS + (f"{uuid4()}/" if verb == "patch" else "")
        answer = client.generic(
            verb.upper(),
            path,
            "--x\r\nnonsense",
            content_type="multipart/form-data",
            headers={"Idempotency-Key": "file-7"},
        )
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_in_the_middle_leaves_nothing_behind(
    client: JsonClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("integrations.repeating._answer", lambda _response: 1 / 0)
        assert post(client, ANN).status_code == 500
    assert not Lead.objects.exists()
    assert post(client, ANN).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_are_one(world: World) -> None:
    made = builders.a_key(world.ada)

    def send(_number: int) -> tuple[int, bytes]:
        try:
            answer = post(api_of(made), {"name": "Ann"})
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(16)))
    assert len(answers) == 1
    assert Lead.objects.count() == 1
