"""Keeping segments what their conditions say: the members of some leads, set by set.

Who is in which segment is written by one worker of a workspace at a time, and each looks at the
leads as they are by then; so it does not matter in which order, or how often, facts are told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import comparing_sets, execute, fetch
from leads.conditions import Change
from leads.conditions.sql.pieces import Among, Between
from leads.events import SegmentsEntered, SegmentsLeft
from leads.nesting import Watched, watched_segments

SLICE = 5_000  # leads in one statement

# The lock is a statement of its own: the next one then sees all that was committed before.
TURN = "SELECT pg_advisory_xact_lock(hashtextextended('segments ' || %(workspace)s, 0))"

# In order, as everybody does who takes leads out: they are there until we have committed.
HOLD = """
SELECT id FROM leads_lead
WHERE workspace_id = %(workspace)s AND id {batch}
ORDER BY id FOR KEY SHARE
"""

# Members are looked up lead by lead: just after many have entered, the planner takes an index over
# the segment alone for as good as that over segment and lead, and would read all members there are.
KEEP = """
WITH dirty AS MATERIALIZED (
    SELECT lead.* FROM leads_lead AS lead
    WHERE lead.workspace_id = %(workspace)s AND lead.id {batch}
), fit AS MATERIALIZED (
    SELECT lead.id FROM dirty AS lead WHERE {condition}
), member AS MATERIALIZED (
    SELECT dirty.id, lasting.id AS time FROM dirty CROSS JOIN LATERAL (
        SELECT id FROM leads_membership
        WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s AND lead_id = dirty.id
          AND left_at IS NULL
        LIMIT 1
    ) AS lasting
), gone AS (
    UPDATE leads_membership SET left_at = %(now)s
    WHERE workspace_id = %(workspace)s AND id = ANY(ARRAY(
        SELECT member.time FROM member LEFT JOIN fit USING (id)
        WHERE fit.id IS NULL AND %(is_live)s))
    RETURNING lead_id
), come AS (
    INSERT INTO leads_membership (workspace_id, segment_id, lead_id, entered_at)
    SELECT %(workspace)s, %(segment)s, id, %(now)s
    FROM (SELECT id FROM fit EXCEPT SELECT id FROM member) AS won
    RETURNING lead_id
), sized AS (
    UPDATE leads_segment
    SET size = size + (SELECT count(*) FROM come) - (SELECT count(*) FROM gone)
    WHERE workspace_id = %(workspace)s AND id = %(segment)s
      AND EXISTS (SELECT FROM come UNION ALL SELECT FROM gone)
)
SELECT lead_id, true FROM come UNION ALL SELECT lead_id, false FROM gone
"""

# What was taken out or put back with its lead is not among what was counted.
RECOUNT = """
UPDATE leads_segment AS segment SET size = counted.size
FROM (
    SELECT one.id, count(member.lead_id) AS size FROM leads_segment AS one
    LEFT JOIN leads_membership AS member ON member.workspace_id = %(workspace)s
        AND member.segment_id = one.id AND member.left_at IS NULL
    WHERE one.workspace_id = %(workspace)s GROUP BY one.id
) AS counted
WHERE segment.workspace_id = %(workspace)s AND segment.id = counted.id
  AND segment.size <> counted.size
"""


@dataclass(frozen=True)
class Batch:
    """Which leads: text to follow a column, its values, and the same for conditions."""

    text: str
    values: Mapping[str, Any]
    among: Among


def these(lead_ids: Sequence[UUID]) -> Batch:
    """A list of leads."""
    return Batch("= ANY(%(leads)s::uuid[])", {"leads": list(lead_ids)}, list(lead_ids))


def between(first: UUID, last: UUID) -> Batch:
    """All leads from one id to another."""
    text = "BETWEEN %(first)s AND %(last)s"
    return Batch(text, {"first": first, "last": last}, Between(first, last))


@dataclass
class Moved:
    """Who entered and who left which segment, in the order it came about."""

    entered: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    left: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def __bool__(self) -> bool:
        return bool(self.entered or self.left)

    def note(self, segment_id: UUID, moves: Iterable[tuple[UUID, bool]]) -> None:
        """These leads entered it (True) or left it."""
        for lead_id, has_entered in moves:
            (self.entered if has_entered else self.left)[segment_id].append(lead_id)

    def of(self, segment_ids: Iterable[UUID]) -> set[UUID]:
        """Leads that entered or left one of these."""
        both = (self.entered, self.left)
        return {lead for pk in segment_ids for moves in both for lead in moves.get(pk, ())}

    def announce(self, *, is_quiet: bool) -> None:
        """Publish an event for each segment."""
        publish(
            *(SegmentsEntered(tuple(ids), str(pk), is_quiet) for pk, ids in self.entered.items()),
            *(SegmentsLeft(tuple(ids), str(pk), is_quiet) for pk, ids in self.left.items()),
        )


def take_turn() -> None:
    """Wait until nobody else writes memberships of this workspace; until the transaction ends."""
    fetch(TURN)


def hold(batch: Batch) -> list[UUID]:
    """Those of these leads that are there, and will be until the transaction ends."""
    return [row[0] for row in fetch(HOLD.format(batch=batch.text), **batch.values)]


def keep_segments(
    lead_ids: Iterable[UUID], *changes: Change, now: datetime, is_quiet: bool = False
) -> None:
    """Ask the live segments that `changes` can touch, and those nested in them, of these leads.

    Publishes SegmentsEntered and SegmentsLeft.
    """
    ids = sorted(set(lead_ids))
    with transaction.atomic():
        take_turn()
        watched = watched_segments()
        if not any(each.facts.touched_by(*changes) for each in watched):
            return
        for start in range(0, len(ids), SLICE):
            there = hold(these(ids[start : start + SLICE]))
            moved = Moved()
            _keep_in_order(watched, there, changes, moved, now)
            moved.announce(is_quiet=is_quiet)


def keep_nested(moved: Moved, *, now: datetime, is_quiet: bool = False) -> None:
    """Ask the segments that ask about segments in which leads have `moved`; announce all moves.

    Call it in your turn, with the leads held.
    """
    if moved:
        _keep_in_order(watched_segments(), (), (), moved, now)
        moved.announce(is_quiet=is_quiet)


def _keep_in_order(
    watched: Sequence[Watched],
    lead_ids: Sequence[UUID],
    changes: Sequence[Change],
    moved: Moved,
    now: datetime,
) -> None:
    """A segment no change touches is asked of those who moved in a segment it asks about."""
    for each in watched:
        is_touched = each.facts.touched_by(*changes)
        dirty = lead_ids if is_touched else sorted(moved.of(each.facts.segments))
        if dirty:
            moved.note(each.id, keep(each, these(dirty), now=now))


def keep(
    watched: Watched, batch: Batch, *, now: datetime, is_live: bool = True
) -> list[tuple[UUID, bool]]:
    """Make memberships of the batch what the condition says; who entered (True) and who left.

    Unless `is_live`, nobody leaves.
    """
    where, values = watched.condition.where(now, among=batch.among).named("condition")
    sql = KEEP.format(batch=batch.text, condition=where)
    with comparing_sets():
        return fetch(sql, **values, **batch.values, segment=watched.id, now=now, is_live=is_live)


def recount() -> None:
    """Make the sizes what they are after leads were taken out or put back."""
    with transaction.atomic():
        take_turn()
        execute(RECOUNT)
