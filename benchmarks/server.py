"""The product's web server with the reference views beside it, and its worker."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from leadmgmt.local import engines
from leadmgmt.local.processes import LocalServiceFailed, end_of, free_port

PATIENCE = 60  # seconds


@contextmanager
def serving() -> Iterator[int]:
    """Serve as `make run` does, on a port of its own; the port."""
    port = free_port()
    web = engines.web(_environment(), engines.local_directory(), "127.0.0.1", port)
    web.start()
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            if web.has_died() or time.monotonic() > until:
                raise LocalServiceFailed(f"The web server did not start. {end_of(web.log)}")
            time.sleep(0.1)
        yield port
    finally:
        web.stop()


@contextmanager
def working() -> Iterator[None]:
    """Do what waits in the outbox as `make run` does: a worker, with the beat inside it."""
    worker = engines.worker(_environment(), engines.local_directory())
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def _environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/bench/noop")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
