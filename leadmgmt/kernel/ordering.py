"""Rows that people put in order: they are numbered by their `position`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet


def in_order(rows: QuerySet[Any]) -> list[Any]:
    """The rows as they stand."""
    return list(rows.order_by("position", "id"))


def step(rows: QuerySet[Any], row: Any, *, up: bool) -> None:
    """Move a row one place up or down; at the end, or when it is none of them, nothing moves."""
    ordered = in_order(rows)
    if row not in ordered:
        return
    here = ordered.index(row)
    there = here - 1 if up else here + 1
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]
        number(ordered)


def arrange(rows: QuerySet[Any], ids: Sequence[UUID]) -> None:
    """Put the rows in the order of these ids; those not named come last, as they were."""
    wanted = {row_id: nth for nth, row_id in enumerate(ids)}
    number(sorted(in_order(rows), key=lambda row: wanted.get(row.pk, len(wanted))))


def number(rows: Sequence[Any], *, first: int = 0) -> None:
    """Give the rows the positions in which they come."""
    for position, each in enumerate(rows, start=first):
        each.position = position
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["position"])
