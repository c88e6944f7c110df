"""Keyset paging: page 9,000 costs what page 1 does, and its link stays true as rows arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

COUNT_CAP = 10_000
M = TypeVar("M", bound=Model)
Row = TypeVar("Row")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list and the cursors of its neighbours ("" when there is none)."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""
    total: int | None = None

    def of(self, rows: Sequence[Other]) -> "Page[Other]":
        """The same page with its rows as something else."""
        return Page(rows, self.next, self.previous, self.total)

    @property
    def is_capped(self) -> bool:
        """There are more rows than were counted."""
        return self.total is not None and self.total > COUNT_CAP

    @property
    def shown_total(self) -> int | None:
        return None if self.total is None else min(self.total, COUNT_CAP)


def page_of(
    rows: QuerySet[M],
    order: Sequence[str],
    query: Mapping[str, str],
    size: int = 50,
    *,
    is_counted: bool = True,
) -> Page[M]:
    """The page that `?after=` / `?before=` of `query` names.

    `order` is field names (`-` for descending) that never hold NULL and end with a unique one; a
    cursor that is not ours shows the first page. Two statements: rows, and a count capped at
    COUNT_CAP, which costs more than the rows: leave it where nobody reads it.
    """
    after, before = (
        position_in(query.get("after", ""), order),
        position_in(query.get("before", ""), order),
    )
    total = rows.order_by()[: COUNT_CAP + 1].count() if is_counted else None
    if before:
        backwards = [_turned(name) for name in order]
        found = list(rows.filter(_beyond(backwards, before)).order_by(*backwards)[: size + 1])
        shown, has_previous, has_next = found[:size][::-1], len(found) > size, True
    else:
        ahead = rows.filter(_beyond(order, after)) if after else rows
        found = list(ahead.order_by(*order)[: size + 1])
        shown, has_previous, has_next = found[:size], bool(after), len(found) > size
    return Page(
        rows=shown,
        next=_cursor_at(shown[-1], order) if shown and has_next else "",
        previous=_cursor_at(shown[0], order) if shown and has_previous else "",
        total=total,
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _cursor_at(row: Model, order: Sequence[str]) -> str:
    return cursor_of([getattr(row, name.lstrip("-")) for name in order], order)


def cursor_of(values: Sequence[Any], order: Sequence[str]) -> str:
    """A cursor that names the row with these values of `order`; nobody can make up another."""
    return _signer(order).sign_object([_plain(value) for value in values])


def position_in(cursor: str, order: Sequence[str]) -> list[Any]:
    """The values in a cursor of this very order; none of a cursor that somebody else made."""
    try:
        return list(_signer(order).unsign_object(cursor))
    except BadSignature:
        return []


def _signer(order: Sequence[str]) -> Signer:
    return Signer(salt=f"page by {' '.join(order)}")


def _plain(value: Any) -> Any:
    """A value JSON can hold, to the microsecond."""
    if isinstance(value, int | str | float):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


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
