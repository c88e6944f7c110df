"""Leads as they were known at a moment of their own: later changes undone, later facts unseen."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from leads.actions.standing import RANK
from leads.conditions import About, Condition, Field, FieldTest
from leads.kinds import Kind
from leads.models import Company, Lead, Stage
from scoring.statements.batches import Statement

ATTRIBUTES = "attributes."

# The oldest change after the moment knows what a field said then. What is not materialised costs
# only what is read of it: no facts for who asks for names, no other months than those asked for.
RELATIONS = """
cases AS MATERIALIZED (
    SELECT * FROM unnest(%(cases)s::uuid[], %(moments)s::timestamptz[]) AS row(lead_id, moment)
), undone AS (
    SELECT DISTINCT ON (change.lead_id, change.field) change.lead_id, change.field, change.old
    FROM cases JOIN leads_profilechange AS change
        ON change.workspace_id = %(workspace)s AND change.lead_id = cases.lead_id
        AND change.lead_id BETWEEN %(first_case)s AND %(last_case)s
        AND change.changed_at > cases.moment
    ORDER BY change.lead_id, change.field, change.changed_at, change.id
), undo AS MATERIALIZED (
    SELECT lead_id,
        coalesce(jsonb_object_agg(field, old)
            FILTER (WHERE NOT starts_with(field, 'attributes.')), '{{}}') AS plain,
        jsonb_object_agg(substr(field, 12), old)
            FILTER (WHERE starts_with(field, 'attributes.')) AS own
    FROM undone GROUP BY lead_id
), fact AS NOT MATERIALIZED (
    SELECT fact.*, cases.moment FROM cases JOIN leads_activity AS fact
        ON fact.workspace_id = %(workspace)s AND fact.lead_id = cases.lead_id
        AND fact.lead_id BETWEEN %(first_case)s AND %(last_case)s
        AND fact.occurred_at <= cases.moment AND fact.received_at <= cases.moment
    WHERE NOT fact.is_machine AND fact.occurred_at <= %(latest)s
), stood AS NOT MATERIALIZED (
    SELECT lead_id, max(occurred_at) AS last_at,
        max(occurred_at) FILTER (WHERE kind = %(entered)s) AS entered_at,
        (array_agg(properties ->> 'to' ORDER BY occurred_at DESC, id DESC)
            FILTER (WHERE kind = %(entered)s))[1] AS stage,
        max(array_position(%(rank)s::text[], properties ->> 'to'))
            FILTER (WHERE kind = %(entered)s) AS furthest
    FROM fact GROUP BY lead_id
), known AS NOT MATERIALIZED (
    SELECT {columns}, cases.moment
    FROM cases JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = cases.lead_id
        AND lead.id BETWEEN %(first_case)s AND %(last_case)s
    LEFT JOIN undo ON undo.lead_id = lead.id LEFT JOIN stood ON stood.lead_id = lead.id
), firm_undone AS (
    SELECT DISTINCT ON (known.id, change.field) known.id AS lead_id, change.field, change.old
    FROM known JOIN leads_companychange AS change
        ON change.workspace_id = %(workspace)s AND change.company_id = known.company_id
        AND change.changed_at > known.moment
    ORDER BY known.id, change.field, change.changed_at, change.id
), firm_undo AS (
    SELECT lead_id,
        coalesce(jsonb_object_agg(field, old)
            FILTER (WHERE NOT starts_with(field, 'attributes.')), '{{}}') AS plain,
        jsonb_object_agg(substr(field, 12), old)
            FILTER (WHERE starts_with(field, 'attributes.')) AS own
    FROM firm_undone GROUP BY lead_id
), firm AS NOT MATERIALIZED (
    SELECT known.id AS lead_id, {firm_columns}
    FROM known JOIN leads_company AS company
        ON company.workspace_id = %(workspace)s AND company.id = known.company_id
    LEFT JOIN firm_undo ON firm_undo.lead_id = known.id
)
"""

# The others are what they have always been, or are undone when they were changed.
STANDING = {
    "stage": "coalesce(stood.stage, 'lead')",
    "highest_stage": "(%(rank)s::text[])[greatest(stood.furthest, %(lead_rank)s)]",
    "stage_entered_at": "coalesce(stood.entered_at, lead.created_at)",
    "last_activity_at": "coalesce(stood.last_at, lead.created_at)",
    "changed_at": "lead.created_at",
}
AS_BEFORE = frozenset({"workspace_id", "id", "created_at"})
NOT_KEPT = frozenset({"owner_id", "cycle", "cycle_began_at", "score", "lead_class", "grade"})
NOT_KEPT_OF_COMPANY = frozenset({"owner_id", "stage", "customer_since"})
"""What these said in the past is nowhere to be read: they are unknown then."""


@dataclass(frozen=True)
class Moments:
    """Leads, and the moment of each that it is looked at."""

    ids: Sequence[UUID]
    moments: Sequence[datetime]


def known_then(part: Moments) -> Statement:
    """Relations to stand behind WITH.

    `cases` (lead_id, moment), `known` (the columns of leads_lead as they were, and the moment),
    `fact` (the columns of leads_activity, and the moment: what had happened and been heard of by
    then, without what a machine did), `firm` (the lead_id and the columns of leads_company as they
    were). Score, class, owner and cycle are unknown, and the standing of companies.
    """
    values = {
        "cases": list(part.ids),
        "moments": list(part.moments),
        "latest": max(part.moments, default=None),  # months after it are not opened
        "first_case": min(part.ids, default=None),  # ids run as moments do: nobody else's facts
        "last_case": max(part.ids, default=None),  # are read
        "entered": Kind.STAGE_ENTERED.value,
        "rank": [str(each) for each in RANK],
        "lead_rank": RANK.index(Stage.LEAD) + 1,
    }
    columns, firm_columns = _columns()
    return Statement(RELATIONS.format(columns=columns, firm_columns=firm_columns), values)


@cache
def _columns() -> tuple[str, str]:
    lead, company = Lead._meta.local_fields, Company._meta.local_fields
    return (
        _as_then(lead, "lead", "undo", STANDING, NOT_KEPT),
        _as_then(company, "company", "firm_undo", {}, NOT_KEPT_OF_COMPANY),
    )


def lead_columns() -> tuple[str, ...]:
    """The columns of leads_lead."""
    return tuple(str(field.column) for field in Lead._meta.local_fields)


def _as_then(
    fields: Sequence[Any], row: str, undo: str, standing: Mapping[str, str], unknown: Set[str]
) -> str:
    """The columns of a table with what was changed after the moment put back."""
    texts = []
    for field in fields:
        name = str(field.column)
        text = standing.get(name)
        if text is None:
            text = f"NULL::{_type(field)}" if name in unknown else _undone(field, row, undo)
        texts.append(f"{text} AS {name}")
    return ",\n        ".join(texts)


def _undone(field: Any, row: str, undo: str) -> str:
    name, kind = str(field.column), _type(field)
    if name in AS_BEFORE:
        return f"{row}.{name}"
    if name == "attributes":
        return f"""CASE WHEN {undo}.own IS NULL THEN {row}.attributes
        ELSE jsonb_strip_nulls({row}.attributes || {undo}.own) END"""
    blank = "''" if kind.startswith("varchar") else "NULL"
    return (
        f"CASE WHEN {undo}.plain ? '{name}' THEN coalesce(({undo}.plain ->> '{name}')::{kind},"
        f" {blank}) ELSE {row}.{name} END"
    )


def _type(field: Any) -> str:
    return str(field.db_type(connection))


class UnknownThen(StrEnum):
    """How far a field of a condition can be known as it was."""

    NOT_KEPT = "not_kept"  # unknown then: conditions on it do not hold
    AS_TODAY = "as_today"  # read as it is now; it may have been written since


def unknown_then(condition: Condition) -> dict[str, UnknownThen]:
    """Fields a condition asks for that cannot be read as they were, by their names."""
    fields = {leaf.field for leaf in condition.leaves() if isinstance(leaf, FieldTest)}
    found = {_called(field): _how_known(field) for field in fields}
    return {name: how for name, how in found.items() if how is not None}


def _called(field: Field) -> str:
    """What is lent has no name a person could read."""
    return str(field.label) if field.lender else field.name


def _how_known(field: Field) -> UnknownThen | None:
    if field.column in NOT_KEPT or field.name in NOT_KEPT or field.lender:
        return UnknownThen.NOT_KEPT
    is_today = field.is_company or field.about in (About.SEGMENTS, About.CONSENT)
    return UnknownThen.AS_TODAY if is_today else None


def sentence_of(name: str, how: UnknownThen) -> str:
    """What a person should know of such a field."""
    if how is UnknownThen.NOT_KEPT:
        return _("What “%(field)s” said in the past is not kept; it is unknown here.") % {
            "field": name
        }
    return _("“%(field)s” is read as it is today; it may have been written since.") % {
        "field": name
    }
