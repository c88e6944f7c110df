"""Why a condition holds for a lead, or does not: part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions.aloud import Names, aloud, names_in
from leads.conditions.condition import Condition, setting_at
from leads.conditions.sql.nodes import leaf_sql
from leads.conditions.sql.pieces import joined
from leads.conditions.tree import Group, Node, Word


@dataclass(frozen=True)
class Explained:
    """One part of a condition, read aloud, and whether it holds for the lead."""

    sentence: str
    is_holding: bool
    parts: tuple["Explained", ...] = ()


def explain(
    condition: Condition, lead_ids: Sequence[UUID], now: datetime, *, is_in_cycle: bool = False
) -> dict[UUID, Explained]:
    """For each lead (that exists), the tree with a verdict at every part; one statement.

    `is_in_cycle`: only what happened in the lead's present cycle has happened.
    """
    names = names_in(condition)
    return {
        lead_id: _verdict(condition.root, iter(answers), names)
        for lead_id, answers in _answers(condition, lead_ids, now, is_in_cycle=is_in_cycle)
    }


def _answers(
    condition: Condition, lead_ids: Sequence[UUID], now: datetime, *, is_in_cycle: bool
) -> list[tuple[UUID, list[bool]]]:
    setting = replace(setting_at(now, among=lead_ids), is_in_cycle=is_in_cycle)
    leaves = [leaf_sql(leaf, setting).inside("(", ") IS TRUE") for leaf in condition.leaves()]
    answers = joined(", ", leaves)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT lead.id, ARRAY[{answers.text}]::boolean[] FROM leads_lead lead"  # noqa: S608
            " WHERE lead.workspace_id = %s AND lead.id = ANY(%s::uuid[])",
            [*answers.params, current_workspace_id(), list(lead_ids)],
        )
        return list(cursor.fetchall())


def _verdict(node: Node, answers: Iterator[bool], names: Names) -> Explained:
    if not isinstance(node, Group):
        return Explained(aloud(node, names), next(answers))
    parts = tuple(_verdict(part, answers, names) for part in node.parts)
    verdicts = [part.is_holding for part in parts]
    is_holding = {
        Word.ALL: all(verdicts),
        Word.ANY: any(verdicts),
        Word.NONE: not any(verdicts),
    }[node.word]
    return Explained(aloud(node, names), is_holding, parts)
