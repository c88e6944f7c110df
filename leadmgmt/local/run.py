"""The supervisor: starts everything a local run needs, keeps it alive, stops all of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, NoReturn

from leadmgmt.local import engines
from leadmgmt.local.assets import fetch_assets
from leadmgmt.local.logins import PASSWORD, demo_logins
from leadmgmt.local.parts import ROOT, Part, Program, Watch
from leadmgmt.local.processes import LocalServiceFailed, end_of, locked, marked, stop_all

Start = Callable[["Supervisor", Path], str]  # adds parts, returns the address they serve

TICK = 0.5
SECONDS_TO_ANSWER = 60


class Supervisor:
    """Keeps parts alive until it is told to stop; what it started, it stops."""

    def __init__(self) -> None:
        self.watches: list[Watch] = []

    def add(self, part: Part) -> None:
        """Start a part and keep it alive from now on."""
        watch = Watch(part)
        self.watches.append(watch)
        watch.start()

    def keep(self) -> None:
        """Watch over the parts; under make, for as long as make lives."""
        parent = os.getppid()
        while os.getppid() == parent or "MAKELEVEL" not in os.environ:
            for watch in self.watches:
                watch.look()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop the parts, programs before the servers they use; a second Ctrl-C hurries them."""
        parts = [watch.part for watch in reversed(self.watches)]
        programs = [part for part in parts if isinstance(part, Program)]
        try:
            for program in programs:
                program.ask_to_stop()
            for program in programs:
                program.stop()
        except KeyboardInterrupt:
            for program in programs:
                program.kill()
        for part in parts:
            if part not in programs:
                part.stop()


def main(start: Start | None = None) -> int:
    """Run what `start` adds until Ctrl-C; the exit code tells whether that went well."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, _interrupt)
    local = engines.local_directory()
    try:
        with locked(local / "run.lock", wait=False) as lock:
            _run(start or start_everything, local, lock)
    except LocalServiceFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _who_runs(local: Path) -> str:
    with suppress(OSError, ValueError):
        told = json.loads((local / "run.lock").read_text())
        return (
            f"Already running at {told['address']} (process {told['pid']}); Ctrl-C there stops it."
        )
    return f"Another run is starting in {local}."


def _run(start: Start, local: Path, lock: IO[str] | None) -> None:
    if lock is None:
        raise LocalServiceFailed(_who_runs(local))
    began = time.monotonic()
    stop_all(marked(engines.MARK, str(local)))  # what a killed run left
    supervisor = Supervisor()
    try:
        address = start(supervisor, local)
        _tell(lock, address)
        _greet(address, local, time.monotonic() - began)
        supervisor.keep()
    finally:
        with suppress(OSError):  # the terminal may be gone
            print("\nStopping …", flush=True)
        supervisor.stop()


def start_everything(supervisor: Supervisor, local: Path) -> str:
    """Start servers and programs in their order; return the address of the product."""
    fetch_assets()
    services = engines.Engines(local)
    for engine in services.embedded:
        engine.stop()  # one that a killed run left
        supervisor.add(engine)
    environment = services.environment()
    if "EMAIL_URL" not in environment:
        supervisor.add(engines.mail_catcher(environment, local))
    host, port = os.environ.get("HOST", "127.0.0.1"), engines.choose_port(_wanted_port())
    address = environment.setdefault("BASE_URL", f"http://{host}:{port}")
    web = engines.web(environment, local, host, port)
    supervisor.add(web)  # it loads while the database is prepared; nobody knows the address yet
    _prepare(environment)
    _wait_for(web, host, port)
    supervisor.add(engines.worker(environment, local))  # loads when pages are served already
    return address


def _prepare(environment: dict[str, str]) -> None:
    if subprocess.call([sys.executable, "-m", "leadmgmt.local.prepare"], env=environment, cwd=ROOT):
        raise LocalServiceFailed("The database could not be prepared; the reason is above.")


def _wanted_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise LocalServiceFailed(f"PORT is {text!r}, but it must be a whole number up to 65535.")
    return int(text)


def _tell(lock: IO[str], address: str) -> None:
    """Name ourselves to whoever tries to start a second run."""
    lock.truncate(0)
    lock.write(json.dumps({"pid": os.getpid(), "address": address}))
    lock.flush()


def _wait_for(web: Program, host: str, port: int) -> None:
    until = time.monotonic() + SECONDS_TO_ANSWER
    while not _answers(host, port):
        if web.has_died() or time.monotonic() > until:
            raise LocalServiceFailed(f"The web server did not start. {end_of(web.log)}")
        time.sleep(0.05)


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    else:
        return True  # an error page is an answer too
    finally:
        connection.close()


def _greet(address: str, local: Path, seconds: float) -> None:
    print(f"\nReady at {address} (after {seconds:.1f} s)\n")
    if "EMAIL_URL" not in os.environ:
        print(f"  Mail     {address}/mail/ keeps every message, none leaves this machine")
    print(f"  Logs     {local / 'log'}/")
    print(f"\n  Log in to the demo workspace with the password {PASSWORD}:")
    for login in demo_logins():
        print(f"    {login.role:<9}{login.email}")
    print("\nCtrl-C stops everything.", flush=True)


def with_engines(command: list[str]) -> int:
    """Run one command beside the servers, and give its exit code."""
    try:
        with engines.running_engines(engines.local_directory()) as environment:
            return subprocess.call(command, env=environment)
    except LocalServiceFailed as problem:
        print(problem, file=sys.stderr)
        return 1
