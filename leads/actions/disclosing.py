"""What do you know about me? One file with everything we hold about one person."""

import tempfile
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import IO, Any
from uuid import UUID

import msgspec
from django.template.loader import render_to_string

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads import storing
from leads.actions.erasing import ALIASES
from leads.actions.files import clean_name
from leads.kinds import Kind
from leads.models import Lead, PrivacyRequest, PrivacyRequestKind
from leads.parcels import holding
from leads.queries.privacy import label_of_table

IN_MEMORY = 10_000_000  # bytes
PARCELS = """
SELECT rows::text FROM leads_removedlead
WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
"""
Held = dict[str, list[dict[str, Any]]]


def disclose_lead(lead: Lead, *, by: Member | None, now: datetime) -> IO[bytes]:
    """A ZIP with `data.json`, the same to be read in `index.html`, and the files; logged."""
    held = _held([row[0] for row in fetch(ALIASES, ids=[lead.pk])])
    counts = Counter({table: len(rows) for table, rows in held.items()})
    PrivacyRequest.objects.create(
        kind=PrivacyRequestKind.ACCESS,
        lead_id=lead.pk,
        counts=counts,
        by=by,
        requested_at=now,
        done_at=now,
    )
    return _packed(lead, held, now)


def _held(ids: Sequence[UUID]) -> Held:
    """Rows by table; those of leads that were merged into this one lie in their parcels."""
    held: Held = {}
    for table, text in fetch(holding(), ids=list(ids)):
        held[table] = msgspec.json.decode(text)
    for (text,) in fetch(PARCELS, ids=list(ids)):
        for table, rows in msgspec.json.decode(text).items():
            if "." not in table:
                held.setdefault(table, []).extend(rows)
    return _without_strangers(held, {str(each) for each in ids})


def _without_strangers(held: Held, ids: Collection[str]) -> Held:
    """Who was taken for them, and is somebody else, is not told of: the merge was undone."""
    merges = [row for row in held.get("leads_merge", ()) if row["gone_id"] not in ids]
    if not merges:
        return held
    undone = {row["id"] for row in merges}
    labels = {row["gone_label"] for row in merges}
    held["leads_merge"] = [row for row in held["leads_merge"] if row["id"] not in undone]
    held["leads_profilechange"] = [
        row for row in held.get("leads_profilechange", ()) if row["via_id"] not in undone
    ]
    for fact in held.get("leads_activity", ()):
        if fact["kind"] == Kind.MERGED and fact["properties"].get("lead") in labels:
            del fact["properties"]["lead"]
    return held


def _packed(lead: Lead, held: Held, now: datetime) -> IO[bytes]:
    packed: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the caller closes
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", msgspec.json.format(msgspec.json.encode(held), indent=2))
        shown = {"lead": lead, "sections": list(_sections(held)), "now": now}
        archive.writestr("index.html", render_to_string("leads/privacy_file.html", shown))
        for row in held.get("leads_attachment", []):
            _add_file(archive, row)
    packed.seek(0)
    return packed


def _sections(held: Held) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for table, rows in held.items():
        yield label_of_table(table), [{k: v for k, v in row.items() if _says(v)} for row in rows]


def _says(value: Any) -> bool:
    return value not in (None, "", [], {})


def _add_file(archive: zipfile.ZipFile, row: dict[str, Any]) -> None:
    content = storing.opened(row["path"])
    if content is not None:
        with content:
            archive.writestr(f"files/{row['id']} {clean_name(row['name'])}", content.read())
