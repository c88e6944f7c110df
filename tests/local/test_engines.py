"""The embedded servers after accidents, and the choice of a port."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from leadmgmt.local.engines import Engines, choose_port
from leadmgmt.local.postgres import APP, OWNER, Postgres
from leadmgmt.local.processes import LocalServiceFailed


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A server of its own, in a directory too deep for a socket."""
    deep = tmp_path / ("deep" * 25)
    server = Postgres(deep, durable=False)
    yield server
    server.stop()


def role_of(url: str) -> tuple[str, bool, bool]:
    session = psycopg2.connect(url)
    with session.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        row: tuple[str, bool, bool] = cursor.fetchone()
    session.close()
    return row


def test_roles_come_with_the_server(postgres: Postgres) -> None:
    postgres.start()
    assert role_of(postgres.url(APP)) == (APP, False, False)
    assert role_of(postgres.tcp_url(OWNER)) == (OWNER, False, True)


def test_a_killed_server_leaves_nothing_in_the_way(postgres: Postgres) -> None:
    postgres.start()
    address = postgres.address()
    assert address is not None
    server = psutil.Process(address.pid)
    server.kill()
    server.wait(5)
    postgres.start()
    assert role_of(postgres.url(APP))


def test_a_lock_file_with_the_number_of_a_stranger_is_not_believed(postgres: Postgres) -> None:
    postgres.start()
    lock = postgres.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    postgres.stop()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert postgres.address() is None
    postgres.start()
    assert role_of(postgres.url(APP))


def test_a_busy_port_is_named_and_another_one_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        busy = holder.getsockname()[1]
        assert choose_port(busy) > busy
    assert f"Port {busy} is in use" in capsys.readouterr().out


def test_a_given_database_needs_its_owner_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://leadmgmt_app@db/leadmgmt")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with pytest.raises(LocalServiceFailed, match="DATABASE_OWNER_URL"):
        Engines(tmp_path)


def test_given_servers_are_not_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(name, "postgres://leadmgmt@db/leadmgmt")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    assert Engines(tmp_path).embedded == []
