"""A mail server's inside: takes letters and keeps them."""

import asyncio
import email
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from typing import Any


class Sink:
    """Takes every letter, unless a test gives it another answer for a recipient."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.rcpt: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.on_letter: Callable[[str], None] = lambda recipient: None

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Say yes, or what the test has put down for this address."""
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the letter."""
        recipient = envelope.rcpt_tos[0]
        if self.data.get(recipient) == "hang up":
            self.recipients.append(recipient)
            server.transport.abort()
            return "250 never heard"
        if recipient in self.data:
            return self.data[recipient]
        letter = email.message_from_bytes(envelope.content, policy=default)
        self.letters.append(letter)
        self.recipients.append(recipient)
        await asyncio.to_thread(self.on_letter, recipient)
        return "250 OK"

    @property
    def twice(self) -> list[tuple[str, str]]:
        """Who got which subject more than once."""
        got = Counter((each["To"], each["Subject"]) for each in self.letters)
        return [pair for pair, count in got.items() if count > 1]
