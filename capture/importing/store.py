"""Where an import keeps its file, and the same file as one JSON list per row.

Each line of `rows.jsonl` is `[row number, cells…]`, so that a chunk starts at a byte and needs
nothing of what came before. Nothing below MEDIA_ROOT has an address on the web.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict


class CannotFindFile(Conflict):
    """The rows of an import are not where they were kept."""


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
    path = folder / "upload"
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return path


def keep_rows(import_id: UUID, rows: Iterable[tuple[int, list[str]]]) -> int:
    """Write numbered rows; how many."""
    count = 0
    with _rows_path(import_id).open("w", encoding="utf-8", newline="\n") as file:
        for number, cells in rows:
            file.write(json.dumps([number, *cells]) + "\n")
            count += 1
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
            number, *cells = json.loads(text)
            yield Line(number, cells, end)


def is_kept(import_id: UUID) -> bool:
    """Whether the rows can still be read: a lost disk takes files, not what the database says."""
    return _rows_path(import_id).is_file()


def forget(import_id: UUID) -> None:
    """Remove the files of an import that came to nothing."""
    shutil.rmtree(folder_of(import_id), ignore_errors=True)


def _rows_path(import_id: UUID) -> Path:
    return folder_of(import_id) / "rows.jsonl"
