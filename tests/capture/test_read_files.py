"""Files of every make: read as rows of text, or refused with a sentence."""

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from capture.importing.columns import Look, headers_of, suggested
from capture.importing.limits import MOST_COLUMNS, CannotReadFile
from capture.importing.tables import open_table
from capture.importing.values import WrongCell, as_day, as_number, as_yes_no


def rows_of(tmp_path: Path, data: bytes) -> list[list[str]]:
    path = tmp_path / "upload"
    path.write_bytes(data)
    return list(open_table(path).rows)


def a_workbook(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1253"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_in_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    name = "Ελένη Παπαδοπούλου" if encoding == "cp1253" else "Zoë Müller"
    if encoding in ("utf-8", "utf-8-sig", "utf-16"):
        name = "Zoë Ελένη 李"
    lines = ["name", "city", "note"], [name, "Köln" if encoding != "cp1253" else "Αθήνα", "a, b"]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    text += "\r\n" + "\r\n".join(
        delimiter.join(f'"{cell}"' for cell in lines[1]) for _ in range(20)
    )
    rows = rows_of(tmp_path, text.encode(encoding))
    assert rows[0] == ["name", "city", "note"]
    assert len(rows[1]) == 3
    if encoding.startswith("utf"):
        assert rows[1][0] == name


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path: Path) -> None:
    day = datetime(2026, 3, 31)  # noqa: DTZ001  # a spreadsheet knows no zone
    data = a_workbook([["name", "visits", "share", "on", "ok"], ["Zoë", 5, 2.5, day, True]])
    assert rows_of(tmp_path, data)[1] == ["Zoë", "5", "2.5", "2026-03-31", "Yes"]


def a_bomb(name: str, size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    return buffer.getvalue()


HOSTILE: dict[str, Any] = {
    "empty": lambda: b"",
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1_000),
    "NUL": lambda: b"name,email\n\x00a,b\n",
    "old workbook": lambda: b"\xd0\xcf\x11\xe0" + bytes(512),
    "zip that is no workbook": lambda: a_bomb("hello.txt", 10),
    "broken zip": lambda: b"PK\x03\x04" + b"x" * 100,
    "zip bomb": lambda: a_bomb("xl/worksheets/sheet1.xml", 300 * 1024 * 1024),
    "thousands of parts": lambda: _many_parts(),
    "open quotation": lambda: b'name,email\n"' + b"x" * 200_000,
    "too many columns": lambda: b",".join([b"x"] * (MOST_COLUMNS + 1)),
}


def _many_parts() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"{number}.xml", b"")
    return buffer.getvalue()


def _laughing() -> bytes:
    """A workbook whose first sheet unfolds entities a billion times."""
    good, buffer = io.BytesIO(a_workbook([["name"]])), io.BytesIO()
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><worksheet><sheetData><row><c t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'  # noqa: E501
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            new.writestr(part, sheet if "sheet1.xml" in part else old.read(part))
    return buffer.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotReadFile) as refused:
        rows_of(tmp_path, HOSTILE[name]())
    assert refused.value.sentence
    assert refused.value.field == "file"


def test_entities_of_a_workbook_do_not_unfold(tmp_path: Path) -> None:
    try:
        rows = rows_of(tmp_path, _laughing())
    except CannotReadFile:
        return
    assert sum(len(cell) for row in rows for cell in row) < 1_000


def test_repeated_and_empty_headers_get_names_of_their_own() -> None:
    headers = headers_of([" City ", "city", "", "", "CITY"])
    assert headers == ["City", "city (2)", "", "", "CITY (3)"]


def a_column(header: str, *values: str) -> dict[str, Any]:
    look = Look(header)
    for value in values:
        look.see(value)
    return {"header": header, "kind": look.kind, "known": look.known, "samples": []}


def test_columns_find_their_place_by_name_and_their_kind_by_value() -> None:
    columns = [
        a_column("E-Mail Address", "a@b.example"),
        a_column("Email", "c@d.example"),
        a_column("Do Not Email", "No"),
        a_column("Visits", "1", "2.5"),
        a_column("Signed", "2026-01-31"),
        a_column("Newsletter", "yes", "no"),
        a_column("Flag", "0", "1"),
        a_column("Size", *(["small", "large"] * 40)),
        a_column("Remark", "one", "two"),
        a_column("", ""),
    ]
    assert suggested(columns, {}) == [
        "email", "new:text", "do_not_email", "new:number", "new:date", "new:yes_no", "new:number",
        "new:choice", "new:text", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("-2.50", -2.5), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1234,5", 1234.5),
     ("12 %", 12), ("1 000", 1000), ("1e3", 1000)],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: float) -> None:
    assert as_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "lots", "nan", "inf", "1e99", "9" * 40, "0x10", "1.2.3", "--1"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(WrongCell):
        as_number(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-31", date(2026, 3, 31)), ("31.03.2026", date(2026, 3, 31)),
     ("03/04/2026", date(2026, 4, 3)), ("31.3.26", date(2026, 3, 31)),
     ("2026-03-31T23:59:59Z", date(2026, 3, 31))],
)  # fmt: skip
def test_days_as_people_write_them(text: str, day: date) -> None:
    assert as_day(text) == day


def test_the_order_of_day_and_month_is_the_files() -> None:
    assert as_day("03/04/2026", "mdy") == date(2026, 3, 4)
    assert as_day("03.04.2026", "mdy") == date(2026, 4, 3)
    with pytest.raises(WrongCell):
        as_day("31/03/2026", "mdy")


@pytest.mark.parametrize("text", ["", "yesterday", "31.02.2026", "99999-01-01", "2026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(WrongCell):
        as_day(text)


def test_yes_and_no() -> None:
    assert (as_yes_no("YES"), as_yes_no("0")) == (True, False)
    with pytest.raises(WrongCell):
        as_yes_no("maybe")


def test_the_sheet_reader_needs_nothing_of_ours() -> None:
    """It runs in a process of its own, where Django is not set up."""
    import capture.importing.sheet as sheet

    assert json.loads(json.dumps(sheet.as_text(2.0))) == "2"
