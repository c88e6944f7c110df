"""The forecast: what open deals may bring, by the month they are expected to close and by owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from leadmgmt.kernel.sql import fetch

# A deal that is overdue may still close: it counts for the present month, and is named there.
# Weighted: cents × percent, divided once at the end. Best case counts what is committed too.
FORESEEN = """
SELECT CASE WHEN deal.expected_on IS NULL THEN NULL
        ELSE greatest(date_trunc('month', deal.expected_on), date_trunc('month', %(today)s::date))
    END::date AS month,
    deal.owner_id, owner.name, count(*)::int, coalesce(sum(deal.amount), 0),
    round(
        coalesce(sum(deal.amount * coalesce(deal.probability, stage.probability)), 0) / 100),
    coalesce(sum(deal.amount) FILTER (WHERE stage.forecast = 'committed'), 0),
    coalesce(sum(deal.amount)
        FILTER (WHERE stage.forecast IN ('best_case', 'committed')), 0),
    (count(*) FILTER (WHERE deal.expected_on < %(today)s))::int,
    (count(*) FILTER (WHERE deal.amount IS NULL))::int
FROM funnel_deal AS deal
JOIN funnel_pipelinestage AS stage
    ON stage.workspace_id = %(workspace)s AND stage.id = deal.stage_id
LEFT JOIN workspaces_member AS owner
    ON owner.workspace_id = %(workspace)s AND owner.id = deal.owner_id
WHERE deal.workspace_id = %(workspace)s AND deal.status = 'open'
  AND (%(pipeline)s::uuid IS NULL OR stage.pipeline_id = %(pipeline)s)
GROUP BY 1, 2, 3
ORDER BY 1 NULLS LAST, 3 NULLS LAST, 2
"""


@dataclass(frozen=True)
class Foreseen:
    """What open deals of one month and owner come to; money in cents.

    `month` is its first day, None for deals nobody gave a day. `late`: how many are overdue,
    `unpriced`: how many have no amount and so add nothing.
    """

    month: date | None
    owner: UUID | None
    name: str | None
    deals: int
    amount: int
    weighted: int
    committed: int
    best_case: int
    late: int
    unpriced: int


@dataclass(frozen=True)
class Month:
    """A month of the forecast: its sums, and those of each owner."""

    first: date | None
    sum: Foreseen
    owners: Sequence[Foreseen]


def forecast_of(*, today: date, pipeline: UUID | None = None) -> list[Month]:
    """Open deals by month, those without a day at the end; of one pipeline or of all."""
    found = fetch(FORESEEN, today=today, pipeline=pipeline)
    rows = [Foreseen(*row[:3], *map(int, row[3:])) for row in found]
    firsts = list(dict.fromkeys(row.month for row in rows))
    return [_month(first, [row for row in rows if row.month == first]) for first in firsts]


def _month(first: date | None, rows: Sequence[Foreseen]) -> Month:
    figures = ("deals", "amount", "weighted", "committed", "best_case", "late", "unpriced")
    sums = {name: sum(getattr(row, name) for row in rows) for name in figures}
    return Month(first, Foreseen(first, None, None, **sums), rows)
