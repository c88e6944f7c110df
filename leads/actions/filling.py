"""Who is in a frozen segment: put in, taken out, copied."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.actions.keeping import Moved, hold, keep_nested, take_turn, these
from leads.models import Segment, SegmentKind

ENTER = """
WITH come AS (
    INSERT INTO leads_membership (workspace_id, segment_id, lead_id, entered_at, by_id)
    SELECT %(workspace)s, %(segment)s, id, %(now)s, %(by)s FROM unnest(%(leads)s::uuid[]) AS id
    ON CONFLICT (workspace_id, segment_id, lead_id) WHERE left_at IS NULL DO NOTHING
    RETURNING lead_id
), sized AS (
    UPDATE leads_segment SET size = size + (SELECT count(*) FROM come)
    WHERE workspace_id = %(workspace)s AND id = %(segment)s
)
SELECT lead_id FROM come
"""

LEAVE = """
WITH gone AS (
    UPDATE leads_membership SET left_at = %(now)s
    WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s AND left_at IS NULL
      AND lead_id = ANY(%(leads)s::uuid[])
    RETURNING lead_id
), sized AS (
    UPDATE leads_segment SET size = size - (SELECT count(*) FROM gone)
    WHERE workspace_id = %(workspace)s AND id = %(segment)s
)
SELECT lead_id FROM gone
"""

# Nobody can be taken out of what is not announced yet, so the members need not be held.
COPY = """
WITH come AS (
    INSERT INTO leads_membership (workspace_id, segment_id, lead_id, entered_at, by_id)
    SELECT %(workspace)s, %(copy)s, member.lead_id, %(now)s, %(by)s
    FROM leads_membership AS member JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = member.lead_id
    WHERE member.workspace_id = %(workspace)s AND member.segment_id = %(segment)s
      AND member.left_at IS NULL
    RETURNING lead_id
)
UPDATE leads_segment SET size = (SELECT count(*) FROM come)
WHERE workspace_id = %(workspace)s AND id = %(copy)s
RETURNING size
"""


class CannotFillSegment(Refusal):
    """People are put by hand into frozen segments only, and not into retired ones."""


def add_to_segment(
    lead_ids: Iterable[UUID], *, segment: Segment, by: Member | None, now: datetime
) -> tuple[UUID, ...]:
    """Put leads into a frozen segment; those that were not in it. Publishes SegmentsEntered.

    Refuses a live segment, and a retired one. `remove_from_segment` takes it back.
    """
    with transaction.atomic():
        _refuse_unfit(segment)
        take_turn()
        there = hold(these(sorted(set(lead_ids))))
        by_id = by.pk if by else None
        rows = fetch(ENTER, segment=segment.pk, leads=there, by=by_id, now=now)
        return _tell(segment, rows, has_entered=True, now=now)


def remove_from_segment(
    lead_ids: Iterable[UUID], *, segment: Segment, by: Member | None, now: datetime
) -> tuple[UUID, ...]:
    """Take leads out of a frozen segment; those that were in it. Publishes SegmentsLeft."""
    with transaction.atomic():
        _refuse_unfit(segment)
        take_turn()
        there = hold(these(sorted(set(lead_ids))))
        rows = fetch(LEAVE, segment=segment.pk, leads=there, now=now)
        return _tell(segment, rows, has_entered=False, now=now)


def copy_members(segment: Segment, into: Segment, *, by: Member | None, now: datetime) -> int:
    """Put who is in `segment` at this moment into a new frozen one; how many."""
    ((size,),) = fetch(COPY, segment=segment.pk, copy=into.pk, now=now, by=by.pk if by else None)
    return int(size)


def _tell(
    segment: Segment, rows: Sequence[tuple[UUID]], *, has_entered: bool, now: datetime
) -> tuple[UUID, ...]:
    ids = tuple(row[0] for row in rows)
    moved = Moved()
    moved.note(segment.pk, ((each, has_entered) for each in ids))
    keep_nested(moved, now=now)
    return ids


def _refuse_unfit(segment: Segment) -> None:
    if segment.kind != SegmentKind.FROZEN:
        raise CannotFillSegment(
            _("“%(name)s” is live: whoever fits its condition is in it. Freeze it first.")
            % {"name": segment.name},
            field="segment",
        )
    if segment.retired_at is not None:
        raise CannotFillSegment(
            _("“%(name)s” has retired; restore it first.") % {"name": segment.name},
            field="segment",
        )
