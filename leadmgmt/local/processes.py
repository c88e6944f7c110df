"""Small pieces for starting, finding and stopping processes of this machine."""

import ctypes
import fcntl
import hashlib
import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psutil

# Linux and macOS allow 108 and 104 bytes for a socket's path; the longest name in it is
# ".s.PGSQL.65535".
LONGEST_SOCKET_DIRECTORY = 80
PR_SET_PDEATHSIG = 1
SECONDS_TO_START = 30


class LocalServiceFailed(Exception):
    """A part of the local run time could not start; the sentence says which and why."""


def dying_with_parent(with_signal: int) -> Callable[[], None]:
    """Return what a child calls before exec, to get `with_signal` when its parent is gone.

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


def marked(name: str, value: str) -> list[psutil.Process]:
    """Return the processes, other than this one, that were started with `name=value`."""
    found = psutil.process_iter(["environ"])
    return [
        one
        for one in found
        if (one.info["environ"] or {}).get(name) == value and one.pid != os.getpid()
    ]


def is_working_in(pid: int, directory: Path, name: str) -> bool:
    """Tell whether `pid` is the service of `directory`; a dead one's number may be another's."""
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
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


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
    """Return a private directory for the sockets of `home`, short enough for a socket's path."""
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
    """Hold a lock on `path`, until this process ends at the latest.

    Yields None when somebody else holds it and we do not wait.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(file, mode)
        except BlockingIOError:
            yield None
        else:
            yield file


def spawn(
    command: list[str],
    *,
    cwd: Path,
    log: Path,
    environment: dict[str, str] | None = None,
    user: pwd.struct_passwd | None = None,
    dying_by: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in its own session; with `dying_by` it gets that signal after our end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            **_as(user),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=dying_with_parent(dying_by) if dying_by else None,
        )


def wait_until(
    is_ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path
) -> None:
    """Wait for a started service; when it ends or dawdles, fail with the end of its log."""
    until = time.monotonic() + SECONDS_TO_START
    while not is_ready():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise LocalServiceFailed(f"{name} did not start. {end_of(log)}")
        time.sleep(0.02)


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def end_of(log: Path) -> str:
    """Return the last lines of a log, with its name."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return f"The end of {log}:\n" + "\n".join(lines[-15:])


def run(
    command: list[str],
    *,
    cwd: Path,
    environment: dict[str, str] | None = None,
    user: pwd.struct_passwd | None = None,
) -> None:
    """Run a command to its end; when it fails, fail with what it said."""
    completed = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **_as(user),
    )
    if completed.returncode:
        said = (completed.stderr or completed.stdout).strip()
        raise LocalServiceFailed(f"{command[0]} failed with {completed.returncode}:\n{said}")
