"""Files on leads and companies: added, removed, put back, thrown away."""

import mimetypes
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads import storing
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Attachment, Company, Lead

MEGABYTE = 1_000_000
LARGEST = 25 * MEGABYTE
LONGEST_NAME = 200
LONGEST_ENDING = 12
KEPT = timedelta(days=30)
SETTLED = timedelta(days=2)  # bytes whose row is being written are younger

# Removed leads and companies may come back with their files: what their parcels name is not lost.
KNOWN = """
SELECT path FROM leads_attachment
WHERE workspace_id = %(workspace)s AND path = ANY(%(paths)s::text[])
UNION
SELECT row ->> 'path' FROM leads_removedlead,
    jsonb_path_query(rows, '$.leads_attachment[*]') AS row
WHERE workspace_id = %(workspace)s
UNION
SELECT row ->> 'path' FROM leads_removedcompany,
    jsonb_path_query(rows, '$.leads_attachment[*]') AS row
WHERE workspace_id = %(workspace)s
"""


class CannotAddFile(Refusal):
    """The file is empty or too large."""


def add_file(
    about: Lead | Company, *, name: str, content: "File[Any]", by: Member | None, now: datetime
) -> Attachment:
    """Put a file on a lead or a company; on the lead's timeline too.

    The name is kept without what could mislead. Refuses empty files and those above 25 MB.
    """
    size = content.size
    _refuse_size(size)
    name = clean_name(name)
    id = new_id()
    path = storing.keep(id, content)
    try:
        with transaction.atomic():
            file = _row(id, about, name=name, size=size, path=path, by=by, now=now)
            _remember(file, by=by, now=now)
    except BaseException:
        storing.forget(path)
        raise
    return file


def remove_file(file: Attachment, *, now: datetime) -> None:
    """Show it no more; for thirty days `restore_file` brings it back."""
    Attachment.objects.filter(pk=file.pk, removed_at=None).update(removed_at=now)


def restore_file(file: Attachment) -> None:
    """Undo a removal."""
    Attachment.objects.filter(pk=file.pk).update(removed_at=None)


def discard_files(*, now: datetime) -> int:
    """Throw away files removed longer ago than thirty days, and bytes nobody knows; how many."""
    expired = list(Attachment.objects.filter(removed_at__lte=now - KEPT))
    Attachment.objects.filter(pk__in=[each.pk for each in expired]).delete()
    paths = [each.path for each in expired]
    paths += _unknown(list(storing.stored_before(now - SETTLED)))
    for path in set(paths):
        storing.forget(path)
    return len(set(paths))


def clean_name(name: str) -> str:
    """The last part of a path, of printable letters only, not too long; its ending stays."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    shown = " ".join(shown.split()).strip(". ") or str(_("file"))
    stem, dot, ending = shown.rpartition(".")
    if len(shown) <= LONGEST_NAME or not dot or len(ending) > LONGEST_ENDING:
        return shown[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _refuse_size(size: int) -> None:
    if size == 0:
        raise CannotAddFile(_("The file is empty."), field="file")
    if size > LARGEST:
        sentence = _("The file has %(size)d MB; at most %(most)d MB are taken.")
        told = {"size": -(-size // MEGABYTE), "most": LARGEST // MEGABYTE}
        raise CannotAddFile(sentence % told, field="file")


def _row(id: Any, about: Lead | Company, *, name: str, now: datetime, **facts: Any) -> Attachment:
    noun = "lead" if isinstance(about, Lead) else "company"
    kind = mimetypes.guess_type(name)[0] or ""
    row: Attachment = Attachment.objects.create(
        id=id, name=name, content_type=kind[:100], created_at=now, **{noun: about}, **facts
    )
    return row


def _remember(file: Attachment, *, by: Member | None, now: datetime) -> None:
    if file.lead_id is not None:
        said = {"file": file.name, "size": file.size}
        by_id = by.pk if by else None
        fact = NewActivity(Kind.FILE_ADDED, now, lead_id=file.lead_id, properties=said, by_id=by_id)
        record_activities([fact], now=now)


def _unknown(paths: Sequence[str]) -> list[str]:
    """Bytes whose row never came, or went with its lead for good."""
    if not paths:
        return []
    known = {row[0] for row in fetch(KNOWN, paths=list(paths))}
    return [path for path in paths if path not in known]
