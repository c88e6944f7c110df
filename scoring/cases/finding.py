"""Which leads are cases of a study, when one decides about each, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

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
SET_WISE = "SELECT set_config('enable_nestloop', %(is_on)s, true)"

# Stages are entered by facts of the timeline, so what stands above us need not be asked.
BY_STAGE = """
SELECT lead_id, min(occurred_at) AS at FROM leads_activity
WHERE workspace_id = %(workspace)s AND lead_id IS NOT NULL AND kind = %(entered)s
  AND occurred_at >= %(created_from)s AND properties ->> 'to' = ANY(%(goals)s::text[])
GROUP BY lead_id
"""

FIND = """
WITH reached AS MATERIALIZED ({reached}), asked AS (
    SELECT lead.id, lead.created_at + %(wait)s AS moment, reached.at
    FROM leads_lead AS lead LEFT JOIN reached ON reached.lead_id = lead.id
    WHERE lead.workspace_id = %(workspace)s
      AND lead.created_at >= %(created_from)s AND lead.created_at < %(created_to)s
)
SELECT id, moment, at IS NOT NULL AND at <= moment + %(within)s,
    CASE WHEN moment + %(within)s > %(now)s THEN 'open' WHEN at <= moment THEN 'early' ELSE '' END
FROM asked ORDER BY moment, id
"""

# A value that came with the lead stands beside it from the first moment, but is not what is known:
# it is the outcome. One that was written later happened when it was written.
BY_VALUE = """
WITH written AS (
    SELECT DISTINCT ON (change.lead_id) change.lead_id, change.changed_at
    FROM leads_profilechange AS change
    WHERE change.workspace_id = %(workspace)s AND change.field = %(field)s
      AND lower(change.new #>> '{{}}') = lower(%(value)s)
    ORDER BY change.lead_id, change.changed_at, change.id
), ended AS (
    SELECT DISTINCT ON (change.lead_id) change.lead_id, change.old
    FROM leads_profilechange AS change JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = change.lead_id
    WHERE change.workspace_id = %(workspace)s AND change.field = %(field)s
      AND change.changed_at > lead.created_at + %(wait)s + %(within)s
    ORDER BY change.lead_id, change.changed_at, change.id
)
SELECT lead.id, lead.created_at + %(wait)s,
    lower(CASE WHEN ended.lead_id IS NULL THEN ({said})::text ELSE ended.old #>> '{{}}' END)
        IS NOT DISTINCT FROM lower(%(value)s),
    CASE WHEN lead.created_at + %(wait)s + %(within)s > %(now)s THEN 'open'
         WHEN written.changed_at <= lead.created_at + %(wait)s THEN 'early' ELSE '' END
FROM leads_lead AS lead
LEFT JOIN written ON written.lead_id = lead.id LEFT JOIN ended ON ended.lead_id = lead.id
WHERE lead.workspace_id = %(workspace)s
  AND lead.created_at >= %(created_from)s AND lead.created_at < %(created_to)s
ORDER BY 2, 1
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
    with transaction.atomic():  # right after an import the planner would guess one row a lead
        fetch(SET_WISE, is_on="off")
        rows = fetch(sql, wait=study.wait, within=study.within, now=now, **values)
        fetch(SET_WISE, is_on="on")
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
    return FIND.format(reached=BY_STAGE), {"goals": goals, "entered": Kind.STAGE_ENTERED.value}


def _by_field(study: Study, now: datetime) -> tuple[str, dict[str, Any]]:
    said = operand(known_fields()[study.field], "lead", Setting(lambda: calendar_at(now)))
    text, params = said.named("said")
    return BY_VALUE.format(said=text), {"field": study.field, "value": study.value, **params}
