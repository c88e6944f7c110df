"""Rows as model instances, without the ORM working out the same SQL at every request.

For what every request reads: session, user, member. Everything else asks the ORM.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


@cache
def columns_of(model: type[Model], source: str = "") -> str:
    """The columns of a model for a SELECT; `source`: what they are read from, as SQL."""
    dot = f"{source}." if source else ""
    return ", ".join(f'{dot}"{column}"' for column, _ in _fields(model))


def instance_of(model: type[M], values: Sequence[Any]) -> M:
    """A stored row, its values in the order of `columns_of`."""
    return model.from_db(connection.alias, [name for _, name in _fields(model)], values)


def read_one(model: type[M], where: str, **values: Any) -> M | None:
    """The row of the table of `model` for which `where` holds, if there is one."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns_of(model)} FROM "{table}" WHERE {where}', values)  # noqa: S608
        row = cursor.fetchone()
    return instance_of(model, row) if row else None


@cache
def _fields(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """Column and attribute of each field, in the order `from_db` takes them."""
    return tuple((str(field.column), field.attname) for field in model._meta.concrete_fields)
