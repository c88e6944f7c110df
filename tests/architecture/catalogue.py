"""What PostgreSQL itself says about the tables, for the tests of the fence."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection

COLUMNS = """
SELECT attname, format_type(atttypid, NULL), atttypmod, attnotnull,
       atthasdef OR attidentity <> '' OR attgenerated <> ''
FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
  AND attgenerated = ''
ORDER BY attnum
"""
REFERENCES = """
SELECT conname, confrelid::regclass::text,
       ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
             JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place),
       ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
             JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place)
FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass
"""
UNIQUE = """
SELECT indexrelid::regclass::text, indisprimary,
       ARRAY(SELECT pg_get_indexdef(indexrelid, place, false)
             FROM generate_series(1, indnkeyatts) AS place)
FROM pg_index WHERE indisunique AND indrelid = %s::regclass
"""


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    type: str
    length: int | None
    is_required: bool
    has_default: bool


@dataclass(frozen=True)
class Reference:
    """One foreign key: which columns point at which columns of which table."""

    name: str
    target: str
    columns: list[str]
    target_columns: list[str]

    @property
    def pointer(self) -> str:
        """The column that points, beside the workspace."""
        others = [name for name in self.columns if name != "workspace_id"]
        return others[0] if others else "workspace_id"


@dataclass(frozen=True)
class UniqueIndex:
    """One promise that something occurs once."""

    name: str
    is_primary: bool
    columns: list[str]


def rows(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    """What a statement returns, said inside the workspace we are in."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def names(sql: str, params: Any = None) -> set[Any]:
    """The first column of what a statement returns."""
    return {row[0] for row in rows(sql, params)}


@cache
def columns(table: str) -> list[Column]:
    """The columns of a table that can be written; `length` is that of varchar(n)."""
    return [
        Column(name, kind, modifier - 4 if modifier > 4 else None, is_required, has_default)
        for name, kind, modifier, is_required, has_default in rows(COLUMNS, [table])
    ]


@cache
def references(table: str) -> list[Reference]:
    """The foreign keys of a table."""
    return [Reference(*row) for row in rows(REFERENCES, [table])]


@cache
def unique_indexes(table: str) -> list[UniqueIndex]:
    """The unique indexes of a table, its primary key among them."""
    return [UniqueIndex(*row) for row in rows(UNIQUE, [table])]


def key_of(table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
    """What tells a row from all others, past the workspace: a condition and its values."""
    (primary,) = (each for each in unique_indexes(table) if each.is_primary)
    columns = [name for name in primary.columns if name != "workspace_id"]
    return " AND ".join(f"{name} = %s" for name in columns), [row[name] for name in columns]
