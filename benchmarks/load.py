"""A small load generator: keep-alive connections in threads, requests made beforehand."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

CHUNK = 65_536


@dataclass
class Load:
    """What came of it: how many requests, how long, each one's duration."""

    requests: int = 0
    elapsed: float = 0.0
    durations: list[float] = field(default_factory=list)
    wrong: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Requests a second over all connections."""
        return self.requests / self.elapsed


class WrongAnswer(Exception):
    """The server did not answer as it should; the figure would mean nothing."""


def request(
    method: str, path: str, *, port: int, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """The bytes of one HTTP/1.1 request."""
    named = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body))} | (headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def run(make: Callable[[int], Sequence[bytes]], *, port: int, connections: int = 8) -> Load:
    """Send what `make(connection)` gives, each connection its own, all at once."""
    batches = [make(number) for number in range(connections)]
    load, lock = Load(), threading.Lock()
    threads = [threading.Thread(target=_drive, args=(batch, port, load, lock)) for batch in batches]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.elapsed = time.perf_counter() - began
    if load.wrong:
        raise WrongAnswer(f"Answers that were not 2xx: {load.wrong}")
    return load


def _drive(batch: Sequence[bytes], port: int, load: Load, lock: threading.Lock) -> None:
    durations: list[float] = []
    wrong: dict[int, int] = {}
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for each in batch:
            began = time.perf_counter()
            connection.sendall(each)
            status = _status_of_answer(connection)
            durations.append(time.perf_counter() - began)
            if not 200 <= status < 300:
                wrong[status] = wrong.get(status, 0) + 1
    with lock:
        load.requests += len(durations)
        load.durations += durations
        for status, count in wrong.items():
            load.wrong[status] = load.wrong.get(status, 0) + count


def _status_of_answer(connection: socket.socket) -> int:
    """Read one answer to its end; its status."""
    received = connection.recv(CHUNK)
    while b"\r\n\r\n" not in received:
        received += connection.recv(CHUNK)
    head, _, body = received.partition(b"\r\n\r\n")
    status, length = int(head[9:12]), _length(head)
    while len(body) < length:
        body += connection.recv(CHUNK)
    return status


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
