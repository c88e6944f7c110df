"""An import that stands still says why, and what to do."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from capture.actions import chunks
from capture.actions.importing import start_import
from capture.importing.store import folder_of
from capture.models import Import
from leadmgmt.kernel.drain import drain
from leadmgmt.kernel.models import OutboxRow
from leadmgmt.kernel.trouble import retry
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.clients import client_of
from tests.imports import an_upload, moved

PEOPLE = "Name,Email\n" + "".join(f"P {n},p{n}@example.com\n" for n in range(10))


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(chunks, "CHUNK", 2)


@pytest.fixture
def broken(mara: Member) -> Import:
    """Its rows are damaged on the disk from the seventh on."""
    made = an_upload(mara, PEOPLE)
    path = _rows_of(made)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:6], b"\x00{[", *lines[7:]]))
    start_import(made.pk, by=mara, now=timezone.now())
    drain()
    _wait(made)
    return made


def _rows_of(made: Import) -> Path:
    return folder_of(made.pk) / "rows.jsonl"


def _wait(made: Import) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    Import.objects.filter(pk=made.pk).update(moved_at=long_ago)
    made.refresh_from_db()


def _page(who: Member, made: Import) -> str:
    page = client_of(who).get(workspace_reverse("capture:import", id=made.pk))
    return " ".join(page.content.decode().split())


def test_it_says_when_it_is_tried_again(broken: Import, mara: Member) -> None:
    assert broken.handled == 6
    said = _page(mara, broken)
    assert "failed at the next rows once; it is tried again at" in said
    assert "goes on by itself" not in said


def test_it_says_that_nobody_goes_on_and_who_can_help(
    broken: Import, mara: Member, ada: Member
) -> None:
    OutboxRow.objects.update(set_aside_at=timezone.now(), attempts=8)
    assert "An admin sees what failed" in _page(mara, broken)
    said = _page(ada, broken)
    assert "8 times, and nobody goes on with it" in said
    assert "Stopped by a fault" in said
    assert workspace_reverse("workspaces:stuck_work") in said


def test_it_goes_on_where_it_stood_when_the_file_is_whole_again(
    broken: Import, mara: Member
) -> None:
    path, whole = _rows_of(broken), an_upload(mara, PEOPLE)
    path.write_bytes(_rows_of(whole).read_bytes())
    OutboxRow.objects.update(set_aside_at=timezone.now(), attempts=8)
    retry()
    done = moved(broken)
    assert (done.status, done.created, done.handled) == ("done", 10, 10)


def test_without_a_worker_it_says_that_it_will_go_on(mara: Member) -> None:
    made = an_upload(mara, PEOPLE)
    start_import(made.pk, by=mara, now=timezone.now())
    _wait(made)
    assert "it goes on by itself as soon as one does" in _page(mara, made)


def test_rows_that_end_early_are_no_import_that_is_done(mara: Member) -> None:
    made = an_upload(mara, PEOPLE)
    path = _rows_of(made)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:4]))
    start_import(made.pk, by=mara, now=timezone.now())
    drain()
    made.refresh_from_db()
    assert (made.status, made.handled) == ("running", 4)
    assert "end after row 4 of 10" in OutboxRow.objects.get().last_error
