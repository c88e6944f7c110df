"""Which cases had which indicators when one had to decide about them."""

from collections.abc import Sequence
from datetime import datetime

from leads.conditions import Calendar, Condition
from scoring.cases import Cases, Moments, as_if_today
from scoring.statements.batches import Statement

# All conditions are asked of a lead at once, so the facts of the cases are read once for all.
SEEN = """
WITH {known}, outcome AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::uuid[], %(is_won)s::boolean[]) AS row(lead_id, is_won)
), seen AS MATERIALIZED (
    SELECT outcome.is_won, ARRAY[{indicators}] AS indicators
    FROM leads_lead AS lead JOIN outcome ON outcome.lead_id = lead.id
)
SELECT nth::int - 1, has, count(*), count(*) FILTER (WHERE is_won)
FROM seen CROSS JOIN LATERAL unnest(indicators) WITH ORDINALITY AS indicator(has, nth)
GROUP BY nth, has
"""


def indicators_seen(
    cases: Cases, indicators: Sequence[Condition], calendar: Calendar, now: datetime
) -> Statement:
    """How many of the cases had each indicator at their moment, and how many of them won.

    Rows: place of the indicator, whether the cases had it, how many, how many won.
    """
    known = as_if_today(Moments(cases.ids, cases.moments), calendar)
    values = known.values | {"ids": list(cases.ids), "is_won": list(cases.is_won)}
    texts = []
    for number, indicator in enumerate(indicators):
        text, params = indicator.where(now).named(f"indicator_{number}")
        texts.append(f"({text}) IS TRUE")
        values |= params
    return Statement(SEEN.format(known=known.text, indicators=", ".join(texts)), values)
