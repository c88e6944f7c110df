"""From a file to rows of text, whatever made the file; what cannot be read is refused in words."""

import csv
import io
import json
import resource
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2_000  # files inside a workbook
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
SHEET_MEMORY = 1024 * 1024 * 1024
SHEET_SECONDS = 60
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 256 * 1024
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

csv.field_size_limit(LONGEST_CELL * 4)


class CannotReadFile(Refusal):
    """The file is no table we can read; the sentence says what to save it as."""


@dataclass(frozen=True)
class Table:
    """A file as rows of text, the header first; `rows` can be gone through once."""

    format: str
    rows: Iterator[list[str]]
    encoding: str = ""
    delimiter: str = ""


def open_table(path: Path) -> Table:
    """The table in the file at `path`; told by its content, not by its name."""
    size = path.stat().st_size
    if size == 0:
        raise CannotReadFile(_("The file is empty."), field="file")
    if size > LARGEST_FILE:
        raise CannotReadFile(_("The file is larger than 50 MB; split it."), field="file")
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PK\x03\x04":
        return _workbook(path)
    if start == b"\xd0\xcf\x11\xe0":
        sentence = _("This is a workbook of an old kind (.xls); save it as .xlsx or .csv.")
        raise CannotReadFile(sentence, field="file")
    return _text(path)


def _text(path: Path) -> Table:
    data = path.read_bytes()
    encoding = encoding_of(data)
    text = data.decode(encoding, errors="replace")
    if "\x00" in text[:SAMPLE]:
        sentence = _("This is not a table of text; save it as CSV (UTF-8) or as XLSX.")
        raise CannotReadFile(sentence, field="file")
    delimiter = delimiter_of(text[:SAMPLE])
    return Table("csv", _csv_rows(text, delimiter), encoding, delimiter)


def encoding_of(data: bytes) -> str:
    """How the text is written: by its mark, as UTF-8 if it can be, else the likeliest."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data[:SAMPLE]).best()
        return best.encoding if best else "cp1252"
    return "utf-8"


def delimiter_of(sample: str) -> str:
    """The delimiter that cuts most rows of `sample` into the same number of cells, above one."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(sample), delimiter=delimiter)):
            widths[len(cells)] += bool(cells)
            if number >= 50:
                break
    except csv.Error:
        return (0.0, 0)
    width, count = max(widths.items(), key=lambda found: found[1], default=(0, 0))
    return (count / (widths.total() or 1) if width > 1 else 0.0, width)


def _csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from _bounded(reader)
    except csv.Error as problem:
        raise CannotReadFile(
            _("Near line %(line)d the file is no table: %(why)s. A quotation mark may be missing.")
            % {"line": reader.line_num, "why": problem},
            field="file",
        ) from problem


def _workbook(path: Path) -> Table:
    _refuse_bomb(path)
    command = [sys.executable, "-I", str(Path(__file__).with_name("sheet.py"))]
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            [*command, str(path), str(MOST_ROWS + 1)],
            capture_output=True,
            timeout=SHEET_SECONDS,
            preexec_fn=_limit_memory,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as problem:
        sentence = _("The workbook cannot be read; open it, and save its first sheet as CSV.")
        raise CannotReadFile(sentence, field="file") from problem
    return Table("xlsx", _bounded(json.loads(line) for line in done.stdout.splitlines()))


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (SHEET_MEMORY, SHEET_MEMORY))


def _refuse_bomb(path: Path) -> None:
    """Unpack on paper first: a small zip may unfold to any size, whatever its list says."""
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > left:
                raise CannotReadFile(_too_large(), field="file")
            for part in parts:
                left -= _unpacked_size(archive, part, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        sentence = _("The workbook is damaged or locked with a password.")
        raise CannotReadFile(sentence, field="file") from problem


def _unpacked_size(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    size = 0
    with archive.open(part) as file:
        while block := file.read(1024 * 1024):
            size += len(block)
            if size > most:
                raise CannotReadFile(_too_large(), field="file")
    return size


def _too_large() -> str:
    return _("The workbook unfolds to more than 200 MB; save its first sheet as CSV.")


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, cells in enumerate(rows):
        if number > MOST_ROWS:
            raise CannotReadFile(
                _("The file has more than %d rows; split it.") % MOST_ROWS, field="file"
            )
        if len(cells) > MOST_COLUMNS:
            raise CannotReadFile(
                _("Row %(row)d has %(count)d cells; a file may have %(most)d columns at most.")
                % {"row": number + 1, "count": len(cells), "most": MOST_COLUMNS},
                field="file",
            )
        yield cells
