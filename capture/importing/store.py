"""Where an import keeps its file, and the same file as one JSON list per row.

Each line of `rows.jsonl` is `[row number, cells…]`, so that a chunk starts at a byte and needs
nothing of what came before. Nothing below MEDIA_ROOT has an address on the web.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_CUR
from itertools import islice
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict


class CannotFindFile(Conflict):
    """The rows of an import are not where they were kept."""


EACH = 10_000  # rows between two notes of how far the reading has come


@dataclass(frozen=True)
class Line:
    """One row as kept; `end` is the byte after it."""

    number: int
    cells: list[str]
    end: int


def folder_of(import_id: UUID) -> Path:
    """The folder of one import."""
    root = Path(settings.MEDIA_ROOT)
    return root / str(current_workspace_id()) / "imports" / str(import_id)


def keep_upload(import_id: UUID, chunks: Iterable[bytes]) -> Path:
    """Write the uploaded bytes; the path they are at."""
    folder = folder_of(import_id)
    folder.mkdir(parents=True, exist_ok=True)
    path = upload_of(import_id)
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return path


def keep_rows(import_id: UUID, rows: Iterable[tuple[int, list[str]]]) -> int:
    """Write numbered rows; how many."""
    count = 0
    path, encode = _rows_path(import_id), msgspec.json.encode
    with path.with_suffix(".part").open("wb") as file:
        for number, cells in rows:
            file.write(encode([number, *cells]) + b"\n")
            count += 1
            if count % EACH == 0:
                note_progress(import_id, count)
    path.with_suffix(".part").rename(path)  # whole, or not there
    return count


def lines_from(import_id: UUID, start: int, most: int) -> list[Line]:
    """Up to `most` rows, from the byte `start` on."""
    return list(islice(each_line(import_id, start), most))


def each_line(import_id: UUID, start: int = 0) -> Iterator[Line]:
    """The rows from the byte `start` on; refuses when the file is lost."""
    if not is_kept(import_id):
        raise CannotFindFile(
            _("The file of this import is no longer on the server; upload it once more.")
        )
    with _rows_path(import_id).open("rb") as file:
        file.seek(start)
        end = start
        for text in file:
            end += len(text)
            number, *cells = msgspec.json.decode(text)
            yield Line(number, cells, end)


def upload_of(import_id: UUID) -> Path:
    """Where the file is as it was uploaded."""
    return folder_of(import_id) / "upload"


def size_of_upload(import_id: UUID) -> int:
    """In bytes; refuses when the upload is gone, because somebody in it was erased."""
    try:
        return upload_of(import_id).stat().st_size
    except FileNotFoundError:
        raise CannotFindFile(
            _("The file of this import is no longer on the server; upload it once more.")
        ) from None


def note_progress(import_id: UUID, rows: int) -> None:
    """How many rows were read; beside the file, since the reading is one transaction."""
    (folder_of(import_id) / "progress").write_text(str(rows))


def progress_of(import_id: UUID) -> int:
    """How many rows were read so far."""
    try:
        return int((folder_of(import_id) / "progress").read_text() or 0)
    except (OSError, ValueError):
        return 0


def is_kept(import_id: UUID) -> bool:
    """Whether the rows can still be read: a lost disk takes files, not what the database says."""
    return _rows_path(import_id).is_file()


def blank_rows(import_id: UUID, is_meant: Callable[[list[str]], bool]) -> int:
    """Empty the rows whose cells are meant, leaving every byte where it is; how many."""
    path = _rows_path(import_id)
    if not path.is_file():
        return 0
    blanked = 0
    with path.open("r+b") as file:
        while text := file.readline():
            number, *cells = msgspec.json.decode(text)
            if cells and is_meant(cells):
                file.seek(-len(text), SEEK_CUR)
                file.write(msgspec.json.encode([number]).ljust(len(text) - 1) + b"\n")
                blanked += 1
    return blanked


def forget_upload(import_id: UUID) -> None:
    """Let go of the file as it was uploaded; the rows read from it stay."""
    upload_of(import_id).unlink(missing_ok=True)


def kept_imports() -> list[UUID]:
    """Imports of the current workspace that have files."""
    folder = folder_of(UUID(int=0)).parent
    return [UUID(each.name) for each in folder.iterdir()] if folder.is_dir() else []


def forget(import_id: UUID) -> None:
    """Remove the files of an import: it came to nothing, or it is long over."""
    shutil.rmtree(folder_of(import_id), ignore_errors=True)


def _rows_path(import_id: UUID) -> Path:
    return folder_of(import_id) / "rows.jsonl"
