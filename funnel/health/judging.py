"""Asking the health rules: how customers fare, set by set, and who hears of it when one falls.

One worker of a workspace at a time judges, and looks at people as they are by then; so it does not
matter in which order, or how often, it is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from funnel.health.drafting import rules_of
from funnel.health.falling import Moved, tell_fallen
from funnel.models import Health, HealthPlan, HealthRule, Whose
from leadmgmt.kernel.sql import comparing_sets, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.conditions import parse

CHUNK = 2_000  # customers in one statement

TURN = "SELECT pg_advisory_xact_lock(hashtextextended('health ' || %(workspace)s, 0))"

CURRENT = """
SELECT id FROM funnel_customer
WHERE workspace_id = %(workspace)s AND ended_at IS NULL
  AND (%(after)s::uuid IS NULL OR id > %(after)s::uuid)
ORDER BY id LIMIT %(most)s
"""
PEOPLE = """
SELECT customer.id, lead.id FROM funnel_customer AS customer JOIN leads_lead AS lead
    ON lead.workspace_id = %(workspace)s AND lead.company_id = customer.company_id
WHERE customer.workspace_id = %(workspace)s AND customer.id = ANY(%(customers)s::uuid[])
UNION ALL
SELECT id, lead_id FROM funnel_customer
WHERE workspace_id = %(workspace)s AND id = ANY(%(customers)s::uuid[]) AND lead_id IS NOT NULL
"""

# Each rule is a set of customers: those any of whose people meet its condition.
VERDICTS = """
WITH people AS MATERIALIZED (
    SELECT * FROM unnest(%(whose)s::uuid[], %(people)s::uuid[]) AS row(customer_id, id)
), {sets}
SELECT asked.id, CASE {cases} END
FROM unnest(%(customers)s::uuid[]) AS asked(id) ORDER BY asked.id
"""
MEETS = """{name} AS MATERIALIZED (
    SELECT DISTINCT people.customer_id FROM people JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = people.id
    WHERE ({condition}) IS TRUE
)"""
CASE = "WHEN asked.id {negated} IN (SELECT customer_id FROM {name}) THEN {place}"

WRITE = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS row(id uuid, health text, rule uuid, why text)
), before AS MATERIALIZED (
    SELECT customer.id, customer.health AS was, customer.owner_id, told.health, told.rule, told.why
    FROM funnel_customer AS customer JOIN told USING (id)
    WHERE customer.workspace_id = %(workspace)s AND customer.ended_at IS NULL
      AND (customer.health, customer.health_rule_id) IS DISTINCT FROM (told.health, told.rule)
    ORDER BY customer.id FOR NO KEY UPDATE OF customer
), moved AS (
    UPDATE funnel_customer AS customer SET health = before.health, health_rule_id = before.rule,
        health_since = CASE WHEN before.was = before.health
            THEN customer.health_since ELSE %(now)s END
    FROM before WHERE customer.workspace_id = %(workspace)s AND customer.id = before.id
), kept AS (
    INSERT INTO funnel_customerchange (
        workspace_id, customer_id, field, old, new, why, rule_id, changed_at)
    SELECT %(workspace)s, id, 'health', was, health, why, rule, %(now)s FROM before
    WHERE was <> health
)
SELECT id, owner_id, was, health, why FROM before WHERE was <> health ORDER BY id
"""


class Verdict(NamedTuple):
    """How a customer fares by some rules, and the one that says so; none: no rule speaks up."""

    customer_id: UUID
    health: str
    rule: HealthRule | None


def judge_customers(
    ids: Iterable[UUID] | None, *, now: datetime, is_quiet: bool = False
) -> list[Moved]:
    """Ask the rules in force about these customers, or all; those that fare otherwise now.

    Keeps the history, and tells the owners of those that fare worse, or the managers where there
    is none, unless `is_quiet`.
    """
    moved: list[Moved] = []
    with transaction.atomic():
        take_turn()
        plan = HealthPlan.objects.published().first()
        rules = rules_of(plan) if plan else []
        for chunk in _chunks(ids) if rules else ():
            moved += _write(verdicts_on(chunk, rules, now=now), now)
        if not is_quiet:
            tell_fallen(moved, now=now)
    return moved


