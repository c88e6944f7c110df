"""Putting facts on timelines: the one way in, and the hottest path of the product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.events import ActivitiesRecorded

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)
LONGEST = {"kind": 40, "source": 100, "medium": 100, "key": 100}


class CannotRecordActivity(Refusal):
    """The fact is dated in the future, or one of its words is too long."""


class NewActivity(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact to be recorded; `properties` may come as raw JSON that was checked already.

    Without a lead it belongs to the lead of its visitor, or is anonymous until the visitor says
    who it is. `key` makes a resent fact the same fact.
    """

    kind: str
    occurred_at: datetime
    lead_id: UUID | None = None
    visitor_id: UUID | None = None
    campaign_id: UUID | None = None
    source: str = ""
    medium: str = ""
    properties: Mapping[str, Any] | msgspec.Raw = {}
    key: str | None = None
    by_id: UUID | None = None
    is_machine: bool = False


@dataclass(frozen=True)
class Recorded:
    """How many facts were new, and whose."""

    count: int
    lead_ids: tuple[UUID, ...]


# The visitors are locked against a stitch in the same moment, which would miss these facts; keys
# and leads are taken in order, so that two batches cannot wait for each other. The lead's last
# activity moves by whole minutes only: a list shows no more, and a wide row is dear to write.
RECORD = """
WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
        kind text, occurred_at timestamptz, lead_id uuid, visitor_id uuid, campaign_id uuid,
        source text, medium text, properties jsonb, key text, by_id uuid, is_machine boolean)
), fresh AS (
    INSERT INTO leads_activitykey (workspace_id, key)
    SELECT %(workspace)s, key FROM given WHERE key IS NOT NULL ORDER BY key
    ON CONFLICT (workspace_id, key) DO NOTHING
    RETURNING key
), known AS MATERIALIZED (
    SELECT id, lead_id FROM leads_visitor
    WHERE workspace_id = %(workspace)s
      AND id = ANY(ARRAY(SELECT DISTINCT visitor_id FROM given WHERE visitor_id IS NOT NULL))
    ORDER BY id FOR KEY SHARE
), stored AS (
    INSERT INTO leads_activity (
        workspace_id, kind, occurred_at, received_at, lead_id, visitor_id, campaign_id,
        source, medium, properties, key, by_id, is_machine)
    SELECT %(workspace)s, kind, occurred_at, %(now)s, coalesce(given.lead_id, known.lead_id),
        visitor_id, campaign_id, coalesce(source, ''), coalesce(medium, ''),
        coalesce(properties, '{}'), key, by_id, coalesce(is_machine, false)
    FROM given LEFT JOIN known ON known.id = given.visitor_id
    WHERE key IS NULL OR key IN (SELECT key FROM fresh)
    RETURNING lead_id, occurred_at, is_machine
), touched AS MATERIALIZED (
    SELECT lead_id, max(occurred_at) FILTER (WHERE NOT is_machine) AS at
    FROM stored WHERE lead_id IS NOT NULL GROUP BY lead_id
), stale AS MATERIALIZED (
    SELECT lead.id, touched.at FROM touched JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = touched.lead_id
    WHERE lead.last_activity_at IS NULL
       OR date_trunc('minute', lead.last_activity_at) < date_trunc('minute', touched.at)
    ORDER BY lead.id FOR NO KEY UPDATE OF lead
), moved AS (
    UPDATE leads_lead AS lead SET last_activity_at = greatest(lead.last_activity_at, stale.at)
    FROM stale
    WHERE lead.workspace_id = %(workspace)s AND lead.id = stale.id AND stale.at IS NOT NULL
)
SELECT (SELECT count(*) FROM stored), ARRAY(SELECT lead_id FROM touched ORDER BY lead_id)
"""

# Of leads the caller has just written, and their last activity with them: it moves them a second
# time no more, and no visitor and no key is looked for.
ALIKE = """
INSERT INTO leads_activity (workspace_id, kind, occurred_at, received_at, lead_id, source, medium,
    properties, by_id, is_machine)
SELECT %(workspace)s, %(kind)s, %(now)s, %(now)s, lead_id, '', '', %(properties)s::jsonb,
    %(by)s::uuid, false
FROM unnest(%(leads)s::uuid[]) AS lead_id
"""


def record_alike(
    lead_ids: Sequence[UUID],
    kind: str,
    properties: Mapping[str, Any],
    by_id: UUID | None,
    *,
    now: datetime,
    is_quiet: bool = False,
) -> ActivitiesRecorded:
    """One fact on the timelines of leads whose last activity the caller has written itself.

    The event is the caller's to publish with its own.
    """
    if lead_ids:
        told = as_jsonb(properties)
        execute(ALIKE, leads=list(lead_ids), kind=kind, properties=told, by=by_id, now=now)
    return ActivitiesRecorded(tuple(lead_ids), is_quiet, _day(now))


def record_activities(
    rows: Sequence[NewActivity], *, now: datetime, is_quiet: bool = False
) -> Recorded:
    """Store the facts that are not stored yet, in one statement.

    A fact whose `key` was seen before is left out, and so is its repetition in the batch. Refuses
    facts later than a day from `now`, and text that is too long or cannot be stored.
    """
    if not rows:
        return Recorded(0, ())
    for row in rows:
        _refuse_wrong(row, latest=now + CLOCK_SKEW)
    given = as_jsonb(_once(rows))
    with transaction.atomic(savepoint=False):  # nobody goes on after a failure in here
        ((count, lead_ids),) = fetch(RECORD, rows=given, now=now)
        recorded = Recorded(count, tuple(lead_ids))
        publish(ActivitiesRecorded(recorded.lead_ids, is_quiet, _first_day(rows)))
    return recorded


def _first_day(rows: Sequence[NewActivity]) -> str:
    return _day(min(row.occurred_at for row in rows))


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _once(rows: Sequence[NewActivity]) -> list[NewActivity]:
    """The rows without those that repeat the key of an earlier one."""
    keyed = {row.key: row for row in reversed(rows) if row.key is not None}
    return [*keyed.values(), *(row for row in rows if row.key is None)]


def _refuse_wrong(row: NewActivity, *, latest: datetime) -> None:
    if row.occurred_at > latest:
        raise CannotRecordActivity(
            _("The activity is dated %(at)s, which is in the future; send the time it happened.")
            % {"at": row.occurred_at.isoformat()},
            field="occurred_at",
        )
    if row.occurred_at < EARLIEST:
        raise CannotRecordActivity(
            _("The activity is dated %(at)s; the earliest day taken is 1 January 1990.")
            % {"at": row.occurred_at.isoformat()},
            field="occurred_at",
        )
    for field, most in LONGEST.items():
        value = getattr(row, field)
        if value is not None and len(value) > most:
            raise CannotRecordActivity(
                _("“%(start)s…” has %(length)d characters; %(field)s takes at most %(most)d.")
                % {"start": value[:30], "length": len(value), "field": field, "most": most},
                field=field,
            )
