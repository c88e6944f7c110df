"""Writing generated rows: one statement per few thousand, whatever the table."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from leadmgmt.kernel.context import current_workspace_id

ROWS = 5_000
Row = Mapping[str, Any]


def insert(model: type[models.Model], rows: Iterable[Row]) -> int:
    """Insert rows keyed by column name; every row has the same keys. Returns how many.

    Columns a row does not name get the model's default; ids and moments left out, the database's.
    """
    waiting, written = iter(rows), 0
    while chunk := list(islice(waiting, ROWS)):
        _insert_chunk(model, chunk)
        written += len(chunk)
    return written


def _insert_chunk(model: type[models.Model], rows: Sequence[Row]) -> None:
    fixed = _defaults(model, given=rows[0].keys())
    columns = ", ".join(f'"{name}"' for name in (*rows[0], *fixed))
    values = ", ".join([*(f'row."{name}"' for name in rows[0]), *["%s"] * len(fixed)])
    table = model._meta.db_table
    sql = (
        f'INSERT INTO "{table}" ({columns}) SELECT {values}'  # noqa: S608 (names of our models)
        f' FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb) AS row'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*fixed.values(), msgspec.json.encode(rows).decode()])


def _defaults(model: type[models.Model], given: Iterable[str]) -> dict[str, Any]:
    fields = {str(field.column): field for field in model._meta.local_concrete_fields}
    left_out = fields.keys() - set(given)
    fixed = {
        column: _default(field)
        for column, field in fields.items()
        if column in left_out and field.default is not NOT_PROVIDED
    }
    return fixed | {"workspace_id": current_workspace_id()}


def _default(field: "models.Field[Any, Any]") -> Any:
    return field.get_db_prep_save(field.get_default(), connection)
