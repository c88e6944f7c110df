"""A run of two small parts, a real Redis and a sleeper, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

SLEEP = "import time; time.sleep(600)"
SMALL_RUN = """
import sys
from leadmgmt.local import run
from leadmgmt.local.engines import MARK
from leadmgmt.local.parts import Program
from leadmgmt.local.redis import Redis

def start(supervisor, local):
    redis = Redis(local / "redis")
    redis.stop()
    supervisor.add(redis)
    command = [sys.executable, "-c", sys.argv[1]]
    log = local / "log" / "sleeper.log"
    supervisor.add(Program("sleeper", command, environment={MARK: str(local)}, log=log))
    return "http://127.0.0.1:1"

sys.exit(run.main(start))
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")


class Run:
    """A started run and what it said so far."""

    def __init__(self, local: Path, code: str = SLEEP) -> None:
        self.output = local / f"output-{time.monotonic_ns()}"
        environment = {
            **{name: value for name, value in os.environ.items() if name != "MAKELEVEL"},
            "LOCAL_DIR": str(local),
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SMALL_RUN, code],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str) -> "Run":
        wait_until(lambda: words in self.said)
        return self

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until, "this took too long"
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Start runs in one directory; end what a test leaves."""
    runs: list[Run] = []

    def start(code: str = SLEEP) -> Run:
        runs.append(Run(tmp_path, code))
        return runs[-1]

    yield start
    for run in runs:
        run.process.terminate()
        run.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_it_started(start: Callable[..., Run], number: int) -> None:
    run = start().wait_for("Ready")
    children = run.children()
    assert {child.name().split("-")[0] for child in children} >= {"redis"}
    assert len(children) == 2
    run.process.send_signal(number)
    assert run.process.wait(60) == 0
    assert not any(child.is_running() for child in children)


@linux_only
def test_a_killed_run_takes_its_parts_along_and_another_can_start(
    start: Callable[..., Run],
) -> None:
    run = start().wait_for("Ready")
    children = run.children()
    run.process.kill()
    start().wait_for("Ready")
    wait_until(lambda: not any(child.is_running() for child in children))


def test_a_second_run_is_told_where_the_first_is(start: Callable[..., Run]) -> None:
    first = start().wait_for("Ready")
    wait_until(lambda: (first.output.parent / "run.lock").stat().st_size > 0)
    second = start()
    assert second.process.wait(60) == 1
    said = f"Already running at http://127.0.0.1:1 (process {first.process.pid})"
    assert said in second.said


def test_a_part_that_dies_is_started_again(start: Callable[..., Run]) -> None:
    run = start().wait_for("Ready")
    before = {child.pid for child in run.children()}
    for child in run.children():
        child.kill()
    run.wait_for("sleeper has died and is started again").wait_for("Redis has died")
    wait_until(lambda: len({child.pid for child in run.children()} - before) == 2)


def test_a_part_that_keeps_dying_ends_the_run_with_its_last_words(
    start: Callable[..., Run],
) -> None:
    run = start("raise SystemExit('no such module')")
    assert run.process.wait(60) == 1
    assert "sleeper keeps dying" in run.said
    assert "no such module" in run.said
