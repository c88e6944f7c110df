"""The rows an import left out, as a file that is corrected and imported again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from capture.importing.columns import REASON_LEFT_OUT, ROW_LEFT_OUT, is_ours
from capture.models import Import, ImportProblem

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MARK = "\ufeff"  # without it spreadsheets do not see that this is UTF-8
AT_ONCE = 500  # rows


def left_out(found: Import, problems: Iterable[ImportProblem]) -> Iterator[str]:
    """The file, in pieces: the original row, then its number and the reason.

    Read again, the last two columns are recognised by their names and left out.
    """
    headers = [column["header"] for column in found.columns]
    kept = [number for number, header in enumerate(headers) if not is_ours(header)]
    names = [harmless(headers[number]) for number in kept]
    yield MARK + _lines([[*names, ROW_LEFT_OUT, REASON_LEFT_OUT]])
    rows = ([*_cells(each.cells, kept), str(each.row), harmless(each.reason)] for each in problems)
    while some := list(islice(rows, AT_ONCE)):
        yield _lines(some)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet will take for a formula; numbers stay numbers."""
    if not cell.lstrip().startswith(FORMULA_STARTS) or cell.lstrip("+-").replace(".", "").isdigit():
        return cell
    return f"'{cell}"


def _cells(cells: Sequence[str], kept: Sequence[int]) -> list[str]:
    """As many as there are columns, so that row and reason stand below their names."""
    return [harmless(cells[number]) if number < len(cells) else "" for number in kept]


def _lines(rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()
