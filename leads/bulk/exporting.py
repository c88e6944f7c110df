"""Exporting many leads or companies to a file: the columns of a list, as CSV or XLSX.

Rows are appended as one JSON list a line; the file is made of them when it is asked for. A chunk
cuts the file to where its bulk action stood before writing, so a killed worker leaves no row twice.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import fetch
from leads.bulk.verb import BulkForm, Change, Verb, Work
from leads.columns import COMPANIES, LEADS, Column, Look, Table, custom_columns, useful
from leads.models import BulkAction, BulkStatus
from leads.models.views import Subject

KEPT = timedelta(days=7)  # what is to be kept longer belongs on a disk of one's own
FORMULA = ("=", "@", "\t", "\r")  # and a sign before anything but digits
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STEMS: Mapping[str, str] = {Subject.LEAD: "leads", Subject.COMPANY: "companies"}
TABLES: Mapping[str, Table] = {Subject.LEAD: LEADS, Subject.COMPANY: COMPANIES}


class CannotFindExport(Conflict):
    """The rows of an export are not where they were kept."""


class ExportForm(BulkForm):
    """Which kind of file, and which columns."""

    subject = Subject.LEAD

    format = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[("csv", "CSV"), ("xlsx", "XLSX (Excel)")],
        initial="csv",
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(column.name, str(column.label)) for column in _known(self.subject)]
        self.fields["columns"] = forms.MultipleChoiceField(
            label=_("Columns"),
            choices=choices,
            initial=[name for name, _label in choices],
            widget=forms.CheckboxSelectMultiple,
        )


class CompanyExportForm(ExportForm):
    """The same for companies."""

    subject = Subject.COMPANY


def _known(subject: str) -> list[Column]:
    return list(useful(TABLES[subject]).for_people(custom_columns(subject)).values())


def _export(work: Work) -> Iterable[Change]:
    bulk = BulkAction.objects.get(pk=work.bulk_id)
    table, columns = TABLES[bulk.subject], _columns(bulk)
    shown = ", ".join(column.sql for column in columns)
    row = table.alias
    rows = fetch(
        f"SELECT {shown} FROM {table.table} {row} {table.tables(shown)}"  # noqa: S608  # our columns
        f" WHERE {row}.workspace_id = %(workspace)s AND {row}.id = ANY(%(ids)s::uuid[])"
        f" ORDER BY {row}.id",
        ids=list(work.ids),
    )
    _append(bulk, rows)
    return map(Change, work.ids)


def _columns(bulk: BulkAction) -> list[Column]:
    known = {column.name: column for column in _known(bulk.subject)}
    return [known[name] for name in bulk.parameters["columns"] if name in known]


def _append(bulk: BulkAction, rows: Sequence[Sequence[Any]]) -> None:
    """Write where the last committed chunk ended; `file` of the action says where that is."""
    path = path_of(bulk.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with path.open("r+b") as file:
        file.truncate(int(bulk.file or 0))
        file.seek(0, io.SEEK_END)
        for row in rows:
            file.write(msgspec.json.encode(list(row)) + b"\n")
        end = file.tell()
    BulkAction.objects.filter(pk=bulk.pk).update(file=str(end))


def path_of(bulk_id: UUID) -> Path:
    """Where the rows of an export are kept; nothing there has an address on the web."""
    root = Path(settings.MEDIA_ROOT)
    return root / str(current_workspace_id()) / "exports" / f"{bulk_id}.jsonl"


def file_of(bulk: BulkAction) -> tuple[bytes, str, str]:
    """The export as a file: bytes, name and type. Refuses when its rows are lost."""
    path = path_of(bulk.pk)
    if not path.exists():
        raise CannotFindExport(_("The file of this export is no longer on the server."))
    columns, stem = _columns(bulk), STEMS[bulk.subject]
    with path.open("rb") as file:
        rows = (msgspec.json.decode(line) for line in file)
        if bulk.parameters["format"] == "xlsx":
            return _xlsx(columns, rows, str(stem)), f"{stem}.xlsx", XLSX
        return _csv(columns, rows), f"{stem}.csv", "text/csv; charset=utf-8"


def _csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark that spreadsheets understand."""
    text = io.StringIO(newline="")
    write = csv.writer(text).writerow
    write([_safe(column.label) for column in columns])
    for row in rows:
        write([_safe(value) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _xlsx(columns: Sequence[Column], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    import xlsxwriter  # few processes ever make one, and all of them would load it at start

    made = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet(title)
        for number, line in enumerate(_lines(columns, rows)):
            for place, value in enumerate(line):
                sheet.write(number, place, value)
    return made.getvalue()


def _lines(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    yield [str(column.label) for column in columns]
    for row in rows:
        yield [_cell(column, value) for column, value in zip(columns, row, strict=True)]


def _cell(column: Column, value: Any) -> Any:
    if column.look in (Look.NUMBER, Look.SCORE) and isinstance(value, str):
        return float(value)  # numeric comes as text
    return value


def _safe(value: Any) -> str:
    """As a spreadsheet may open it without running anything; a telephone keeps its plus."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    is_signed = text[:1] in ("+", "-") and not text[1:].replace(" ", "").replace(".", "").isdigit()
    return f"'{text}" if is_signed or text.startswith(FORMULA) else text


def is_kept(bulk: BulkAction, now: datetime) -> bool:
    """Whether there is something to download."""
    return bulk.kind == EXPORT.name and bool(bulk.file) and path_of(bulk.pk).exists()


def discard_exports(*, before: datetime) -> int:
    """Delete files of exports of this workspace that were made before a moment; how many.

    Also those nobody knows any more.
    """
    folder, gone = path_of(UUID(int=0)).parent, 0
    for path in folder.glob("*.jsonl") if folder.is_dir() else ():
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def forget_exports() -> int:
    """Somebody was erased: files that may hold them go, exports under way stop; how many."""
    moving = BulkAction.objects.filter(kind=EXPORT.name, status=BulkStatus.RUNNING)
    moving.update(
        status=BulkStatus.FAILED,
        finished_at=Now(),
        problem=_("Somebody was erased while this file was made; export once more."),
    )
    return discard_exports(before=datetime.max.replace(tzinfo=UTC))


def _tell(parameters: Mapping[str, Any]) -> str:
    return _("Export as %s") % parameters["format"].upper()


def _verb(subject: Subject, form: type[BulkForm]) -> Verb:
    return Verb(
        name="export",
        label=gettext_lazy("Export"),
        icon="download",
        page="leads:bulk_export",
        tell=_tell,
        do=_export,
        form=form,
        subject=subject,
    )


EXPORT = _verb(Subject.LEAD, ExportForm)
EXPORT_COMPANIES = _verb(Subject.COMPANY, CompanyExportForm)
