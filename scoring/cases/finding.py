"""Which leads are cases of a study, when one decides about each, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from leadmgmt.kernel.sql import fetch
from leads.conditions import calendar_at, known_fields
from leads.conditions.sql.fields import operand
from leads.conditions.sql.pieces import Setting
from leads.kinds import Kind
from leads.models import Stage
from scoring.cases.known import Moments
from scoring.cases.studies import Study

PART = 25_000  # cases in one statement, which reads the facts of months once for all of them

GOALS: dict[str, Sequence[str]] = {
    Stage.SQL.value: (Stage.SQL.value, Stage.CUSTOMER.value),
    Stage.CUSTOMER.value: (Stage.CUSTOMER.value,),
}
"""Who has become a customer has reached SQL as well."""

OPEN, EARLY = "open", "early"

# What is said of leads is laid in one heap and gathered by lead, never joined: right after an
# import the planner takes both sides of a join for a row or two and walks through one for each row
# of the other.

# Stages are entered by facts of the timeline, so what stands above us need not be asked.
BY_STAGE = """
WITH said AS (
    SELECT id, created_at + %(wait)s AS moment, NULL::timestamptz AS reached_at FROM leads_lead
    WHERE workspace_id = %(workspace)s
      AND created_at >= %(created_from)s AND created_at < %(created_to)s
    UNION ALL
    SELECT lead_id, NULL, occurred_at FROM leads_activity
    WHERE workspace_id = %(workspace)s AND lead_id IS NOT NULL AND kind = %(entered)s
      AND occurred_at >= %(created_from)s AND properties ->> 'to' = ANY(%(goals)s::text[])
), told AS (
    SELECT id, min(moment) AS moment, min(reached_at) AS at FROM said GROUP BY id
    HAVING min(moment) IS NOT NULL
)
SELECT id, moment, at IS NOT NULL AND at <= moment + %(within)s,
    CASE WHEN moment + %(within)s > %(now)s THEN 'open' WHEN at <= moment THEN 'early' ELSE '' END
FROM told ORDER BY moment, id
"""

# A value that came with the lead stands beside it from the first moment, but is not what is known:
# it is the outcome. One that was written later happened when it was written.
BY_VALUE = """
WITH said AS (
    SELECT lead.id, lead.created_at + %(wait)s AS moment, ({said})::text AS value,
        NULL::timestamptz AS changed_at, NULL::uuid AS change, NULL AS old, NULL AS new
    FROM leads_lead AS lead
    WHERE lead.workspace_id = %(workspace)s
      AND lead.created_at >= %(created_from)s AND lead.created_at < %(created_to)s
    UNION ALL
    SELECT lead_id, NULL, NULL, changed_at, id, old #>> '{{}}', new #>> '{{}}'
    FROM leads_profilechange WHERE workspace_id = %(workspace)s AND field = %(field)s
), timed AS (
    SELECT *, min(moment) OVER (PARTITION BY id) + %(within)s AS ends_at FROM said
), told AS (
    SELECT id, min(moment) AS moment, min(value) AS value,
        min(changed_at) FILTER (WHERE lower(new) = lower(%(value)s)) AS at,
        array_agg(old ORDER BY changed_at, change) FILTER (WHERE changed_at > ends_at) AS later
    FROM timed WHERE ends_at IS NOT NULL GROUP BY id
)
SELECT id, moment,
    lower(CASE WHEN later IS NULL THEN value ELSE later[1] END)
        IS NOT DISTINCT FROM lower(%(value)s),
    CASE WHEN moment + %(within)s > %(now)s THEN 'open' WHEN at <= moment THEN 'early' ELSE '' END
FROM told ORDER BY moment, id
"""


@dataclass(frozen=True)
class Cases:
    """The cases of a study, oldest decision first, and how many leads are none.

    `open`: their outcome period has not ended; `early`: the outcome came before the decision.
    """

    ids: Sequence[UUID]
    moments: Sequence[datetime]
    is_won: Sequence[bool]
    open: int
    early: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def won(self) -> int:
        """How many reached the outcome."""
        return sum(self.is_won)

    def parts(self, size: int = PART) -> Iterator[Moments]:
        """The cases in order, some at a time."""
        for start in range(0, len(self.ids), size):
            end = start + size
            yield Moments(self.ids[start:end], self.moments[start:end])

    def chosen(self, numbers: Sequence[int]) -> "Cases":
        """Only those at these places."""
        return Cases(
            [self.ids[each] for each in numbers],
            [self.moments[each] for each in numbers],
            [self.is_won[each] for each in numbers],
            self.open,
            self.early,
        )


def find_cases(study: Study, *, now: datetime) -> Cases:
    """All cases of the study.

    Leads that reached the outcome before their decision moment are left out rather than decided
    about earlier: a moment that depends on the outcome would tell it.
    """
    sql, values = _by_field(study, now) if study.is_by_field else _by_stage(study)
    values |= {"created_from": study.created_from, "created_to": study.created_to}
    rows = fetch(sql, wait=study.wait, within=study.within, now=now, **values)
    cases = [row for row in rows if not row[3]]
    return Cases(
        [row[0] for row in cases],
        [row[1] for row in cases],
        [row[2] for row in cases],
        open=sum(row[3] == OPEN for row in rows),
        early=sum(row[3] == EARLY for row in rows),
    )


def _by_stage(study: Study) -> tuple[str, dict[str, Any]]:
    goals = list(GOALS[study.outcome])
    return BY_STAGE, {"goals": goals, "entered": Kind.STAGE_ENTERED.value}


def _by_field(study: Study, now: datetime) -> tuple[str, dict[str, Any]]:
    said = operand(known_fields()[study.field], "lead", Setting(lambda: calendar_at(now)))
    text, params = said.named("said")
    return BY_VALUE.format(said=text), {"field": study.field, "value": study.value, **params}
