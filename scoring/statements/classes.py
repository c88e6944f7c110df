"""A score's class and grade."""

from dataclasses import dataclass
from typing import Any

from leadmgmt.kernel.strict import as_jsonb
from leads.models import Grade, LeadClass
from scoring.models import Purpose
from scoring.rules import Scorer

BAND = """
    CASE WHEN {value} >= %(hot_from)s THEN 'hot' WHEN {value} >= %(warm_from)s THEN 'warm'
         ELSE 'cold' END
"""
GRADE = "(%(letters)s::text[])[1 + width_bucket({value}, %(bounds)s::int[])]"
DECIDED = f"coalesce((%(classes)s::text[])[lead.decided], '{LeadClass.COLD.value}')"
MATRIX = """
    coalesce(%(matrix)s::jsonb -> ({band}) -> left({grade}, 1) ->> {urgent}, {band})
"""
FIT = """
    LEFT JOIN scoring_leadscore AS fit ON fit.workspace_id = %(workspace)s
        AND fit.lead_id = lead.id AND fit.version_id = %(fit)s AND fit.lead_id {batch}
"""


@dataclass(frozen=True)
class Sorted:
    """SQL for the class and the grade of the row `lead`, what to join for them, and values."""

    lead_class: str
    grade: str
    joins: str
    values: dict[str, Any]


def sorted_sql(scorer: Scorer, value: str, batch: str) -> Sorted:
    """How this version sorts leads whose points sum to `value`."""
    sorting = scorer.sorting
    values: dict[str, Any] = {
        "hot_from": sorting.hot_from,
        "warm_from": sorting.warm_from,
        "fit": scorer.fit_id,
    }
    if scorer.purpose == Purpose.FIT:
        values["bounds"] = list(reversed(sorting.grades))
        values["letters"] = list(reversed(Grade.values))
        return Sorted("''", GRADE.format(value=value), "", values)
    joins = FIT.format(batch=batch) if scorer.fit_id else ""
    grade = "coalesce(fit.grade, '')" if scorer.fit_id else "''"
    if scorer.is_by_decisions:
        values["classes"] = [each.lead_class for each in scorer.decisions]
        return Sorted(DECIDED, grade, joins, values)
    band = BAND.format(value=value)
    if not sorting.matrix:
        return Sorted(band, grade, joins, values)
    values["matrix"] = as_jsonb(sorting.matrix)
    urgent = "lead.is_urgent::int" if sorting.urgency else "0"
    return Sorted(MATRIX.format(band=band, grade=grade, urgent=urgent), grade, joins, values)
