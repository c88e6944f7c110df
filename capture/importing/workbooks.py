"""Workbooks: unpacked on paper first, then read by a process that has little memory to spend."""

import json
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from capture.importing.limits import LONGEST_CELL, MOST_ROWS, CannotReadFile

LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 2_000  # files inside a workbook
SHEET_MEMORY = 900 * 1024 * 1024  # address space: it stands for less than 500 MB in use
SHEET_SECONDS = 120
SHEET_OUTPUT = 1024 * 1024 * 1024


def workbook_rows(path: Path) -> Iterator[list[str]]:
    """The rows of the first sheet; refuses a bomb, and what is damaged or locked."""
    _refuse_bomb(path)
    with tempfile.TemporaryFile(dir=path.parent) as output:
        _unfold(path, output.fileno())
        output.seek(0)
        for number, line in enumerate(output, start=1):
            cells: list[str] = json.loads(line)
            if len(line) > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:
                raise CannotReadFile(
                    _("Row %(row)d has a cell of more than %(most)d letters.")
                    % {"row": number, "most": LONGEST_CELL}
                )
            yield cells


def _unfold(path: Path, output: int) -> None:
    command = [sys.executable, "-I", str(Path(__file__).with_name("sheet.py"))]
    try:
        subprocess.run(  # noqa: S603  # our own program
            [*command, str(path), str(MOST_ROWS + 1)],
            stdout=output,
            stderr=subprocess.DEVNULL,
            timeout=SHEET_SECONDS,
            preexec_fn=_limit,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as problem:
        raise CannotReadFile(
            _("The workbook cannot be read; open it, and save its first sheet as CSV.")
        ) from problem


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (SHEET_MEMORY, SHEET_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (SHEET_OUTPUT, SHEET_OUTPUT))


def _refuse_bomb(path: Path) -> None:
    """A small zip may unfold to any size, whatever its list says."""
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > left:
                raise CannotReadFile(_too_large())
            for part in parts:
                left -= _unpacked_size(archive, part, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        raise CannotReadFile(_("The workbook is damaged or locked with a password.")) from problem


def _unpacked_size(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    size = 0
    with archive.open(part) as file:
        while block := file.read(1024 * 1024):
            size += len(block)
            if size > most:
                raise CannotReadFile(_too_large())
    return size


def _too_large() -> str:
    return _("The workbook unfolds to more than %d MB; save its first sheet as CSV.") % (
        LARGEST_UNPACKED // 1024 // 1024
    )
