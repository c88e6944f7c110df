"""A file becomes an import that waits for its mapping."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from capture.actions.remembering import take_over
from capture.actions.standing import refuse_status
from capture.events import ImportsMoved
from capture.importing import store
from capture.importing.columns import (
    Look,
    described,
    headers_of,
    identity_of,
    is_ours,
    look_at,
    suggested,
)
from capture.importing.limits import SMALL_FILE, CannotReadFile, refuse_size
from capture.importing.tables import Table, open_table
from capture.importing.targets import live_fields
from capture.importing.text import DELIMITERS, ENCODINGS
from capture.importing.values import UNKNOWN_WORDS
from capture.models import Import, ImportStatus
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member


class CannotReread(Refusal):
    """There is no such way of writing letters or of parting cells."""


def upload_import(
    name: str, chunks: Iterable[bytes], *, by: Member | None, now: datetime
) -> Import:
    """Keep the file, look through it once, and suggest where each column goes.

    A large file is read by a worker; what it cannot read it says on the import. Refuses at once
    a small file that is no table, and files that are too large; nothing is left of those.
    """
    name = "".join(letter for letter in name if letter.isprintable())[-200:] or _("upload")
    with transaction.atomic():
        made: Import = Import.objects.create(name=name, by=by, created_at=now)
        try:
            size = store.keep_upload(made.pk, chunks).stat().st_size
            refuse_size(size)
            _read_soon(made, size, now)
        except BaseException:
            store.forget(made.pk)
            raise
    return made


def reread_import(import_id: UUID, *, encoding: str, delimiter: str, now: datetime) -> Import:
    """Read the upload once more, in the way a person says it is written."""
    if encoding not in ENCODINGS:
        raise CannotReread(_("Choose how the letters are written."), field="encoding")
    if delimiter not in DELIMITERS:
        raise CannotReread(_("Choose what parts the cells."), field="delimiter")
    with transaction.atomic():
        found: Import = Import.objects.select_for_update().get(pk=import_id)
        refuse_status(found, ImportStatus.DRAFT, ImportStatus.UNREADABLE)
        found.encoding, found.delimiter = encoding, delimiter
        _read_soon(found, store.size_of_upload(found.pk), now)
    return found


def read_upload(import_id: UUID, *, now: datetime) -> None:
    """Read a large upload; what cannot be read is said on the import."""
    found: Import | None = Import.objects.filter(pk=import_id, status=ImportStatus.READING).first()
    if found is None:
        return
    try:
        _read(found)
    except CannotReadFile as problem:
        found.status, found.problem = ImportStatus.UNREADABLE, problem.sentence[:500]
    found.moved_at = now
    if Import.objects.filter(pk=import_id).exists():  # nobody removed it meanwhile
        found.save()


def remove_import(import_id: UUID) -> None:
    """Forget an import that was never started, and its file."""
    removed, _of = Import.objects.filter(pk=import_id, started_at=None).delete()
    if removed:
        transaction.on_commit(lambda: store.forget(import_id))


def _read_soon(found: Import, size: int, now: datetime) -> None:
    """At once while somebody waits, or by a worker."""
    found.moved_at, found.problem = now, ""
    if size <= SMALL_FILE:
        _read(found)
    else:
        found.status = ImportStatus.READING
        publish(ImportsMoved((found.pk,)))
    found.save()


def _read(found: Import) -> None:
    path = store.upload_of(found.pk)
    _take_in(found, open_table(path, encoding=found.encoding, delimiter=found.delimiter))
    found.status, found.trial = ImportStatus.DRAFT, {}


def _take_in(made: Import, table: Table) -> None:
    rows = _numbered(table.rows)
    _number, header = next(rows, (0, []))
    headers = headers_of(header)
    if not any(headers):
        raise CannotReadFile(
            _("The first row must hold the names of the columns, but it is empty.")
        )
    looks = [Look(each) for each in headers]
    made.rows = store.keep_rows(made.pk, _looked_at(rows, looks))
    if not made.rows:
        raise CannotReadFile(_("The file has a header and no rows below it."))
    made.columns = described(looks)
    made.header_key = header_key_of(headers)
    made.mapping = suggested(made.columns, live_fields())
    made.identity = identity_of(made.mapping)
    made.unknown_words = list(UNKNOWN_WORDS)
    made.format, made.encoding, made.delimiter = table.format, table.encoding, table.delimiter
    take_over(made)


def header_key_of(headers: Iterable[str]) -> str:
    """The same for files with the same columns in the same order, whatever we added ourselves."""
    names = [header.lower() for header in headers if header and not is_ours(header)]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


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
