"""Workers that die: forks of one prepared process, each drains the outbox and may kill itself.

Run as a program it reads a line per worker: `0` drains to the end, `n` dies by SIGKILL at the n-th
moment (before each statement, before and after each commit), `together k` runs k to their end at
once. It answers with the exit codes.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class Workers:
    """The prepared process, seen from the test."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def drain(self, dies_at: int = 0) -> bool:
        """Drain in a process of its own; did it live to the end?"""
        return self._answer(str(dies_at)) == ["0"]

    def drain_together(self, count: int) -> bool:
        """Drain in several processes at once; did all live?"""
        return self._answer(f"together {count}") == ["0"] * count

    def _answer(self, line: str) -> list[str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()


@contextmanager
def workers(reacting: str = "tests.kernel.reacting") -> Iterator[Workers]:
    """Prepare the process; it has the addresses of this test's servers in its environment.

    `reacting`: the module whose TABLE says who reacts; its `work`, if it has one, is what they do.
    """
    command = [sys.executable, "-m", "tests.kernel.mortal", reacting]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Workers(process)
        finally:
            process.kill()


def _work_and_die(work: Callable[[], object], dies_at: int) -> None:
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper

    moment = 0

    def pass_moment() -> None:
        nonlocal moment
        moment += 1
        if moment == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        pass_moment()
        return execute(*args)

    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

    def commit_between_moments(self: Any) -> None:
        pass_moment()
        commit(self)
        pass_moment()

    BaseDatabaseWrapper._commit = commit_between_moments  # type: ignore[attr-defined]
    with connection.execute_wrapper(statement):
        work()


def _fork(work: Callable[[], object], dies_at: int) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _work_and_die(work, dies_at)
        code = 0
    finally:
        os._exit(code)


def _exit_code(child: int) -> str:
    _, status = os.waitpid(child, 0)
    return str(os.waitstatus_to_exitcode(status))


def main() -> None:
    """Serve lines until there are no more."""
    import django

    django.setup()
    from leadmgmt.kernel import events
    from leadmgmt.kernel.drain import drain

    reacting = import_module(sys.argv[1])
    events.bind(reacting.TABLE)
    work = getattr(reacting, "work", drain)
    for line in sys.stdin:
        together, _, number = line.rpartition(" ")
        moments = [0] * int(number) if together else [int(number)]
        children = [_fork(work, each) for each in moments]
        sys.stdout.write(" ".join(_exit_code(child) for child in children) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
