"""A copy of the migrated template for each test process, and its emptying, all as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from inspect import getfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.test import TransactionTestCase

from leadmgmt.local.postgres import BOOTSTRAP, DATABASE, OWNER
from leadmgmt.local.processes import locked
from leadmgmt.local.testing.services import Services

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

UNFINISHED = "template_unfinished"
TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""
STRENGTH = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


class StrongRole(Exception):
    """The tests would run as a role that steps over row-level security, and so prove nothing."""


class TestDatabase:
    """The database of one slot."""

    __test__ = False  # not a test case, whatever its name says

    def __init__(self, services: Services) -> None:
        self.services = services
        self.name = services.database
        self.kept: list[str] = []

    def prepare(self) -> None:
        """Make the migrated template when it is missing: a minute or two that no test waits for."""
        with locked(self.services.home / "template.lock"):
            self._template()

    def create(self) -> None:
        """Copy the migrated template, and remember which tables migrations filled."""
        with locked(self.services.home / "template.lock"):
            self._recreate(self.name, self._template())
        with self._owner(self.name) as cursor:
            self.kept = _filled(cursor, [])
        _refuse_strong_role()

    def drop(self) -> None:
        """Close Django's connections and remove the database."""
        connections.close_all()
        with self._owner() as cursor:
            _drop(cursor, self.name)

    def empty(self) -> None:
        """Empty every table that tests filled; the application's role may not TRUNCATE."""
        with self._owner(self.name) as cursor:
            # TRUNCATE would take the empty tables along that refer to these: all there are.
            # In one transaction, at whose end nothing is left that refers to anything. A forgotten
            # open transaction fails here instead of hanging.
            cursor.execute("BEGIN; SET LOCAL lock_timeout = '10s'")
            while filled := _filled(cursor, self.kept):  # once more for what triggers wrote
                cursor.execute("; ".join(f"DELETE FROM {name}" for name in filled))  # noqa: S608
            cursor.execute("COMMIT")

    @contextmanager
    def emptied_by_owner(self) -> Iterator[None]:
        """Let transactional tests end with `empty` instead of Django's flush."""
        usual = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
        TransactionTestCase._fixture_teardown = lambda _: self.empty()  # type: ignore[attr-defined]
        yield
        TransactionTestCase._fixture_teardown = usual  # type: ignore[attr-defined]

    def _template(self) -> str:
        """Return the name of a migrated database, made when it is missing."""
        wanted = f"template_{_fingerprint()}"
        with self._owner() as cursor:
            cursor.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'template\_%'")
            existing = {name for (name,) in cursor.fetchall()}
            if wanted in existing:
                return wanted
            for outdated in existing:
                _drop(cursor, outdated)
        self._recreate(UNFINISHED, DATABASE)
        _migrate(UNFINISHED)
        with self._owner() as cursor:
            cursor.execute(f'ALTER DATABASE {UNFINISHED} RENAME TO "{wanted}"')
        return wanted

    def _recreate(self, database: str, template: str) -> None:
        with self._owner() as cursor:
            _drop(cursor, database)
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    @contextmanager
    def _owner(self, database: str = "postgres") -> Iterator["Cursor"]:
        session = psycopg2.connect(self.services.postgres.url(OWNER, database))
        session.autocommit = True
        try:
            with session.cursor() as cursor:
                yield cursor
        finally:
            session.close()


def _drop(cursor: "Cursor", database: str) -> None:
    """Remove a database; by force only if sessions are left in it.

    Force may not end a worker of autovacuum, which runs as the superuser; without force
    PostgreSQL ends that one itself.
    """
    try:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}"')
    except psycopg2.errors.ObjectInUse:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _fingerprint() -> str:
    """Return a hash of what decides the schema: migrations, their operations, the bootstrap."""
    migrations = MigrationLoader(None).disk_migrations.values()
    files = {getfile(type(migration)) for migration in migrations}
    files |= {getfile(type(one)) for migration in migrations for one in migration.operations}
    content = [Path(file).read_bytes() for file in [str(BOOTSTRAP), *sorted(files)]]
    return sha256(b"".join(content)).hexdigest()[:16]


def _migrate(database: str) -> None:
    owner = connections["owner"]
    usual, owner.settings_dict["NAME"] = owner.settings_dict["NAME"], database
    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
    finally:
        owner.close()
        owner.settings_dict["NAME"] = usual


def _filled(cursor: "Cursor", kept: list[str]) -> list[str]:
    """Return the tables, other than `kept`, that hold a row."""
    cursor.execute(TABLES)
    tables = [name for (name,) in cursor.fetchall() if name not in kept]
    if not tables:
        return []
    questions = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables]  # noqa: S608
    cursor.execute(" UNION ALL ".join(questions))
    return [name for (name,) in cursor.fetchall()]


def _refuse_strong_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(STRENGTH)
        role, is_strong = cursor.fetchone()
    if is_strong:
        raise StrongRole(f"The tests run as {role}, which row-level security does not bind.")
