"""What leads did in the ninety days before the moment, as columns of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np

from leadmgmt.kernel.sql import fetch
from leads.kinds import ATTEMPTS, Kind
from scoring.cases import Moments, known_then
from scoring.cases.values import Column

SPANS = (7, 30, 90)
LONGEST = timedelta(days=SPANS[-1])
MOST_KINDS, MOST_PAGES = 12, 15

OURS = frozenset(
    {
        *ATTEMPTS,
        Kind.PAGE_LEFT,
        Kind.LEAD_CREATED,
        Kind.IMPORTED,
        Kind.ASSIGNED,
        Kind.NOTE,
        Kind.STAGE_ENTERED,
        Kind.QUALIFICATION,
        Kind.DEAL_OPENED,
        Kind.DEAL_WON,
        Kind.DEAL_LOST,
        Kind.MESSAGE_SENT,
        Kind.TRAINING_SENT,
        Kind.ENROLLED,
        Kind.BREACHED,
        Kind.TASK_ADDED,
        Kind.TASK_DONE,
        Kind.TASK_DROPPED,
        Kind.TASK_REOPENED,
        Kind.FILE_ADDED,
        Kind.MERGED,
        Kind.CYCLE_CLOSED,
        Kind.CYCLE_REOPENED,
    }
)
"""What we did with them, which says what we believed rather than what they want."""

RECENT = "kind <> ALL(%(ours)s::text[]) AND occurred_at > moment - %(longest)s"

USUAL = f"""
WITH {{known}} SELECT kind, NULL, count(DISTINCT lead_id) FROM fact WHERE {RECENT}
    AND occurred_at > %(earliest)s GROUP BY kind
UNION ALL SELECT kind, properties ->> 'path', count(DISTINCT lead_id) FROM fact WHERE {RECENT}
    AND occurred_at > %(earliest)s AND kind = 'page_view' AND properties ->> 'path' IS NOT NULL
    GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
"""  # noqa: S608

DID = f"""
WITH {{known}} SELECT lead_id, kind, max(occurred_at),
    count(*) FILTER (WHERE occurred_at > moment - interval '7 days'),
    count(*) FILTER (WHERE occurred_at <= moment - interval '7 days'
        AND occurred_at > moment - interval '30 days'),
    count(*) FILTER (WHERE occurred_at <= moment - interval '30 days')
FROM fact WHERE {RECENT} AND occurred_at > %(earliest)s
GROUP BY lead_id, kind
"""  # noqa: S608

SEEN = f"""
WITH {{known}} SELECT lead_id, properties ->> 'path', count(*)
FROM fact WHERE {RECENT} AND occurred_at > %(earliest)s AND kind = 'page_view'
    AND properties ->> 'path' = ANY(%(pages)s::text[])
GROUP BY 1, 2
"""  # noqa: S608


@dataclass(frozen=True)
class Usual:
    """The kinds of activity and the pages worth a column."""

    kinds: Sequence[str]
    pages: Sequence[str]

    @classmethod
    def of_names(cls, names: Sequence[str]) -> "Usual":
        """What these features need."""
        kinds = {name.split(":")[1] for name in names if name.startswith("did:")}
        pages = [name.removeprefix("page:") for name in names if name.startswith("page:")]
        return cls(sorted(kinds), pages)


def usual_of(sample: Moments, fewest: int) -> Usual:
    """What at least so many of the sample did."""
    rows = _asked(USUAL, sample)
    kinds = [kind for kind, page, leads in rows if page is None and leads >= fewest]
    pages = [page for _, page, leads in rows if page is not None and leads >= fewest]
    return Usual(kinds[:MOST_KINDS], pages[:MOST_PAGES])


def read_behaviour(usual: Usual, parts: Sequence[Moments]) -> list[Column]:
    """A column for each kind and span, for each page, and the days since they were last seen."""
    pieces = [_read(usual, part) for part in parts]
    names = list(pieces[0]) if pieces else []
    return [
        Column(name, name, True, np.concatenate([piece[name] for piece in pieces]))
        for name in names
    ]


def _read(usual: Usual, part: Moments) -> Mapping[str, np.ndarray]:
    places = {lead_id: place for place, lead_id in enumerate(part.ids)}
    columns = {
        f"did:{kind}:{span}": np.zeros(len(places)) for kind in usual.kinds for span in SPANS
    }
    columns |= {f"page:{page}": np.zeros(len(places)) for page in usual.pages}
    columns["quiet"] = np.full(len(places), np.nan)
    _count(columns, part, places)
    if usual.pages:
        for lead_id, page, count in _asked(SEEN, part, pages=list(usual.pages)):
            columns[f"page:{page}"][places[lead_id]] = count
    return columns


def _count(columns: Mapping[str, np.ndarray], part: Moments, places: Mapping[UUID, int]) -> None:
    quiet = columns["quiet"]
    for lead_id, kind, last, *counts in _asked(DID, part):
        place = places[lead_id]
        days = (part.moments[place] - last) / timedelta(days=1)
        quiet[place] = np.fmin(quiet[place], days)
        for span, count in zip(SPANS, counts, strict=True):
            if (column := columns.get(f"did:{kind}:{span}")) is not None:
                column[place] = count


def _asked(sql: str, part: Moments, **values: object) -> list[tuple]:  # type: ignore[type-arg]
    if not part.ids:
        return []
    known = known_then(part)
    return fetch(
        sql.format(known=known.text),
        **known.values,
        **values,
        ours=[str(kind) for kind in OURS],
        longest=LONGEST,
        earliest=min(part.moments) - LONGEST,
    )
