"""Files people uploaded or exported: blanked or deleted when somebody in them is erased."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from capture.actions.expiring import discard_files
from capture.actions.forgetting import naming
from capture.actions.uploading import reread_import, upload_import
from capture.importing import store
from capture.models import Import, ImportStatus
from leads.actions.bulk import start_bulk
from leads.actions.erasing import erase_leads
from leads.bulk import verb_called
from leads.bulk.exporting import CannotFindExport, discard_exports, file_of, path_of
from leads.bulk.selecting import selection_of
from leads.models import BulkAction, BulkStatus, Lead
from tests.builders import a_lead
from tests.clients import drain
from tests.worlds import World

FILE = (
    "Name,Email,Phone\n"
    "Ann Sample,ANN@firm.example,\n"
    "Bob Other,bob@firm.example,\n"
    "Ann again,,030 123 4567\n"
)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, world: World) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ann() -> Lead:
    return a_lead(name="Ann Sample", email="ann@firm.example", phone="+49301234567")


@pytest.fixture
def file() -> Import:
    content = SimpleUploadedFile("people.csv", FILE.encode())
    return upload_import("people.csv", content.chunks(), by=None, now=timezone.now())


def erase(lead: Lead) -> None:
    erase_leads([lead.pk], reason="asked us", by=None, now=timezone.now())


def everything_kept(media: Path) -> str:
    return "".join(path.read_text() for path in media.rglob("*") if path.is_file()).lower()


class TestImports:
    """The upload goes, and its rows about them are blank."""

    def test_only_rows_that_name_them_are_blanked(self, file: Import, ann: Lead) -> None:
        before = [line.end for line in store.each_line(file.pk)]
        erase(ann)
        lines = list(store.each_line(file.pk))
        assert [line.cells for line in lines] == [[], ["Bob Other", "bob@firm.example", ""], []]
        assert [line.end for line in lines] == before

    def test_nothing_on_disk_or_on_a_page_names_them(
        self, file: Import, ann: Lead, media: Path
    ) -> None:
        assert "ann@firm.example" in everything_kept(media)
        erase(ann)
        assert "ann" not in everything_kept(media)
        file.refresh_from_db()
        assert "ann" not in json.dumps(file.columns).lower()

    def test_a_blanked_file_is_imported_without_them(self, file: Import, ann: Lead) -> None:
        erase(ann)
        assert [line.cells[0] for line in store.each_line(file.pk) if line.cells] == ["Bob Other"]
        with pytest.raises(store.CannotFindFile):
            reread_import(file.pk, encoding="utf-8", delimiter=",", now=timezone.now())

    def test_files_about_others_stay_whole(self, file: Import, media: Path) -> None:
        before = everything_kept(media)
        erase(a_lead(email="cy@firm.example"))
        assert everything_kept(media) == before

    @pytest.mark.parametrize(
        ("cell", "is_theirs"),
        [
            ("+49 30 1234567", True),
            ("030/123 45 67", True),
            ("1234567", True),
            ("234567", False),
            ("+49 30 7654321", False),
            ("Call 030 1234567 after work", True),
            ("Order 301234567 of 2026", False),
        ],
    )
    def test_a_telephone_is_told_however_it_is_written(self, cell: str, is_theirs: bool) -> None:
        assert naming(["+49301234567"])([cell]) is is_theirs


class TestTime:
    """Files are not kept for ever."""

    def test_the_file_of_an_import_long_over_goes_and_its_figures_stay(self, file: Import) -> None:
        long_ago = timezone.now() - timedelta(days=31)
        Import.objects.update(status=ImportStatus.DONE, started_at=long_ago, moved_at=long_ago)
        assert discard_files(now=long_ago + timedelta(days=29)) == 0
        assert discard_files(now=timezone.now()) == 1
        assert not store.is_kept(file.pk)
        assert Import.objects.get().rows == 3

    def test_one_that_moves_keeps_its_file(self, file: Import) -> None:
        long_ago = timezone.now() - timedelta(days=31)
        Import.objects.update(status=ImportStatus.RUNNING, moved_at=long_ago)
        assert discard_files(now=timezone.now()) == 0
        assert store.is_kept(file.pk)

    def test_one_that_was_never_started_is_forgotten(self, file: Import) -> None:
        Import.objects.update(moved_at=timezone.now() - timedelta(days=31))
        discard_files(now=timezone.now())
        assert not Import.objects.exists()


def exported(world: World) -> BulkAction:
    verb = verb_called("export")
    assert verb is not None
    chosen = selection_of({"query": {}}, member=world.ada)
    told = {"format": "csv", "columns": ["name", "email"]}
    now = timezone.now()
    return start_bulk(verb, parameters=told, selection=chosen, by=world.ada, now=now)


class TestExports:
    """They cannot be searched for one person, so they go."""

    def test_an_erasure_deletes_the_exports_made_so_far(self, ann: Lead, world: World) -> None:
        bulk = exported(world)
        drain()
        bulk.refresh_from_db()
        assert b"ann@firm.example" in file_of(bulk)[0]
        erase(ann)
        with pytest.raises(CannotFindExport):
            file_of(bulk)

    def test_one_under_way_is_stopped_and_says_why(self, ann: Lead, world: World) -> None:
        bulk = exported(world)
        a_lead()
        erase(ann)
        drain()
        bulk.refresh_from_db()
        assert (bulk.status, bulk.finished_at is not None) == (BulkStatus.FAILED, True)
        assert "erased" in bulk.problem
        assert not path_of(bulk.pk).exists()

    def test_a_week_is_enough(self, ann: Lead, world: World) -> None:
        bulk = exported(world)
        drain()
        assert discard_exports(before=timezone.now() - timedelta(days=7)) == 0
        assert discard_exports(before=timezone.now() + timedelta(days=1)) == 1
        assert not path_of(bulk.pk).exists()
