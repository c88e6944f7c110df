"""A file becomes an import that waits for its mapping."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from capture.importing import store
from capture.importing.columns import IDENTITIES, Look, described, headers_of, look_at, suggested
from capture.importing.tables import CannotReadFile, Table, open_table
from capture.importing.values import UNKNOWN_WORDS
from capture.models import Import
from capture.questions import custom_fields
from leadmgmt.workspaces.models import Member


def upload_import(
    name: str, chunks: Iterable[bytes], *, by: Member | None, now: datetime
) -> Import:
    """Keep the file, look through it once, and suggest where each column goes.

    Refuses what is no table, and tables that are too large; nothing is left of those.
    """
    name = "".join(letter for letter in name if letter.isprintable())[-200:] or _("upload")
    with transaction.atomic():
        made: Import = Import.objects.create(name=name, by=by, created_at=now)
        try:
            _take_in(made, open_table(store.keep_upload(made.pk, chunks)))
        except BaseException:
            store.forget(made.pk)
            raise
    return made


def _take_in(made: Import, table: Table) -> None:
    rows = _numbered(table.rows)
    _number, header = next(rows, (0, []))
    headers = headers_of(header)
    if not any(headers):
        raise CannotReadFile(
            _("The first row must hold the names of the columns, but it is empty."), field="file"
        )
    looks = [Look(each) for each in headers]
    made.rows = store.keep_rows(made.pk, _looked_at(rows, looks))
    if not made.rows:
        raise CannotReadFile(_("The file has a header and no rows below it."), field="file")
    made.columns = described(looks)
    made.mapping = suggested(made.columns, custom_fields())
    made.identity = next((each for each in IDENTITIES if each in made.mapping), "")
    made.unknown_words = list(UNKNOWN_WORDS)
    made.format, made.encoding, made.delimiter = table.format, table.encoding, table.delimiter
    made.save()


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number a spreadsheet shows beside them; blank lines are no rows."""
    for number, cells in enumerate(rows, start=1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _looked_at(
    rows: Iterable[tuple[int, list[str]]], looks: list[Look]
) -> Iterator[tuple[int, list[str]]]:
    unknown = frozenset(UNKNOWN_WORDS)
    for number, cells in rows:
        look_at(looks, cells, unknown)
        yield number, cells


def remove_import(import_id: UUID) -> None:
    """Forget an import that was never started, and its file."""
    removed, _of = Import.objects.filter(pk=import_id, started_at=None).delete()
    if removed:
        transaction.on_commit(lambda: store.forget(import_id))
