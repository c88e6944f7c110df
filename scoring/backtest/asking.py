"""Two versions asked about the same cases in one statement: the past is read once for both."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from leads.conditions import Calendar, Condition, kinds_of_fact, parse
from leads.models import Segment
from scoring.cases import Moments, as_if_today
from scoring.models import ModelVersion
from scoring.rules import Decided, ProfileRule, Scorer, scorer_of
from scoring.statements import EVERYBODY, Statement, scored

PARAMETER = re.compile(r"%\((\w+)\)s")

# A class stands for a number where a version gives none.
BY_CLASS = "CASE scored.lead_class WHEN 'hot' THEN 2 WHEN 'warm' THEN 1 ELSE 0 END"
ONE = """
    {name} AS MATERIALIZED (
        {scored}
        SELECT scored.id AS lead_id, {value} AS value, given.places
        FROM scored LEFT JOIN (
            SELECT lead_id, array_agg(place) AS places FROM contribution
            WHERE place > 0 {among} GROUP BY lead_id
        ) AS given ON given.lead_id = scored.id
    )
"""
BOTH = """
WITH {past},
asked AS MATERIALIZED (
    SELECT * FROM unnest(%(cases)s::uuid[], %(is_won)s::boolean[])
        WITH ORDINALITY AS row(lead_id, is_won, nth)
), {versions}
SELECT {answers}
"""
ANSWERS = """
(SELECT array_agg({name}.value ORDER BY asked.nth) FROM asked LEFT JOIN {name} USING (lead_id)),
(SELECT jsonb_object_agg(place, counts) FROM (
    SELECT place, jsonb_build_array(count(*), count(*) FILTER (WHERE is_won)) AS counts
    FROM asked JOIN {name} USING (lead_id) CROSS JOIN unnest({name}.places) AS given(place)
    GROUP BY place
) AS counted)
"""


@dataclass(frozen=True)
class Asked:
    """A version as it is asked about the past, and the places of rules that were left out."""

    scorer: Scorer
    left_out: tuple[int, ...] = ()


def asked_of(version: ModelVersion, without: frozenset[str]) -> Asked:
    """The version without what asks for these fields, by itself or through a segment.

    Grades of today say nothing about the past: the score, or the class of a version without
    points, is what is tried.
    """
    scorer = scorer_of(version)
    conditions: list[ProfileRule | Decided] = [*scorer.profile, *scorer.decisions]
    left_out = {rule.place for rule in conditions if fields_of(rule.condition) & without}
    kept = replace(
        scorer,
        sorting=replace(scorer.sorting, urgency=None, matrix={}),
        profile=tuple(rule for rule in scorer.profile if rule.place not in left_out),
        decisions=tuple(each for each in scorer.decisions if each.place not in left_out),
    )
    return Asked(kept, tuple(sorted(left_out)))


def fields_of(condition: Condition, seen: frozenset[UUID] = frozenset()) -> frozenset[str]:
    """The fields it asks for, also through segments."""
    return frozenset(_fields(condition, seen))


def _fields(condition: Condition, seen: frozenset[UUID]) -> Iterator[str]:
    facts = kinds_of_fact(condition)
    yield from facts.fields
    inner = facts.segments - seen
    for tree in Segment.objects.filter(pk__in=inner).values_list("condition", flat=True):
        if tree:
            yield from _fields(parse(tree, is_stored=True), seen | inner)


def fields_asked(versions: Iterable[ModelVersion]) -> list[str]:
    """The fields the rules of these versions ask for, which could be left out."""
    found: set[str] = set()
    for scorer in map(scorer_of, versions):
        rules: list[ProfileRule | Decided] = [*scorer.profile, *scorer.decisions]
        found = found.union(*(fields_of(each.condition) for each in rules))
    return sorted(found)


def score_part(
    part: Moments, is_won: Iterable[bool], asked: list[Asked], calendar: Calendar
) -> Statement:
    """For each version: the scores of the cases in their order, and its rules' counts.

    A row of pairs; a case whose lead is gone has no score.
    """
    past = as_if_today(part, calendar)
    names = [f"version_{nth}" for nth, _ in enumerate(asked)]
    texts, values = [], dict(past.values)
    for name, each in zip(names, asked, strict=True):
        one = _one(name, each.scorer, calendar)
        texts.append(one.text)
        values |= one.values
    text = BOTH.format(
        past=past.text,
        versions=", ".join(texts),
        answers=", ".join(ANSWERS.format(name=name) for name in names),
    )
    return Statement(text, values | {"is_won": list(is_won)})


def _one(name: str, scorer: Scorer, calendar: Calendar) -> Statement:
    """The values of a version are called after it, so that two do not get mixed up."""
    found = scored(scorer, EVERYBODY, calendar)
    text = ONE.format(
        name=name,
        scored=PARAMETER.sub(lambda match: _called(name, match[1]), found.text),
        value=BY_CLASS if scorer.is_by_decisions else "scored.value",
        among="" if scorer.is_by_decisions else "AND points <> 0",
    )
    return Statement(text, {f"{name}_{key}": value for key, value in found.values.items()})


def _called(name: str, key: str) -> str:
    return "%(workspace)s" if key == "workspace" else f"%({name}_{key})s"
