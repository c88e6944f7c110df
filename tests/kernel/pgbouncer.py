"""A pgbouncer that pools by transaction, in front of the tests' PostgreSQL."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from leadmgmt.local.processes import free_port
from leadmgmt.local.testing.plugin import services

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SERVER_CONNECTIONS = 2  # fewer than clients, so that they must share

SETTINGS = """
[databases]
* = host={host} port={port} user={user} password={password} pool_size={connections}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 200
logfile = {directory}/log
pidfile =
"""


@contextmanager
def pgbouncer() -> Iterator[int]:
    """Run it; yields the port on 127.0.0.1."""
    with TemporaryDirectory(prefix="pgbouncer-") as name:
        directory, port = Path(name), free_port()
        (directory / "ini").write_text(_settings(directory, port))
        user = _let_other_user_in(directory)
        command = [str(PROGRAM), "-q", str(directory / "ini")]
        with subprocess.Popen(command, user=user, stderr=subprocess.DEVNULL) as process:
            try:
                _wait_for(port)
                yield port
            finally:
                process.kill()


def _settings(directory: Path, port: int) -> str:
    server = urlsplit(services.postgres.tcp_url("leadmgmt_app", services.database))
    return SETTINGS.format(
        host=server.hostname,
        port=server.port,
        user=server.username,
        password=unquote(server.password or ""),
        connections=SERVER_CONNECTIONS,
        listen_port=port,
        directory=directory,
    )


def _let_other_user_in(directory: Path) -> int | None:
    """It refuses to run as root."""
    if os.getuid() != 0:
        return None
    user = pwd.getpwnam("nobody").pw_uid
    for path in (directory, directory / "ini"):
        os.chown(path, user, -1)
    return user


def _wait_for(port: int) -> None:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("pgbouncer does not listen")
