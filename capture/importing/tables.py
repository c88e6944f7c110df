"""From a file to rows of text, whatever made the file; what cannot be read is refused in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from capture.importing.limits import MOST_COLUMNS, MOST_ROWS, CannotReadFile, refuse_size
from capture.importing.text import delimiter_of, encoding_of, text_rows
from capture.importing.workbooks import workbook_rows

ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Table:
    """A file as rows of text, the header first; `rows` can be gone through once."""

    format: str
    rows: Iterator[list[str]]
    encoding: str = ""
    delimiter: str = ""


def open_table(path: Path, *, encoding: str = "", delimiter: str = "") -> Table:
    """The table in the file at `path`; told by its content, not by its name.

    A person who knows better says the `encoding` and the `delimiter`.
    """
    refuse_size(path.stat().st_size)
    with path.open("rb") as file:
        start = file.read(4)
    if start == ZIP:
        return Table("xlsx", _bounded(workbook_rows(path)))
    if start == OLD_WORKBOOK:
        raise CannotReadFile(
            _("This is a workbook of an old kind (.xls); save it as .xlsx or .csv.")
        )
    encoding = encoding or encoding_of(path)
    delimiter = delimiter or delimiter_of(path, encoding)
    return Table("csv", _bounded(text_rows(path, encoding, delimiter)), encoding, delimiter)


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, cells in enumerate(rows):
        if number > MOST_ROWS:
            raise CannotReadFile(_("The file has more than %d rows; split it.") % MOST_ROWS)
        if len(cells) > MOST_COLUMNS:
            raise CannotReadFile(
                _("Row %(row)d has %(count)d cells; a file may have %(most)d columns at most.")
                % {"row": number + 1, "count": len(cells), "most": MOST_COLUMNS}
            )
        yield cells
