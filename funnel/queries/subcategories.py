"""Which sub-category of its stage a lead is in: the first that holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from funnel.models import Definition
from funnel.queries.differences import subcategory_aloud
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.conditions import Sql, parse
from leads.models import Lead
from leads.queries.asking import CONDITION

EVERYBODY = Sql("TRUE")


@dataclass(frozen=True)
class Subcategory:
    """One part of a stage: its name, what it means, who is in it, and the list of them."""

    name: str
    explanation: str
    criteria: str
    url: str


def subcategories_of(definition: Definition) -> list[Subcategory]:
    """The sub-categories of a version in their order."""
    told = definition.subcategories
    return [_told(definition.stage, each, told[:nth]) for nth, each in enumerate(told)]


def subcategory_of(
    lead: Lead, definition: Definition | None, *, now: datetime
) -> Mapping[str, Any] | None:
    """The one this lead is in, as the definition of its stage tells them apart; one statement."""
    told: Sequence[Mapping[str, Any]] = definition.subcategories if definition else []
    if not told:
        return None
    holding = _holding([each["condition"] for each in told], lead, now)
    return next((each for each, holds in zip(told, holding, strict=True) if holds), None)


def condition_of(
    stage: str, subcategory: Mapping[str, Any], before: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Who is in a sub-category, as a condition anybody may ask."""
    parts: list[dict[str, Any]] = [{"field": "stage", "is": stage}]
    if subcategory["condition"]:
        parts.append(subcategory["condition"])
    if before:
        parts.append({"none": [each["condition"] for each in before]})
    return {"all": parts}


def _told(stage: str, told: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> Subcategory:
    condition = json.dumps(condition_of(stage, told, before), ensure_ascii=False)
    address = f"{workspace_reverse('leads:lead_list')}?{urlencode({CONDITION: condition})}"
    return Subcategory(told["name"], told["explanation"], subcategory_aloud(told), address)


def _holding(trees: Sequence[Any], lead: Lead, now: datetime) -> list[bool]:
    asked = [
        parse(tree, is_stored=True).where(now, among=[lead.pk]) if tree else EVERYBODY
        for tree in trees
    ]
    answers = ", ".join(f"({each.text}) IS TRUE" for each in asked)
    sql = f"SELECT ARRAY[{answers}] FROM leads_lead lead WHERE workspace_id = %s AND id = %s"  # noqa: S608
    params = [value for each in asked for value in each.params]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, current_workspace_id(), lead.pk])
        row = cursor.fetchone()
    return list(row[0]) if row else [False] * len(trees)
