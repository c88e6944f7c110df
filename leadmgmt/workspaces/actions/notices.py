"""Notices: given to members, at most once each, and seen by them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from leadmgmt.kernel.sql import execute
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member, Notice

LONGEST_TEXT = 300

GIVE = """
INSERT INTO workspaces_notice (workspace_id, member_id, kind, text, path, key, created_at)
SELECT %(workspace)s, row.member_id, row.kind, row.text, row.path, row.key, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS row(member_id uuid, kind text, text text, path text, key text)
ORDER BY row.member_id, row.key
ON CONFLICT (workspace_id, member_id, key) DO NOTHING
"""


class NewNotice(msgspec.Struct, frozen=True):
    """What one member should know; the same `key` again is the same notice."""

    member_id: UUID
    kind: str
    text: str
    path: str
    key: str


def give_notices(rows: Sequence[NewNotice], *, now: datetime) -> int:
    """Tell members what they should know, in one statement; how many notices were new.

    A text that is too long ends with “…”.
    """
    if not rows:
        return 0
    return execute(GIVE, rows=as_jsonb([_fitting(row) for row in rows]), now=now)


def see_notices(member: Member, ids: Iterable[UUID] | None = None, *, now: datetime) -> int:
    """Note that `member` has seen these notices, or all; how many were new to them."""
    unseen = Notice.objects.filter(member=member, seen_at=None)
    return unseen.filter(**{} if ids is None else {"pk__in": list(ids)}).update(seen_at=now)


def _fitting(row: NewNotice) -> NewNotice:
    if len(row.text) <= LONGEST_TEXT:
        return row
    return msgspec.structs.replace(row, text=f"{row.text[: LONGEST_TEXT - 1]}…")
