"""The fence: no row of another workspace is read, written, referenced or inferred.

Which tables belong to workspaces is asked of the catalogue, so that a new one cannot be forgotten.
The statements here go past the application's own filters: the database alone must hold.
"""

from typing import Any, cast

import pytest
from django.apps import apps
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Model

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import Workspace
from tests.architecture import catalogue
from tests.architecture.rows import Rows, insert
from tests.worlds import World

pytestmark = pytest.mark.usefixtures("world")

APP = "leadmgmt_app"
POLICY = "= (NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::uuid"

# Tables without a workspace: of Django, of allauth, and the users, who may be in several.
SHARED_PREFIXES = ("account_", "auth_", "django_", "mfa_", "usersessions_", "workspaces_user")

# Unique without the workspace: long random secrets; ids nobody can guess are unique by themselves.
RANDOM = {
    "workspaces_invitation": {"secret_hash"},
    "workspaces_apikey": {"secret_hash"},
    "capture_form": {"token"},
}

# The audited ways round the fence; what each gives away is said where it is made.
DEFINER_FUNCTIONS = {
    "platform_door",
    "platform_enter",
    "platform_workspaces_of",
    "platform_slug_is_taken",
    "platform_api_key",
    "platform_usable_key",
    "platform_invitation",
    "platform_site",
    "platform_form",
    "platform_find_leads",
    "platform_find_companies",
    "leads_make_activity_months",
}
# Kept by triggers, so without a model.
KEPT_BY_TRIGGERS = {"leads_search", "leads_companysearch"}
# Sweeps say only which workspaces have something due.
SWEEPS = """
SELECT proname FROM pg_proc WHERE prosecdef AND proretset AND prorettype = 'uuid'::regtype
  AND pg_get_function_identity_arguments(oid) = 'moment timestamp with time zone'
  AND prosrc ~ '^ ?SELECT DISTINCT workspace_id FROM "'
"""


