"""Training content: what can be given, where it is, and who may change the list."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from funnel.care.catalogue import CannotSaveCare
from funnel.care.contents import add_content, change_content, opened_file, retire_content
from funnel.models import TrainingContent
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.builders import a_key, a_training_content, an_onboarding_step
from tests.clients import api_of, client_of
from tests.worlds import World

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def a_file(text: bytes = b"Page one") -> SimpleUploadedFile:
    return SimpleUploadedFile("../guide?.pdf", text)


def test_content_is_at_an_address_or_a_file() -> None:
    at = add_content(title="First steps", address=" https://example.com/first ", minutes=12)
    assert (at.address, at.minutes) == ("https://example.com/first", 12)
    file = add_content(title="Guide", kind="document", file=a_file())
    assert (file.address, file.file_name) == ("", "guide.pdf")
    content = opened_file(file)
    assert content is not None
    assert content.read() == b"Page one"
    with pytest.raises(CannotSaveCare, match="Give the address where it is found, or a file"):
        add_content(title="Nowhere")
    with pytest.raises(CannotSaveCare, match="not both"):
        add_content(title="Both", address="https://example.com/", file=a_file())
    with pytest.raises(CannotSaveCare, match="The file is empty"):
        add_content(title="Empty", file=a_file(b""))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "a.example",
        "https://",
        "ftp://a.example/",
        "http://[",
        "https://a b/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(CannotSaveCare, match="is no address of the web"):
        add_content(title="Odd", address=address)


def test_a_title_is_there_once_and_minutes_are_in_range() -> None:
    a_training_content(title="First steps")
    with pytest.raises(CannotSaveCare, match="“First steps” is there already"):
        a_training_content(title="First steps")
    with pytest.raises(CannotSaveCare, match="needs a title"):
        a_training_content(title=" ")
    with pytest.raises(CannotSaveCare, match="allowed are 1 to 6000"):
        a_training_content(minutes=0)
    assert TrainingContent.objects.count() == 1


def test_an_address_takes_the_place_of_a_file(
    tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    content = add_content(title="Guide", file=a_file())
    with django_capture_on_commit_callbacks(execute=True):
        change_content(content, changes={"address": "", "title": "The guide"})
    assert content.file_name == "guide.pdf"
    with django_capture_on_commit_callbacks(execute=True):
        change_content(content, changes={"address": "https://example.com/guide"})
    content.refresh_from_db()
    assert (content.file_path, content.file_name) == ("", "")
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_file_that_is_refused_leaves_no_bytes(tmp_path: Path) -> None:
    a_training_content(title="Guide")
    with pytest.raises(CannotSaveCare):
        add_content(title="Guide", file=a_file())
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_managers_keep_the_list_and_everybody_reads_it(max: Member, mara: Member) -> None:
    step, browser = an_onboarding_step(name="First training"), client_of(max)
    told = {"title": "Guide", "kind": "document", "file": a_file(), "step": step.pk}
    add = workspace_reverse("funnel:training_content_add")
    assert browser.post(add, told).status_code == 302
    content = TrainingContent.objects.get()
    reader = client_of(mara)
    page = reader.get(workspace_reverse("funnel:training")).content.decode()
    assert "First training" in page
    assert "Add content" not in page
    file = reader.get(workspace_reverse("funnel:training_content_file", id=content.pk))
    assert b"".join(file.streaming_content) == b"Page one"  # type: ignore[attr-defined]
    assert file["Content-Disposition"] == 'attachment; filename="guide.pdf"'
    assert reader.post(add, told).status_code == 403
    change = workspace_reverse("funnel:training_content", id=content.pk)
    told = {"title": "Guide", "kind": "document", "address": "nowhere"}
    assert "is no address of the web" in browser.post(change, told).content.decode()
    browser.post(workspace_reverse("funnel:training_content_switch", id=content.pk))
    content.refresh_from_db()
    assert content.retired_at is not None


def test_bytes_that_are_lost_are_not_found(rita: Member) -> None:
    content = a_training_content()
    file = workspace_reverse("funnel:training_content_file", id=content.pk)
    assert client_of(rita).get(file).status_code == 404


def test_the_api_does_the_same(ada: Member) -> None:
    api, step = api_of(a_key(ada)), an_onboarding_step()
    told = {"title": "First steps", "address": "https://example.com/", "step": str(step.pk)}
    made = api.post("/api/v1/training-contents/", told).json()
    assert made["step"] == str(step.pk)
    path = f"/api/v1/training-contents/{made['id']}/"
    assert api.patch(path, {"minutes": 5, "step": None}).json()["step"] is None
    assert api.patch(path, {"address": "nowhere"}).status_code == 422
    assert api.patch(path, {"is_retired": True}).json()["retired_at"]
    assert api.patch(path, {"is_retired": False}).json()["retired_at"] is None


def test_files_come_and_go_over_the_api(ada: Member, tmp_path: Path) -> None:
    api = api_of(a_key(ada))
    told = {"title": "Guide", "kind": "document", "minutes": 5, "file": a_file()}
    made = api.post("/api/v1/training-contents/", told, format="multipart").json()
    assert (made["address"], made["file_name"], made["minutes"]) == ("", "guide.pdf", 5)
    path = f"/api/v1/training-contents/{made['id']}/"
    file: Any = api.get(f"{path}file/")
    assert b"".join(file.streaming_content) == b"Page one"
    assert file["Content-Disposition"] == 'attachment; filename="guide.pdf"'
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"
    api.patch(path, {"title": "The guide", "file": a_file(b"Page two")}, format="multipart")
    file = api.get(f"{path}file/")
    assert b"".join(file.streaming_content) == b"Page two"
    assert api.get(path).json()["title"] == "The guide"
    api.patch(path, {"address": "https://example.com/guide"})
    assert api.get(path).json()["file_name"] == ""
    assert api.get(f"{path}file/").status_code == 404


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"title": "Guide"}, "Give the address where it is found, or a file."),
        ({"title": "Guide", "address": "https://example.com/", "file": a_file()}, "not both"),
        ({"title": "Guide", "file": a_file(b"")}, "The file is empty"),
        ({"title": "Guide", "file": "no file"}, "not a file"),
        ({"title": "Guide", "file": a_file(), "is_retired": "true"}, "is_retired"),
    ],
)
def test_odd_files_are_refused_over_the_api(
    ada: Member, told: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    answer = api_of(a_key(ada)).post("/api/v1/training-contents/", told, format="multipart")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_retired_twice_keeps_its_first_moment() -> None:
    content, now = a_training_content(), timezone.now()
    retire_content(content, now=now)
    retire_content(content, now=timezone.now())
    content.refresh_from_db()
    assert content.retired_at == now


@pytest.mark.django_db(transaction=True)
def test_of_two_files_put_in_its_place_at_once_one_is_kept(world: World, tmp_path: Path) -> None:
    made = add_content(title="Guide", file=a_file())
    seen = [TrainingContent.objects.get(pk=made.pk) for _each in range(4)]

    def replace(content: TrainingContent) -> None:
        try:
            with inside(world.acme.pk):
                change_content(content, changes={}, file=a_file(b"Page two"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(replace, seen))
    made.refresh_from_db()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / made.file_path]
