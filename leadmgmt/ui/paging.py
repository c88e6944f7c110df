"""Keyset paging: page 9,000 costs what page 1 does, and its link stays true as rows arrive."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

COUNT_CAP = 10_000
M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list and the cursors of its neighbours ("" when there is none)."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""
    total: int | None = None

    @property
    def is_capped(self) -> bool:
        """There are more rows than were counted."""
        return self.total is not None and self.total > COUNT_CAP

    @property
    def shown_total(self) -> int | None:
        return None if self.total is None else min(self.total, COUNT_CAP)


def page_of(
    rows: QuerySet[M], order: Sequence[str], query: Mapping[str, str], size: int = 50
) -> Page[M]:
    """The page that `?after=` / `?before=` of `query` names.

    `order` is field names (`-` for descending) that never hold NULL and end with a unique one; a
    cursor that is not ours shows the first page. Two statements: a count capped at COUNT_CAP, rows.
    """
    after, before = (
        _position(query.get("after", ""), order),
        _position(query.get("before", ""), order),
    )
    total = rows.order_by()[: COUNT_CAP + 1].count()
    if before:
        backwards = [_turned(name) for name in order]
        found = list(_from(rows, backwards, before).order_by(*backwards)[: size + 1])
        shown, has_previous, has_next = found[:size][::-1], len(found) > size, True
    else:
        found = list(_from(rows, order, after).order_by(*order)[: size + 1])
        shown, has_previous, has_next = found[:size], bool(after), len(found) > size
    return Page(
        rows=shown,
        next=_cursor(shown[-1], order) if shown and has_next else "",
        previous=_cursor(shown[0], order) if shown and has_previous else "",
        total=total,
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _cursor(row: Model, order: Sequence[str]) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    return urlsafe_b64encode(json.dumps(values, cls=_Exact).encode()).decode().rstrip("=")


class _Exact(DjangoJSONEncoder):
    """Keeps microseconds, which the default encoder cuts."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _position(cursor: str, order: Sequence[str]) -> list[Any]:
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, NotBase64):
        return []
    if not isinstance(values, list) or len(values) != len(order):
        return []
    return [] if any(_is_unfit(value) for value in values) else values


def _is_unfit(value: Any) -> bool:
    """Text with NUL or halves of characters, which the database cannot compare with."""
    if not isinstance(value, str):
        return False
    return "\0" in value or value.encode(errors="ignore").decode() != value


def _from(rows: QuerySet[M], order: Sequence[str], position: Sequence[Any]) -> QuerySet[M]:
    """The rows after `position`; all of them when it is empty or its values do not fit."""
    if not position:
        return rows
    try:
        return rows.filter(_beyond(order, position))
    except (TypeError, ValueError, ValidationError):
        return rows


def _beyond(order: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows after `position`; the first bound alone lets the index begin there."""
    first, value = order[0], position[0]
    bound = Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": value})
    steps, same = Q(), Q()
    for name, value in zip(order, position, strict=True):
        field = name.lstrip("-")
        steps |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    return bound & steps
