"""The parts of a local run: which there are, how each is started, watched and stopped."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from leadmgmt.local.processes import LocalServiceFailed, end_of, spawn

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10  # seconds a program may take to finish what it is doing
QUICK = 10  # seconds; a program that lives shorter than this died quickly
TRIES = 5  # quick deaths in a row before we give up


class Part(Protocol):
    """Something the supervisor keeps alive."""

    name: str
    log: Path

    def start(self) -> None:
        """Start it."""

    def has_died(self) -> bool:
        """Tell whether what we started has ended."""

    def stop(self) -> None:
        """Stop it, and wait for its end."""


class Program:
    """A process of our own: web, worker, mail catcher."""

    def __init__(
        self, name: str, command: list[str], *, environment: dict[str, str], log: Path
    ) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, after whatever an earlier one left of itself is gone."""
        self.kill()
        self.process = spawn(
            self.command,
            cwd=ROOT,
            log=self.log,
            environment=self.environment,
            dying_by=signal.SIGTERM,
        )

    def has_died(self) -> bool:
        """Tell whether it has ended without being asked."""
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Wait for its end, then make sure of it."""
        self.ask_to_stop()
        if self.process is not None:
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                print(f"{self.name} did not stop in {PATIENCE} s and is killed")
        self.kill()

    def kill(self) -> None:
        """End it and its children at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Watch:
    """Starts a part again when it dies, and gives up when that does not help."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.started_at = 0.0
        self.quick_deaths = 0

    def start(self) -> None:
        """Start the part, and note when."""
        self.part.start()
        self.started_at = time.monotonic()

    def look(self) -> None:
        """Start the part again if it has died."""
        if not self.part.has_died():
            return
        is_quick = time.monotonic() - self.started_at < QUICK
        self.quick_deaths = self.quick_deaths + 1 if is_quick else 1
        if self.quick_deaths >= TRIES:
            raise LocalServiceFailed(f"{self.part.name} keeps dying. {end_of(self.part.log)}")
        print(f"{self.part.name} has died and is started again: see {self.part.log}", flush=True)
        self.start()
