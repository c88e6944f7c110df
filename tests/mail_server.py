"""A mail server for the tests: a real SMTP conversation on a port of its own."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.sinks import Sink


@pytest.fixture(scope="session")
def mail_server() -> Iterator[tuple[Controller, Any]]:
    """One server for the session; `sink` empties it for each test."""

    class Handler:
        sink = Sink()

        async def handle_RCPT(self, *args: Any) -> str:  # noqa: N802
            return await self.sink.handle_RCPT(*args)

        async def handle_DATA(self, *args: Any) -> str:  # noqa: N802
            return await self.sink.handle_DATA(*args)

    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield controller, handler
    controller.stop()


@pytest.fixture
def sink(mail_server: tuple[Controller, Any], settings: Any) -> Sink:
    """The mail server, empty and friendly."""
    controller, handler = mail_server
    handler.sink = Sink()
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "No reply <no-reply@mail.example>"
    return handler.sink


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
