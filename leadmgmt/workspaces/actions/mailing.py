"""Notices by email, for members who want that: one letter for what they have not seen.

A notice is marked as mailed, and that committed, before the mail server hears of it. If we are cut
off in between, its letter is perhaps lost and never sent twice; the bell still tells it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member, Notice

PATIENCE = timedelta(minutes=5)  # who is at work has seen it by then
TOO_OLD = timedelta(days=1)  # nobody wants a heap of them after a pause
MOST = 200  # notices one claim takes

CLAIM = """
UPDATE workspaces_notice AS notice SET mailed_at = %(now)s FROM (
    SELECT due.id, person.email, member.name FROM workspaces_notice AS due
    JOIN workspaces_member AS member
        ON member.workspace_id = %(workspace)s AND member.id = due.member_id
    JOIN workspaces_user AS person ON person.id = member.user_id
    WHERE due.workspace_id = %(workspace)s AND due.mailed_at IS NULL AND due.seen_at IS NULL
      AND due.created_at > %(since)s
      AND member.wants_mail AND member.left_at IS NULL AND person.is_active
      AND member.role <> 'closer'  -- notices tell of leads, and closers open none
      AND EXISTS (SELECT FROM workspaces_notice AS ripe
        WHERE ripe.workspace_id = %(workspace)s AND ripe.member_id = due.member_id
          AND ripe.mailed_at IS NULL AND ripe.seen_at IS NULL
          AND ripe.created_at BETWEEN %(since)s AND %(until)s)
    ORDER BY due.member_id, due.created_at, due.id LIMIT %(most)s
    FOR UPDATE OF due SKIP LOCKED
) AS claimed
WHERE notice.workspace_id = %(workspace)s AND notice.id = claimed.id
RETURNING notice.id, claimed.email, claimed.name, notice.text, notice.path, notice.created_at
"""


@dataclass(frozen=True)
class Claimed:
    """One notice that goes into a letter."""

    id: UUID
    email: str
    name: str
    text: str
    path: str
    created_at: datetime


def want_mail(member: Member, *, is_wanted: bool) -> None:
    """Send this member what they have not seen, from the next notice on; or send nothing."""
    Member.objects.filter(pk=member.pk).update(wants_mail=is_wanted)


def claim_unmailed(*, now: datetime) -> list[Claimed]:
    """Notices to be mailed now, by whom they are for and in order; nobody claims them again.

    Once one has waited for five minutes, the newer ones of that member go with it.
    """
    with transaction.atomic():
        rows = fetch(CLAIM, now=now, since=now - TOO_OLD, until=now - PATIENCE, most=MOST)
    claimed = [Claimed(*row) for row in rows]
    return sorted(claimed, key=lambda each: (each.email, each.created_at, each.id))


def hand_back(ids: Sequence[UUID]) -> None:
    """The mail server did not take them; they are tried again."""
    Notice.objects.filter(pk__in=ids).update(mailed_at=None)
