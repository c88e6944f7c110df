"""The servers of a local run, and the environment that names them to programs.

A server whose address is given (DATABASE_URL, REDIS_URL, EMAIL_URL) is not started here.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from leadmgmt.local.parts import ROOT, Program
from leadmgmt.local.postgres import APP, OWNER, Postgres
from leadmgmt.local.processes import LocalServiceFailed, free_port, locked
from leadmgmt.local.redis import Redis

MARK = "LEADMGMT_RUN"  # in the environment of every process of a run: finds what a killed one left
MAIL_PORT = 1025


def local_directory() -> Path:
    """Return where the data of this checkout lives."""
    return Path(os.environ.get("LOCAL_DIR") or ROOT / ".local").resolve()


class Engines:
    """PostgreSQL and Redis of one local directory, or the given ones."""

    def __init__(self, local: Path) -> None:
        self.local = local
        self.postgres = None if "DATABASE_URL" in os.environ else Postgres(local / "postgres")
        self.redis = None if "REDIS_URL" in os.environ else Redis(local / "redis")
        if self.postgres is None and "DATABASE_OWNER_URL" not in os.environ:
            raise LocalServiceFailed(
                "DATABASE_URL is set but DATABASE_OWNER_URL is not: migrations need the owner's "
                "address. leadmgmt/local/bootstrap.sql makes both roles."
            )

    @property
    def embedded(self) -> list[Postgres | Redis]:
        """Return the servers that are ours to start and stop."""
        return [engine for engine in (self.postgres, self.redis) if engine is not None]

    def environment(self) -> dict[str, str]:
        """Return the addresses of the running servers, for the programs."""
        named = {"LOCAL": "1", "LOCAL_DIR": str(self.local), MARK: str(self.local)}
        if self.postgres is not None:
            named["DATABASE_URL"] = self.postgres.url(APP)
            named["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
        if self.redis is not None:
            named["REDIS_URL"] = self.redis.url()
        return os.environ | {"PYTHONUNBUFFERED": "1"} | named


@contextmanager
def running_engines(local: Path) -> Iterator[dict[str, str]]:
    """Give the environment of the servers, those of a run under way or our own for a while."""
    engines = Engines(local)
    with locked(local / "run.lock", wait=False) as alone:
        if alone is not None:
            for engine in engines.embedded:
                engine.stop()
                engine.start()
        try:
            yield engines.environment()
        finally:
            if alone is not None:
                for engine in reversed(engines.embedded):
                    engine.stop()


def mail_catcher(environment: dict[str, str], local: Path) -> Program:
    """Return the mail catcher and name its address in `environment`."""
    port = free_port(MAIL_PORT)
    environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    command = [sys.executable, "-m", "leadmgmt.local.catcher", str(port), str(local / "mail")]
    return Program("mail", command, environment=environment, log=local / "log" / "mail.log")


def web(environment: dict[str, str], local: Path, host: str, port: int) -> Program:
    """Return the web server."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers",
        "leadmgmt.wsgi:application",
    ]  # fmt: skip
    return Program("web", command, environment=_bound(environment), log=local / "log" / "web.log")


def worker(environment: dict[str, str], local: Path) -> Program:
    """Return the worker with the beat inside it; in production they are two."""
    (local / "beat").mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "celery", "--app", "leadmgmt.celery", "worker", "--pool", "threads",
        "--concurrency", "4", "--beat", "--schedule", str(local / "beat" / "schedule"),
        "--without-gossip", "--without-mingle", "--loglevel", "WARNING",
    ]  # fmt: skip
    log = local / "log" / "worker.log"
    return Program("worker", command, environment=_bound(environment), log=log)


def _bound(environment: dict[str, str]) -> dict[str, str]:
    """Leave out the owner's address: only migrations may step over row-level security."""
    return {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}


def choose_port(wanted: int) -> int:
    """Return the wanted port, or the next free one after saying who holds it."""
    for port in range(wanted, wanted + 100):
        if free_port(port) == port:
            if port != wanted:
                print(f"Port {wanted} is in use{_holder(wanted)}; taking {port} instead.")
            return port
    raise LocalServiceFailed(f"All ports from {wanted} to {wanted + 99} are in use.")


def _holder(port: int) -> str:
    try:
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr.port == port and found.pid:
                return f" by {psutil.Process(found.pid).name()} (process {found.pid})"
    except psutil.Error:
        pass  # without the right to see other people's processes
    return ""
