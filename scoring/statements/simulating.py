"""A version nobody has published yet."""

from leads.conditions import Calendar
from scoring.rules import Scorer
from scoring.statements.batches import Batch, Statement
from scoring.statements.classes import CLASS
from scoring.statements.contributions import contributions
from scoring.statements.hits import facts

NO_FACTS = Statement(
    "SELECT NULL::uuid AS lead_id, 0 AS pattern, NULL::date AS day, 0 AS count WHERE false", {}
)

SIMULATED = """
    WITH {given},
    total AS (SELECT lead_id, sum(points)::int AS value FROM fresh GROUP BY lead_id)
    SELECT lead.lead_class, {lead_class}, (lead.score >= %(line)s) IS TRUE,
        coalesce(total.value, 0) >= %(line)s, count(*)
    FROM lead LEFT JOIN total ON total.lead_id = lead.id
    GROUP BY 1, 2, 3, 4
"""


def simulate(scorer: Scorer, batch: Batch, calendar: Calendar, line: int) -> Statement:
    """How leads would be classed, straight from the facts, beside how they are now; no writing.

    Rows: class now, class then, at or above `line` now, then, how many leads.
    """
    fact = facts(scorer.patterns, batch, calendar) if scorer.patterns else NO_FACTS
    given = contributions(scorer, batch, calendar, hits=fact.text)
    lead_class = CLASS.format(value="coalesce(total.value, 0)")
    return Statement(
        SIMULATED.format(given=given.text, lead_class=lead_class),
        fact.values
        | given.values
        | {"line": line, "hot_from": scorer.hot_from, "warm_from": scorer.warm_from},
    )
