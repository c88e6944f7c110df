"""A version nobody has published yet."""

from dataclasses import replace

from leads.conditions import Calendar
from scoring.rules import Scorer
from scoring.statements.batches import STORED, Batch, Source, Statement
from scoring.statements.classes import sorted_sql
from scoring.statements.contributions import contributions
from scoring.statements.hits import facts

NO_FACTS = Statement(
    "SELECT NULL::uuid AS lead_id, 0 AS pattern, NULL::date AS day, 0 AS count WHERE false", {}
)

SCORED = """
    WITH {given},
    total AS (
        SELECT lead_id, sum(points)::int AS value FROM contribution GROUP BY lead_id
    ), scored AS (
        SELECT lead.id, lead.score AS shown_score, lead.lead_class AS shown_class,
            lead.grade AS shown_grade, {value} AS value, {lead_class} AS lead_class,
            {grade} AS grade
        FROM lead LEFT JOIN total ON total.lead_id = lead.id {joins}
    )
"""


def scored(scorer: Scorer, batch: Batch, calendar: Calendar, source: Source = STORED) -> Statement:
    """The common table expression `scored`, straight from the facts; nothing is written.

    A row for each lead: what is shown now (shown_score, shown_class, shown_grade) beside what the
    version gives (value, lead_class, grade); `contribution` is there as well.
    """
    if not source.hits:
        fact = NO_FACTS
        if scorer.patterns:
            fact = facts(scorer.patterns, batch, calendar, is_cycled=scorer.is_cycled)
        source = replace(source, hits=fact.text, values=source.values | fact.values)
    given = contributions(scorer, batch, calendar, source)
    value = "NULL::int" if scorer.is_by_decisions else "coalesce(total.value, 0)"
    sorting = sorted_sql(scorer, value, batch.text)
    text = SCORED.format(
        given=given.text,
        value=value,
        lead_class=sorting.lead_class,
        grade=sorting.grade,
        joins=sorting.joins,
    )
    return Statement(text, given.values | sorting.values)
