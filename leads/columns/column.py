"""A column of a list, and the table of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Label = str | Promise


class Look(StrEnum):
    """How a value is shown; what a cell draws, and what type an export writes."""

    TEXT = "text"
    NUMBER = "number"
    SCORE = "score"
    YES_NO = "yes_no"
    STAGE = "stage"
    LEAD_CLASS = "class"
    DAY = "day"
    AGO = "ago"
    MONEY = "money"
    LINK = "link"


@dataclass(frozen=True)
class Column:
    """One thing to know about a row: what it is called, how it looks and where its value is.

    `sql` is what people read, `api` what programs do where that differs (the id behind a name).
    A column without a label is for programs only, one with `api=None` for people only.
    """

    name: str
    label: Label
    look: Look
    sql: str
    api: str | None = ""
    sort: str = ""

    @property
    def is_number(self) -> bool:
        """Numbers stand on the right."""
        return self.look in (Look.NUMBER, Look.SCORE, Look.MONEY)


@dataclass(frozen=True)
class Sort:
    """An order an index keeps: an expression that is never NULL, and the type of its values."""

    sql: str
    type: str


@dataclass(frozen=True)
class Table:
    """What is listed: rows, by alias the joins with rows beside them, columns and orders.

    On a page `title` (SQL) begins each row, with `note` below it.
    """

    table: str
    alias: str
    beside: Mapping[str, str]
    title: str
    note: str
    columns: tuple[Column, ...]
    sorts: Mapping[str, Sort]

    def for_people(self, own: Sequence[Column] = ()) -> dict[str, Column]:
        """What people may look at, by name: our columns, then the workspace's `own`."""
        return {column.name: column for column in (*self.columns, *own) if column.label}

    def named(self, names: Iterable[str], own: Sequence[Column] = ()) -> list[Column]:
        """The columns people may look at that have these names, in this order."""
        known = {column.name: column for column in (*self.columns, *own)}
        found = [known[name] for name in dict.fromkeys(names) if name in known]
        return [column for column in found if column.label]

    def as_json(self) -> str:
        """One row as programs read it: a JSON object in SQL."""
        told = [column for column in self.columns if column.api is not None]
        pairs = ", ".join(f"'{column.name}', {column.api or column.sql}" for column in told)
        return f"json_build_object({pairs})::text"

    def tables(self, sql: str) -> str:
        """The joins that `sql` speaks of."""
        return " ".join(join for alias, join in self.beside.items() if f"{alias}." in sql)


def in_its_workspace(table: str, alias: str, of: str, key: str) -> str:
    """The join with the row that `key` of the row `of` names."""
    return (
        f"LEFT JOIN {table} {alias}"
        f" ON {alias}.workspace_id = {of}.workspace_id AND {alias}.id = {of}.{key}"
    )


def home_of(alias: str) -> str:
    """The join with the workspace of the row `alias`, whose zone says when a day begins."""
    return f"LEFT JOIN workspaces_workspace home ON home.id = {alias}.workspace_id"


def days_since(sql: str) -> str:
    """How many midnights of the workspace lie between a moment and now; as conditions count."""
    zone = "AT TIME ZONE home.time_zone"
    return f"((now() {zone})::date - ({sql} {zone})::date)"


def tags_of(table: str, row: str, *, as_json: bool = False) -> str:
    """The tags of a row by name, from the table of who wears which."""
    names = "json_agg(tag.name ORDER BY tag.key)"
    told = f"COALESCE({names}, '[]')" if as_json else "string_agg(tag.name, ', ' ORDER BY tag.key)"
    return f"""(SELECT {told} FROM {table} worn JOIN leads_tag tag
        ON tag.workspace_id = worn.workspace_id AND tag.id = worn.tag_id
        WHERE worn.workspace_id = {row}.workspace_id AND worn.{row}_id = {row}.id)"""  # noqa: S608


def utc(sql: str) -> str:
    """A moment as programs read it: to the microsecond, in UTC."""
    return f"""to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
