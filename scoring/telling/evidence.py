"""When a lead did what behaviour rules look for: from the hits, so the facts are not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from leadmgmt.kernel.sql import fetch
from leads.conditions import Calendar

LATELY = 7  # days, today among them

SEEN = """
SELECT pattern, max(day), coalesce(sum(count) FILTER (WHERE day > %(since)s), 0)::int
FROM scoring_hit
WHERE workspace_id = %(workspace)s AND lead_id = %(lead)s AND pattern = ANY(%(patterns)s::int[])
  AND day <= %(today)s
GROUP BY pattern
"""


@dataclass(frozen=True)
class Seen:
    """The last day on which a lead did it, and how often in the last seven days."""

    last_on: date
    lately: int


def seen(lead_id: UUID, patterns: Sequence[int], calendar: Calendar) -> Mapping[int, Seen]:
    """By the number of the pattern; one statement."""
    if not patterns:
        return {}
    since = calendar.day(-LATELY)
    rows = fetch(SEEN, lead=lead_id, patterns=list(patterns), since=since, today=calendar.today)
    return {pattern: Seen(last_on, lately) for pattern, last_on, lately in rows}
