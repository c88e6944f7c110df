"""Files of text: how their letters are written, what parts their cells, and their rows."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capture.importing.limits import LONGEST_LINE, CannotReadFile

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": gettext_lazy("UTF-16 without a mark (little end first)"),
    "utf-16-be": gettext_lazy("UTF-16 without a mark (big end first)"),
    "cp1251": gettext_lazy("Windows-1251 (Cyrillic)"),
    "koi8-u": gettext_lazy("KOI8-U (Ukrainian)"),
    "koi8-r": gettext_lazy("KOI8-R (Russian)"),
    "cp1253": gettext_lazy("Windows-1253 (Greek)"),
    "iso8859-7": gettext_lazy("ISO 8859-7 (Greek)"),
    "cp1252": gettext_lazy("Windows-1252 (Western)"),
}
DELIMITERS = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Bar"),
}
# Without it the guess takes rarer relatives: kz1048 for cp1251, cp1250 for cp1252.
LIKELY = ["utf_8", "utf_16", "cp1251", "cp1253", "koi8_u", "koi8_r", "cp1252", "iso8859_7"]
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SAMPLE = 256 * 1024
TELLING = 64 * 1024  # bytes of lines with more than ASCII in them that a guess is made from
BLOCK = 1024 * 1024
ALPHABETS = {*range(9), 0x1E, 0x1F, 0x20, 0x21, 0x22}  # European ones, Hebrew, Arabic; signs


def encoding_of(path: Path) -> str:
    """How the text is written: by its mark, as UTF-8 if all of it can be, else the likeliest."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return encoding
    if wide := _wide(start):
        return wide
    if _is_utf8(path):
        return "utf-8"
    best = from_bytes(_telling(path), cp_isolation=list(LIKELY)).best()
    guess = best.encoding.replace("_", "-") if best else "cp1252"
    is_possible = guess in ENCODINGS and guess not in MARKS.values()  # these have marks
    return guess if is_possible else "cp1252"


def delimiter_of(path: Path, encoding: str) -> str:
    """What parts most rows into the same number of cells, above one."""
    with opened(path, encoding) as file:
        sample = file.read(SAMPLE)
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of the file, one at a time."""
    with opened(path, encoding) as file:
        if "\x00" in file.read(SAMPLE):
            raise CannotReadFile(
                _("This is not a table of text; save it as CSV (UTF-8) or as XLSX.")
            )
        file.seek(0)
        reader = csv.reader(_lines(file), delimiter=delimiter)
        try:
            yield from reader
        except csv.Error as problem:
            raise CannotReadFile(
                _("Near line %(line)d the file is no table: %(why)s. A quotation mark may be "
                  "missing.")
                % {"line": reader.line_num, "why": problem}
            ) from problem  # fmt: skip


def opened(path: Path, encoding: str) -> IO[str]:
    """The file as text; what cannot be read shows as a question mark in a diamond."""
    plain = "utf-8-sig" if encoding == "utf-8" else encoding
    return path.open(encoding=plain, errors="replace", newline="")


def _lines(file: IO[str]) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise CannotReadFile(
                _("Line %(line)d is longer than %(most)d letters; this is no table of leads.")
                % {"line": number, "most": LONGEST_LINE}
            )
        yield line


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: every second byte names an alphabet, the Latin one by zero."""
    if 0 not in start:
        return ""
    for encoding, low, high in (("utf-16-le", 0, 1), ("utf-16-be", 1, 0)):
        if 0 not in start[low::2] and set(start[high::2]) <= ALPHABETS:
            return encoding
    return ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _telling(path: Path) -> bytes:
    """Lines with more than ASCII in them, wherever in the file they are."""
    kept, size = [], 0
    for block in _blocks(path):
        for line in () if block.isascii() else block.splitlines(keepends=True):
            if not line.isascii():
                kept.append(line[:TELLING])
                size += len(kept[-1])
            if size >= TELLING:
                return b"".join(kept)
    return b"".join(kept)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


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
