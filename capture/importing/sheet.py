"""Run by itself, in a process with little memory: the first sheet of a workbook as JSON lines.

A workbook is a zip of XML and may unfold to any size; what happens to this process happens to
nobody else. Usage: `python sheet.py workbook.xlsx 1000000` (the most rows).
"""

import datetime
import json
import sys
from typing import Any

from python_calamine import CalamineWorkbook


def as_text(cell: Any) -> str:
    """A cell as a person would type it."""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def main(path: str, most: int) -> None:
    """Print a JSON list per row; one row more than `most` tells that there are too many."""
    workbook = CalamineWorkbook.from_path(path)
    sheet = workbook.get_sheet_by_index(0)
    for number, cells in enumerate(sheet.iter_rows()):
        if number > most:
            break
        sys.stdout.write(json.dumps([as_text(cell) for cell in cells]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
