"""Between the servers' start and the web's: migrate, and make the demo workspace once.

Loading the whole product to find nothing to do took seconds, while the web server loads as well; so
whether there is something is asked first, of the files and of the database alone.
"""

import os
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Migrations = Collection[tuple[str, str]]  # label of the app, name


def is_prepared(connection: BaseDatabaseWrapper, migrations: Migrations) -> bool:
    """Whether all of these are applied, and somebody's workspace is there."""
    try:
        connection.ensure_connection()
        # By the driver: Django warns of its own cursors while no app is loaded.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
            cursor.execute("SELECT EXISTS (SELECT FROM workspaces_workspace)")
            (has_workspace,) = cursor.fetchone()
    except DatabaseError:
        return False
    return has_workspace and applied.issuperset(migrations)


def migrations_on_disk() -> set[tuple[str, str]]:
    """Those of all installed apps.

    An app with a label of its own would look as if it were never applied, which is safe.
    """
    found = set()
    for app in settings.INSTALLED_APPS:
        spec = find_spec(app)
        for folder in spec.submodule_search_locations or () if spec else ():
            names = [each.stem for each in Path(folder, "migrations").glob("[!_~]*.py")]
            found |= {(app.rpartition(".")[2], name) for name in names}
    return found


def prepare() -> None:
    """Bring the database up to date; does nothing when it is."""
    _migrate()
    _make_demo()


def _migrate() -> None:
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Migrating the database …", flush=True)
        call_command("migrate", database="owner", verbosity=0, interactive=False)


def _make_demo() -> None:
    from django.core.management import call_command, get_commands

    from leadmgmt.workspaces.models import Workspace

    if "demo" in get_commands() and not Workspace.objects.using("owner").exists():
        print("Making the demo workspace …", flush=True)
        call_command("demo")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadmgmt.settings")
    if not is_prepared(connections["owner"], migrations_on_disk()):
        django.setup()
        prepare()
