"""A small load generator: keep-alive connections in threads, requests made beforehand."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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

    def count(self, status: int) -> None:
        """One more request was answered."""
        self.requests += 1
        if not 200 <= status < 300:
            self.wrong[status] = self.wrong.get(status, 0) + 1


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
    _refuse_wrong(load)
    return load


@contextmanager
def streaming(
    make: Callable[[], bytes], *, port: int, per_second: float, connections: int = 8
) -> Iterator[Load]:
    """Send what `make` gives, so many a second as long as we stay inside; what was sent."""
    load, lock, is_over = Load(), threading.Lock(), threading.Event()
    pause = connections / per_second
    streams = [
        threading.Thread(target=_stream, args=(make, port, pause, load, lock, is_over))
        for _ in range(connections)
    ]
    began = time.perf_counter()
    for stream in streams:
        stream.start()
    try:
        yield load
    finally:
        is_over.set()
        for stream in streams:
            stream.join()
        load.elapsed = time.perf_counter() - began
    _refuse_wrong(load)


def send(one: bytes, *, port: int) -> None:
    """Send one request and wait for its answer, which must be a good one."""
    run(lambda _: [one], port=port, connections=1)


def _stream(
    make: Callable[[], bytes],
    port: int,
    pause: float,
    load: Load,
    lock: threading.Lock,
    is_over: threading.Event,
) -> None:
    due = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while not is_over.wait(max(0.0, due - time.perf_counter())):
            connection.sendall(make())
            status = _status_of_answer(connection)
            with lock:
                load.count(status)
            due += pause


def _refuse_wrong(load: Load) -> None:
    if load.wrong:
        raise WrongAnswer(f"Answers that were not 2xx: {load.wrong}")


def _drive(batch: Sequence[bytes], port: int, load: Load, lock: threading.Lock) -> None:
    answers: list[tuple[float, int]] = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for each in batch:
            began = time.perf_counter()
            connection.sendall(each)
            status = _status_of_answer(connection)
            answers.append((time.perf_counter() - began, status))
    with lock:
        for duration, status in answers:
            load.durations.append(duration)
            load.count(status)


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
