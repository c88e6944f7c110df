"""Files on leads and companies: kept, given out safely, removed, thrown away."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions import files as verbs
from leads.actions.files import add_file, clean_name, discard_files, remove_file
from leads.actions.removing import discard_expired, put_back, take_out
from leads.jobs import discard_old_files
from leads.models import Activity, Attachment, Company, Lead, RemovedCause
from tests.builders import a_company, a_lead
from tests.clients import client_of

NOW = timezone.now()
LATER = NOW + timedelta(days=40)
BIDI = "offer\u202efdp.exe"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def put(about: Lead | Company, by: Member | None = None, name: str = "offer.pdf") -> Attachment:
    return add_file(about, name=name, content=ContentFile(b"bytes"), by=by, now=NOW)


def stored(media: Path) -> int:
    return sum(each.is_file() for each in media.rglob("*"))


def upload(browser: Client, address: str, name: str = "offer.pdf", body: bytes = b"bytes") -> Any:
    return browser.post(address, {"file": SimpleUploadedFile(name, body)}, follow=True)


def test_a_file_is_kept_in_the_folder_of_its_workspace(
    browser: Client, media: Path, rita: Member, acme: Workspace
) -> None:
    lead = a_lead()
    page = upload(browser, f"/w/acme/leads/{lead.pk}/files/add/").content.decode()
    file = Attachment.objects.get()
    assert (file.lead, file.name, file.size, file.by) == (lead, "offer.pdf", 5, rita)
    assert (media / str(acme.pk) / "attachments" / str(file.pk)).read_bytes() == b"bytes"
    assert "Added the file offer.pdf" in page
    assert f"/w/acme/files/{file.pk}/" in page


def test_a_company_has_files_too_and_no_timeline(browser: Client) -> None:
    company = a_company()
    page = upload(browser, f"/w/acme/companies/{company.pk}/files/add/").content.decode()
    assert "offer.pdf" in page
    assert not Activity.objects.exists()


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "script.js"])
def test_a_file_is_given_out_to_be_kept_and_never_shown(browser: Client, name: str) -> None:
    file = put(a_lead(), name=name)
    answer = browser.get(f"/w/acme/files/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"bytes"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\offer.pdf", "offer.pdf"),
        (BIDI, "offerfdp.exe"),
        ('a"b\r\n<c>.txt', "abc.txt"),
        ("  ..", "file"),
        ("Пропозиція №1.pdf", "Пропозиція №1.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_kept_without_what_could_mislead(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_name_in_any_script_survives_the_download(browser: Client) -> None:
    file = put(a_lead(), name="Προσφορά.pdf")
    assert "filename*=utf-8''" in browser.get(f"/w/acme/files/{file.pk}/")["Content-Disposition"]


def test_too_large_and_empty_files_are_refused_with_a_sentence(
    browser: Client, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "LARGEST", 3)
    lead = a_lead()
    address = f"/w/acme/leads/{lead.pk}/files/add/"
    assert "offer.pdf: The file has 1 MB" in upload(browser, address).content.decode()
    assert "The file is empty" in upload(browser, address, body=b"").content.decode()
    assert stored(media) == 0


def test_bytes_do_not_outlive_a_failed_row(media: Path, world: Any) -> None:
    lead = a_lead()
    with pytest.raises(TypeError):
        add_file(lead, name="x", content=ContentFile(b"b"), by=a_stranger(), now=NOW)
    assert stored(media) == 0


def a_stranger() -> Member:
    return Member(name="Nobody")  # was never saved


def test_removing_can_be_undone(browser: Client) -> None:
    file = put(a_lead())
    browser.post(f"/w/acme/files/{file.pk}/remove/")
    assert browser.get(f"/w/acme/files/{file.pk}/").status_code == 404
    browser.post(f"/w/acme/files/{file.pk}/restore/")
    assert browser.get(f"/w/acme/files/{file.pk}/").status_code == 200


def test_bytes_go_thirty_days_after_their_file(media: Path, world: Any) -> None:
    gone, kept = put(a_lead()), put(a_lead())
    remove_file(gone, now=NOW)
    assert discard_old_files(now=NOW + timedelta(days=29)) == 0
    assert discard_old_files(now=NOW + timedelta(days=31)) == 1
    assert list(Attachment.objects.all()) == [kept]
    assert stored(media) == 1


def test_the_files_of_a_removed_lead_wait_for_it(media: Path, world: Any) -> None:
    lead = a_lead()
    put(lead)
    take_out([lead.pk], cause=RemovedCause.PERSON, by=None, now=NOW)
    assert discard_files(now=LATER) == 0
    put_back([lead.pk], by=None, now=NOW)
    assert Attachment.objects.get().lead == lead


def test_bytes_nobody_knows_any_more_go(media: Path, world: Any) -> None:
    lead = a_lead()
    put(lead)
    take_out([lead.pk], cause=RemovedCause.PERSON, by=None, now=NOW)
    discard_expired(now=LATER)
    assert discard_files(now=NOW) == 0  # they might be somebody's who is just writing
    assert discard_files(now=LATER) == 1
    assert stored(media) == 0


def test_another_workspaces_file_is_not_there(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = put(a_lead())
    for address in ("", "remove/", "restore/"):
        send = browser.post if address else browser.get
        assert send(f"/w/acme/files/{foreign.pk}/{address}").status_code == 404


def test_a_file_whose_bytes_are_lost_is_not_there(browser: Client, media: Path) -> None:
    file = put(a_lead())
    for each in media.rglob(str(file.pk)):
        each.unlink()
    assert browser.get(f"/w/acme/files/{file.pk}/").status_code == 404


def test_who_only_looks_may_read_and_not_add(ana: Member) -> None:
    lead = a_lead()
    file, client = put(lead), client_of(ana)
    assert client.get(f"/w/acme/files/{file.pk}/").status_code == 200
    assert client.post(f"/w/acme/leads/{lead.pk}/files/add/").status_code == 403
