"""Small pieces for starting, finding and stopping processes of this machine."""

import ctypes
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil

# Linux and macOS allow 108 and 104 bytes for the whole path of a socket; the longest name in it is ".s.PGSQL.65535".
LONGEST_SOCKET_DIRECTORY = 80
PR_SET_PDEATHSIG = 1


class LocalServiceFailed(Exception):
    """A part of the local run time could not start; the sentence says which and why."""


def dying_with_parent(with_signal: int) -> Callable[[], None]:
    """Return what a child calls before exec so that the kernel sends it `with_signal` when its parent is gone.

    Only Linux can do it. Elsewhere what a killed parent left is found and stopped by the next run.
    """
    parent = os.getpid()
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, with_signal)
        if os.getppid() != parent:  # the parent died between fork and here
            os.kill(os.getpid(), with_signal)

    return ask_kernel


def working_in(directory: Path, name: str) -> list[psutil.Process]:
    """Return the processes called `name…` whose working directory is `directory`."""
    return [process for process in psutil.process_iter() if _is_in(process, directory, name)]


def is_working_in(pid: int, directory: Path, name: str) -> bool:
    """Tell whether `pid` is still the service of `directory`; after a crash the number may be somebody else's."""
    return psutil.pid_exists(pid) and _is_in(psutil.Process(pid), directory, name)


def _is_in(process: psutil.Process, directory: Path, name: str) -> bool:
    try:
        return process.name().startswith(name) and Path(process.cwd()) == directory
    except (psutil.Error, OSError):
        return False


def stop_all(
    found: list[psutil.Process], with_signal: int = signal.SIGTERM, *, patience: float = 10
) -> None:
    """Ask every process to stop, wait, then kill what is still there."""
    for process in found:
        _send(process, with_signal)
    _, stubborn = psutil.wait_procs(found, timeout=patience)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=5)


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        pass


def free_port(preferred: int = 0) -> int:
    """Return `preferred` when it can be bound on 127.0.0.1, else a port the system picks."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except (OSError, OverflowError):
            return free_port()
        return int(probe.getsockname()[1])


def socket_directory(home: Path) -> Path:
    """Return a private directory for the sockets of the service living in `home`, short enough for a socket path."""
    directory = home / "socket"
    if len(os.fsencode(directory)) > LONGEST_SOCKET_DIRECTORY:
        key = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        directory = Path(tempfile.gettempdir()) / f"leadmgmt-{os.getuid()}-{key}"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_mode & 0o077:
        raise LocalServiceFailed(
            f"{directory} must be a directory only its owner can enter; remove it and start again."
        )
    return directory


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[IO[str] | None]:
    """Hold a lock on `path`; yield None when somebody else holds it and we do not wait. It ends with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(file, mode)
        except BlockingIOError:
            yield None
        else:
            yield file


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log, for the message of a failure."""
    return (
        "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
        if path.exists()
        else "(no log)"
    )


def last_words(command: list[str], completed: subprocess.CompletedProcess[str]) -> str:
    """Return one sentence about a command that failed, with what it said."""
    return f"{command[0]} failed with code {completed.returncode}:\n{(completed.stderr or completed.stdout).strip()}"
