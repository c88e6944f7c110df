"""A page of a list in one statement: keyset over an index, rows beside each other, capped count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from leadmgmt.ui.paging import COUNT_CAP, Page, cursor_of, position_in
from leads.columns import Sort, Table
from leads.conditions import Sql
from leads.conditions.sql.pieces import joined
from leads.queries.long_lists import is_long, know_as_long

Fetched = tuple[Any, ...]


@dataclass(frozen=True)
class Order:
    """One of the orders of a table, up or down; its cursors fit no other."""

    alias: str
    name: str
    sort: Sort
    is_down: bool

    @property
    def keys(self) -> tuple[str, str]:
        """What its cursors are signed for."""
        sign = "-" if self.is_down else ""
        return f"{sign}{self.name}", f"{sign}id"

    def sql(self, *, is_back: bool = False) -> str:
        """ORDER BY, or the same backwards."""
        way = "DESC" if self.is_down is not is_back else "ASC"
        return f"{self.sort.sql} {way}, {self.alias}.id {way}"

    def beyond(self, position: list[Any], *, is_back: bool) -> Sql:
        """Rows behind a position, or in front of it."""
        sign = "<" if self.is_down is not is_back else ">"
        here = f"(CAST(%s AS {self.sort.type}), CAST(%s AS uuid))"
        return Sql(f" AND ({self.sort.sql}, {self.alias}.id) {sign} {here}", tuple(position))


def order_of(table: Table, asked: str, default: str) -> Order:
    """The order a word such as `-score` means, else `default`."""
    name = asked.removeprefix("-")
    if name not in table.sorts:
        return order_of(table, default, default)
    return Order(table.alias, name, table.sorts[name], asked.startswith("-"))


def read_page(
    table: Table,
    shown: Sql,
    beside: str,
    where: Sql,
    order: Order,
    query: Mapping[str, str],
    *,
    size: int,
    is_counted: bool,
) -> Page[Fetched]:
    """The page that `after` or `before` of `query` names; a foreign cursor shows the first.

    `shown` is what is selected of each row, with the tables `beside`. A row is read with those
    only when it is on the page. At most COUNT_CAP rows are counted, and none of a list that was
    found to be longer within the last minute.
    """
    before = position_in(query.get("before", ""), order.keys)
    position = before or position_in(query.get("after", ""), order.keys)
    is_back = bool(before)
    beyond = order.beyond(position, is_back=is_back) if position else Sql("")
    listed = where.inside(f"{table.table} WHERE ")
    is_unknown = is_counted and not is_long(listed)
    found = _fetched(
        _selected(table, shown, where, order, is_unknown),
        _rows(table, joined("", [where, beyond]), order.sql(is_back=is_back), size + 1),
        Sql(f"{beside} ORDER BY {order.sql(is_back=is_back)}"),
    )
    more = len(found) > size
    rows = found[:size][::-1] if is_back else found[:size]
    has_next, has_previous = (True, more) if is_back else (more, bool(position))
    return Page(
        rows=rows,
        next=_cursor(rows[-1], order) if rows and has_next else "",
        previous=_cursor(rows[0], order) if rows and has_previous else "",
        total=_total(rows, listed) if is_counted else None,
    )


def _selected(table: Table, shown: Sql, where: Sql, order: Order, is_counted: bool) -> Sql:
    """What is shown; at the end of each row what its cursor and the pager need."""
    counted = Sql("NULL")
    if is_counted:
        rows = f"SELECT FROM {table.table} {table.alias} WHERE "
        few = where.inside(rows, f" LIMIT {COUNT_CAP + 1}")
        counted = few.inside("(SELECT count(*) FROM (", ") AS counted)")
    place = Sql(f"{order.sort.sql}, {table.alias}.id::text")
    return joined(", ", [shown, place, counted])


def _rows(table: Table, where: Sql, order: str, most: int) -> Sql:
    return where.inside(
        f"(SELECT * FROM {table.table} {table.alias} WHERE ",  # noqa: S608
        f" ORDER BY {order} LIMIT {most}) AS {table.alias} ",
    )


def _fetched(selected: Sql, rows: Sql, rest: Sql) -> list[Fetched]:
    statement = joined("", [selected.inside("SELECT ", " FROM "), rows, rest])
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return list(cursor.fetchall())


def _cursor(row: Fetched, order: Order) -> str:
    value, id = row[-3], row[-2]
    return cursor_of([value, id], order.keys)


def _total(rows: list[Fetched], listed: Sql) -> int:
    """How many were counted; one more than the cap of a list that is known to be long."""
    if not rows:
        return 0
    total = rows[0][-1]
    if total is None:
        return COUNT_CAP + 1
    if total > COUNT_CAP:
        know_as_long(listed)
    return int(total)