def take_turn() -> None:
    """One worker of a workspace at a time writes how customers fare."""
    fetch(TURN)


def judge_chunk(*, after: UUID | None, now: datetime) -> UUID | None:
    """Ask about the next customers by id, quietly; the last one, while there may be more."""
    with transaction.atomic():
        take_turn()
        chunk = _after(after)
        plan = HealthPlan.objects.published().first()
        if plan and chunk:
            _write(verdicts_on(chunk, rules_of(plan), now=now), now)
    return chunk[-1] if len(chunk) == CHUNK else None


def verdicts_on(
    customer_ids: Sequence[UUID], rules: Sequence[HealthRule], *, now: datetime
) -> list[Verdict]:
    """How these customers fare by these rules; the first that holds decides, else all is good."""
    if not rules:
        return [_verdict(pk, rules, None) for pk in customer_ids]
    people = fetch(PEOPLE, customers=list(customer_ids))
    sets, cases, values = _asked(rules, [lead for _customer, lead in people], now)
    sql = VERDICTS.format(sets=", ".join(sets), cases=" ".join(cases))
    whose = [customer for customer, _lead in people]
    with transaction.atomic(), comparing_sets():
        rows = fetch(
            sql,
            **values,
            customers=list(customer_ids),
            whose=whose,
            people=[lead for _customer, lead in people],
        )
    return [_verdict(pk, rules, place) for pk, place in rows]


def all_verdicts(rules: Sequence[HealthRule], *, now: datetime) -> Iterator[Verdict]:
    """The same for every customer; nothing is written."""
    for chunk in _chunks(None):
        yield from verdicts_on(chunk, rules, now=now)


def _asked(
    rules: Sequence[HealthRule], people: Sequence[UUID], now: datetime
) -> tuple[list[str], list[str], dict[str, Any]]:
    sets, cases = [], []
    values: dict[str, Any] = {}
    for place, rule in enumerate(rules):
        name = f"rule_{place}"
        condition = parse(rule.condition, is_stored=True)
        where, named = condition.where(now, among=people).named(name)
        sets.append(MEETS.format(name=name, condition=where))
        negated = "NOT" if rule.whose == Whose.NONE else ""
        cases.append(CASE.format(negated=negated, name=name, place=place))
        values |= named
    return sets, cases, values


def _verdict(pk: UUID, rules: Sequence[HealthRule], place: int | None) -> Verdict:
    if place is None:
        return Verdict(pk, Health.GOOD.value, None)
    return Verdict(pk, rules[place].level, rules[place])


def _write(verdicts: Sequence[Verdict], now: datetime) -> list[Moved]:
    rows = [
        {
            "id": each.customer_id,
            "health": each.health,
            "rule": each.rule.pk if each.rule else None,
            "why": each.rule.name if each.rule else "",
        }
        for each in verdicts
    ]
    with comparing_sets():
        return [Moved(*row) for row in fetch(WRITE, rows=as_jsonb(rows), now=now)]


def _chunks(ids: Iterable[UUID] | None) -> Iterator[list[UUID]]:
    if ids is not None:
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), CHUNK):
            yield wanted[start : start + CHUNK]
        return
    after: UUID | None = None
    while chunk := _after(after):
        yield chunk
        after = chunk[-1]


def _after(after: UUID | None) -> list[UUID]:
    return [row[0] for row in fetch(CURRENT, after=after, most=CHUNK)]


def counted(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many would fare how."""
    found: dict[str, int] = defaultdict(int)
    for each in verdicts:
        found[each.health] += 1
    return {level: found[level] for level in Health.values}
