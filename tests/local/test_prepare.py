"""Whether a start has something to prepare is known without loading the product."""

from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from leadmgmt.local.prepare import is_prepared, migrations_on_disk
from tests.worlds import World


def test_the_files_are_those_that_django_finds() -> None:
    assert migrations_on_disk() == set(MigrationLoader(None).disk_migrations)


def test_with_a_workspace_and_all_migrations_nothing_is_to_do(world: World) -> None:
    assert is_prepared(connection, migrations_on_disk())


def test_a_new_migration_is_to_be_applied(world: World) -> None:
    assert not is_prepared(connection, migrations_on_disk() | {("leads", "9999_new")})


def test_without_a_workspace_the_demo_is_to_be_made(db: Any) -> None:
    assert not is_prepared(connection, migrations_on_disk())
