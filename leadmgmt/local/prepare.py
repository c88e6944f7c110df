"""Between the servers' start and the web's: migrate, and make the demo workspace once."""

import os

import django


def prepare() -> None:
    """Bring the database up to date; does nothing when it is."""
    _migrate()
    _make_demo()


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connections
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
    django.setup()
    prepare()