def tenant_tables() -> list[str]:
    """Every table of a model that has a workspace; the catalogue is compared with it below."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.column == "workspace_id" for field in model._meta.local_fields)
    )


each_table = pytest.mark.parametrize("table", tenant_tables())


@pytest.fixture
def made() -> Rows:
    """Rows of any table."""
    return Rows()


def _touched(sql: str, params: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def _refused(expected: type[Error], sql: str, params: list[Any]) -> str:
    with pytest.raises(expected) as refused:
        _touched_now(sql, params)
    return str(refused.value)


@transaction.atomic
def _touched_now(sql: str, params: list[Any]) -> None:
    _touched(sql, params)
    _touched("SET CONSTRAINTS ALL IMMEDIATE", [])


# What the catalogue says


def test_every_table_is_fenced_or_known_to_be_shared() -> None:
    found = catalogue.names(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition"
    )
    unknown = {name for name in found if not name.startswith(SHARED_PREFIXES)}
    assert unknown - {*tenant_tables()} == {"workspaces_workspace", *KEPT_BY_TRIGGERS}


def test_every_table_with_a_workspace_enforces_its_policy() -> None:
    fenced = catalogue.names(
        "SELECT polrelid::regclass::text FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid"
        " WHERE relrowsecurity AND relforcerowsecurity AND polcmd = '*' AND polpermissive"
        " AND polroles = '{0}' AND pg_get_expr(polqual, polrelid) IN (%s, %s)"
        " AND pg_get_expr(polwithcheck, polrelid) = pg_get_expr(polqual, polrelid)",
        [f"(workspace_id {POLICY})", f"(id {POLICY})"],
    )
    assert fenced == {*tenant_tables(), "workspaces_workspace", *KEPT_BY_TRIGGERS}


def test_no_table_has_a_second_policy() -> None:
    assert not catalogue.names(
        "SELECT polrelid::regclass::text FROM pg_policy GROUP BY polrelid HAVING count(*) > 1"
    )


def test_nobody_reaches_a_partition_directly() -> None:
    partitions = "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'"
    assert catalogue.names(partitions)
    for role in (APP, "leadmgmt_platform"):
        assert not catalogue.names(
            f"{partitions} AND has_table_privilege(%s, oid, 'SELECT, INSERT, UPDATE, DELETE')",
            [role],
        )


def test_the_application_may_not_step_round_row_security() -> None:
    assert not catalogue.names(
        "SELECT oid::regclass::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
        " AND has_table_privilege(%s, oid, 'TRUNCATE, REFERENCES, TRIGGER')",
        [APP],
    )


def test_the_application_is_bound_and_owns_nothing() -> None:
    assert catalogue.rows(
        "SELECT current_user::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
        " rolreplication FROM pg_roles WHERE rolname = current_user"
    ) == [(APP, False, False, False, False, False)]
    assert not catalogue.rows(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", [APP]
    )
    assert not catalogue.names(
        "SELECT relname FROM pg_class WHERE relowner = %s::regrole"
        " UNION ALL SELECT proname FROM pg_proc WHERE proowner = %s::regrole",
        [APP, APP],
    )


def test_functions_that_step_round_the_fence_are_all_known() -> None:
    found = catalogue.rows(
        "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert {name for name, _, _ in found} - catalogue.names(SWEEPS) == DEFINER_FUNCTIONS
    assert all(config == ["search_path=public, pg_temp"] for _, config, _ in found)
    assert not [name for name, _, is_public in found if is_public]


def test_there_are_no_views_to_look_through() -> None:
    assert not catalogue.names(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce("
        "   'security_invoker=true' = ANY(reloptions), false))"
    )


def test_no_function_of_ours_claims_to_be_leakproof() -> None:
    assert not catalogue.names(
        "SELECT proname FROM pg_proc WHERE proleakproof AND pronamespace = 'public'::regnamespace"
    )


@each_table
def test_what_is_unique_is_unique_in_its_workspace(table: str) -> None:
    for index in catalogue.unique_indexes(table):
        is_fine = (
            index.columns[0] == "workspace_id"
            or index.columns == ["id"]
            or set(index.columns) <= RANDOM.get(table, set())
        )
        assert is_fine, f"{index.name} tells one workspace what another has: {index.columns}"


@each_table
def test_references_name_the_workspace_too(table: str) -> None:
    for reference in catalogue.references(table):
        if reference.target not in ("workspaces_workspace", "workspaces_user"):
            assert "workspace_id" in reference.columns, reference
            assert "workspace_id" in reference.target_columns, reference


@each_table
def test_every_reference_of_a_model_has_its_constraint(table: str) -> None:
    constrained = {name for each in catalogue.references(table) for name in each.columns}
    (model,) = (each for each in apps.get_models() if each._meta.db_table == table)
    for field in model._meta.local_fields:
        if field.is_relation:
            assert field.column in constrained, f"{table}.{field.column} may point anywhere"
            target = cast(type[Model], field.related_model)._meta.db_table
            assert (target in tenant_tables()) == isinstance(field, WorkspaceForeignKey), field


# What happens when one tries


@each_table
def test_a_foreign_row_is_not_read(table: str, made: Rows, world: World) -> None:
    made.one(table)
    with inside(world.globex.pk):
        key, foreign = catalogue.key_of(table, made.one(table))
        look = f'SELECT 1 FROM "{table}" WHERE {key}'
        assert catalogue.rows(look, foreign)
    assert not catalogue.rows(look, foreign)
    assert catalogue.names(f'SELECT DISTINCT workspace_id FROM "{table}"') == {world.acme.pk}
    with inside(None):
        assert not catalogue.rows(f'SELECT 1 FROM "{table}"')


@each_table
def test_a_foreign_row_is_not_changed(table: str, made: Rows, world: World) -> None:
    with inside(world.globex.pk):
        key, foreign = catalogue.key_of(table, made.one(table))
    update = f'UPDATE "{table}" SET workspace_id = workspace_id WHERE {key}'
    assert not _touched(update, foreign)
    assert not _touched(f'DELETE FROM "{table}" WHERE {key}', foreign)
    with inside(None):
        assert not _touched(f'DELETE FROM "{table}"', [])
    with inside(world.globex.pk):
        assert catalogue.rows(f'SELECT 1 FROM "{table}" WHERE {key}', foreign)


@each_table
def test_a_row_is_not_written_elsewhere(table: str, made: Rows, world: World) -> None:
    key, own = catalogue.key_of(table, made.one(table))
    update = f'UPDATE "{table}" SET workspace_id = %s WHERE {key}'
    said = _refused(ProgrammingError, update, [world.globex.pk, *own])
    assert "row-level security" in said
    with inside(world.globex.pk):
        foreign = made.another(table)
        key, values = catalogue.key_of(table, foreign)
        _touched(f'DELETE FROM "{table}" WHERE {key}', values)
    for place in (world.acme.pk, None):
        with inside(place), pytest.raises(ProgrammingError, match="row-level security"):
            transaction.atomic(insert)(table, foreign)


@each_table
def test_a_foreign_row_is_not_referenced(table: str, made: Rows, world: World) -> None:
    key, own = catalogue.key_of(table, made.one(table))
    for reference in catalogue.references(table):
        if len(reference.columns) == 1:
            continue  # to the workspace itself, or to a user
        with inside(world.globex.pk):
            foreign = made.one(reference.target)
        update = f'UPDATE "{table}" SET "{reference.pointer}" = %s WHERE {key}'
        said = _refused(IntegrityError, update, [foreign["id"], *own])
        assert reference.name in said


@each_table
def test_nothing_is_inferred_from_what_is_unique(table: str, made: Rows, world: World) -> None:
    with inside(world.globex.pk):
        foreign = made.one(table)
    pointers = {name for each in catalogue.references(table) for name in each.columns}
    for index in catalogue.unique_indexes(table):
        same = {*index.columns} & {*foreign} - pointers - {"id", "workspace_id"}
        if index.columns[0] == "workspace_id" and same:
            before = transaction.savepoint()
            made.another(table, **{name: foreign[name] for name in same})
            transaction.savepoint_rollback(before)


def test_a_workspace_sees_only_itself(world: World) -> None:
    assert [each.pk for each in Workspace.objects.all()] == [world.acme.pk]
    with inside(None):
        assert not Workspace.objects.exists()
        assert not _touched("UPDATE workspaces_workspace SET name = 'x'", [])
