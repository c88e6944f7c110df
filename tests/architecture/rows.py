"""Rows of any table, made from what the catalogue says: there is no builder to keep up to date."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection
from psycopg2.extras import Json

from leadmgmt.kernel.context import current_workspace_id
from tests.architecture import catalogue
from tests.architecture.catalogue import Column, Reference
from tests.builders import a_user

_number = count(1)

VALUES: dict[str, Any] = {
    "boolean": False,
    "jsonb": {},
    "date": "2026-01-05",
    "timestamp with time zone": "2026-01-05 12:00+00",
    "time without time zone": "12:00",
    "interval": "1 hour",
    "inet": "192.0.2.1",
    "double precision": 1.0,
    "numeric": 1,
}
# What a check constraint wants beyond types and defaults: table → column → value.
PARTICULAR: dict[str, dict[str, Any]] = {
    "workspaces_workingtime": {"opens": "09:00", "closes": "17:00"},
    "sla_policy": {"opens": "09:00", "closes": "17:00"},
    "funnel_pipelinestage": {"probability": 50},
    "funnel_trainingcontent": {"address": "https://example.org/"},
}

# References that may be empty, but for a check constraint: table → columns.
NEEDED: dict[str, set[str]] = {"funnel_customer": {"lead_id"}}


class Rows:
    """One row of each table asked for, in the current workspace, with the rows it needs."""

    def __init__(self, text: str = "x") -> None:
        self.text = text
        self.made: dict[tuple[UUID, str], dict[str, Any]] = {}

    def one(self, table: str) -> dict[str, Any]:
        """The row of `table`, made when it is asked for the first time."""
        key = (current_workspace_id(), table)
        if key not in self.made:
            self.made[key] = self.another(table)
        return self.made[key]

    def another(self, table: str, **given: Any) -> dict[str, Any]:
        """A row with the values given, and made-up ones where there must be some."""
        values = defaults(table) | PARTICULAR.get(table, {}) | given
        pointers = {each.pointer: each for each in catalogue.references(table)}
        for column in catalogue.columns(table):
            is_needed = column.is_required or column.name in NEEDED.get(table, ())
            if column.name not in values and is_needed and not column.has_default:
                values[column.name] = self._value(column, pointers.get(column.name))
        return insert(table, values)

    def _value(self, column: Column, reference: Reference | None) -> Any:
        if reference is None:
            return made_up(column, self.text)
        if reference.target == "workspaces_user":
            return a_user().pk
        return self.one(reference.target)["id"]


def defaults(table: str) -> dict[str, Any]:
    """What the model writes when nothing is said, the current workspace among it."""
    (model,) = (each for each in apps.get_models() if each._meta.db_table == table)
    fields = [each for each in model._meta.local_concrete_fields if each.has_default()]
    return {str(each.column): each.get_default() for each in fields}


def insert(table: str, values: dict[str, Any]) -> dict[str, Any]:
    """Insert past the application; the row as the database has it."""
    kinds = {each.name: each.type for each in catalogue.columns(table)}
    values = {name: value for name, value in values.items() if name in kinds}
    named = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({named}) VALUES ({marks}) RETURNING *',
            [Json(value) if kinds[name] == "jsonb" else value for name, value in values.items()],
        )
        assert cursor.description is not None
        found = [each[0] for each in cursor.description]
        return dict(zip(found, cursor.fetchone(), strict=True))


def made_up(column: Column, text: str) -> Any:
    """Some value of the column's type, another each time where that is possible."""
    number = next(_number)
    if column.type == "uuid":
        return uuid4()
    if column.type in ("text", "character varying", "character"):
        return f"{text}{number}"[-(column.length or 20) :]
    if column.type in ("smallint", "integer", "bigint"):
        return number % 2**15 if column.type == "smallint" else number
    if column.type.endswith("[]"):
        return []
    return VALUES[column.type]
