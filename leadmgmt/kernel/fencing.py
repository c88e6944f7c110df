"""Migration operations that fence a workspace's rows in, and the few audited ways round the fence.

`Fence` ends every migration that creates tables of a workspace. `PlatformFunction` makes a
function that runs as the role `leadmgmt_platform`, which row security does not bind: look-ups
before the workspace is known, and sweeps that ask which workspaces have something due.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP_ROLE = "leadmgmt_app"
PLATFORM_ROLE = "leadmgmt_platform"
CURRENT = "nullif(current_setting('app.workspace_id', true), '')::uuid"


class UUIDv7(models.Func):
    """A time-ordered identifier made by the database."""

    function = "uuidv7"
    arity = 0
    output_field = models.UUIDField()


class WorkspaceForeignKey(models.ForeignKey[Any, Any]):
    """A reference between rows of one workspace.

    Plain foreign keys are checked with row security off and would accept another workspace's
    row; so this one has no constraint of its own, and `Fence` adds one over (workspace, id).
    Nor has it an index: one that is needed starts with the workspace.
    """

    def __init__(self, to: Any, on_delete: Any = models.CASCADE, **kwargs: Any) -> None:
        kwargs["db_constraint"] = kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """A choice without rows: forms are made outside any workspace, and fill it in later."""
        rows = self.remote_field.model._base_manager.none()
        choice: dict[str, Any] = {
            "form_class": forms.ModelChoiceField,
            "queryset": rows,
            "blank": self.blank,
        }
        return super(models.ForeignKey, self).formfield(**choice | kwargs)


class Statements(Operation):
    """A migration operation that is nothing but statements; Django's own state stays as it is.

    Going back is left to whatever made the tables, which go with all that hangs on them.
    """

    reversible = True
    reduces_to_sql = True

    def statements(self, app_label: str, state: ProjectState) -> Iterable[str]:
        """What to run, in order."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run them."""
        for statement in self.statements(app_label, to_state):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing is run."""


class Fence(Statements):
    """Row security and references that stay in the workspace, for freshly created tables.

    `column` names the workspace in each row; a table that is not referenced needs no key for it.
    """

    def __init__(
        self, *model_names: str, column: str = "workspace_id", is_referenced: bool = True
    ) -> None:
        self.model_names = model_names
        self.column = column
        self.is_referenced = is_referenced

    def statements(self, app_label: str, state: ProjectState) -> Iterable[str]:
        """Policies and keys first, then the references that need them."""
        chosen = [state.apps.get_model(app_label, name) for name in self.model_names]
        for model in chosen:
            yield from self._fence(model._meta.db_table)
        for model in chosen:
            for field in references_of(model):
                yield reference_sql(model, field)

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Fence {', '.join(self.model_names)} into their workspace"

    def _fence(self, table: str) -> Iterable[str]:
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
        yield (
            f'CREATE POLICY in_workspace ON "{table}"'
            f" USING ({self.column} = {CURRENT}) WITH CHECK ({self.column} = {CURRENT})"
        )
        if self.column != "id" and self.is_referenced:
            yield f'ALTER TABLE "{table}" ADD CONSTRAINT {table}_ref UNIQUE ({self.column}, id)'


class FenceReference(Statements):
    """The reference of one column added to a table that already has its fence."""

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def statements(self, app_label: str, state: ProjectState) -> Iterable[str]:
        """The composite foreign key."""
        model = state.apps.get_model(app_label, self.model_name)
        yield reference_sql(model, model._meta.get_field(self.field_name))

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Keep {self.model_name}.{self.field_name} inside its workspace"


def references_of(model: type[models.Model]) -> list[Any]:
    """The columns of `model` that point at rows of the same workspace."""
    return [field for field in model._meta.local_fields if isinstance(field, WorkspaceForeignKey)]


def reference_sql(model: type[models.Model], field: Any) -> str:
    """The composite foreign key behind a WorkspaceForeignKey."""
    table, column = model._meta.db_table, field.column
    target = field.remote_field.model._meta.db_table
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT {table}_{column}_ref'
        f' FOREIGN KEY (workspace_id, {column}) REFERENCES "{target}" (workspace_id, id)'
        " DEFERRABLE INITIALLY DEFERRED"
    )


class PlatformFunction(Statements):
    """One audited SECURITY DEFINER function; the test of the fence lists them all."""

    def __init__(self, name: str, arguments: str, returns: str, query: str) -> None:
        self.name = name
        self.arguments = arguments
        self.returns = returns
        self.query = query

    def statements(self, app_label: str, state: ProjectState) -> Iterable[str]:
        """Create it, let the application call it, and hand it to the platform role."""
        signature = f"{self.name}({self.arguments})"
        yield (
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS {self.returns} LANGUAGE sql STABLE"
            f" SECURITY DEFINER SET search_path = public, pg_temp AS $body$ {self.query} $body$"
        )
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}"
        yield f"ALTER FUNCTION {signature} OWNER TO {PLATFORM_ROLE}"

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Platform function {self.name}"


class DueWorkspaces(PlatformFunction):
    """A sweep: which workspaces have rows in `table` that are due at $1?"""

    def __init__(self, name: str, *, table: str, condition: str) -> None:
        super().__init__(
            name,
            "moment timestamptz",
            "SETOF uuid",
            f'SELECT DISTINCT workspace_id FROM "{table}" WHERE {condition}',  # noqa: S608
        )
        self._sweep = {"table": table, "condition": condition}

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As written in the migration."""
        return type(self).__qualname__, [self.name], self._sweep


def workspaces_due(name: str, now: datetime | None = None) -> list[UUID]:
    """Ask a `DueWorkspaces` function; without `now`, by the clock of the database."""
    with connection.cursor() as cursor:
        sql = f"SELECT * FROM {name}(coalesce(%s, statement_timestamp()))"  # noqa: S608
        cursor.execute(sql, [now])
        return [row[0] for row in cursor.fetchall()]
