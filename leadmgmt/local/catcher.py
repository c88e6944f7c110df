"""The mail catcher: an SMTP server that keeps every message as a file and sends nothing on."""

import asyncio
import signal
import sys
import time
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Writes each message to the directory, the newest with the highest name."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.numbers = count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message with its envelope, which the header does not tell (Bcc, bounces)."""
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        name = f"{time.time_ns():020d}-{next(self.numbers):06d}"
        unfinished = self.directory / f"{name}.part"
        unfinished.write_bytes(head.encode() + content)
        unfinished.rename(self.directory / f"{name}.eml")
        return "250 Kept"


async def catch(port: int, directory: Path) -> None:
    """Serve until told to stop."""
    directory.mkdir(parents=True, exist_ok=True)
    keeper, stop = Keeper(directory), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(keeper, enable_SMTPUTF8=True), host="127.0.0.1", port=port
    )
    async with server:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(catch(int(sys.argv[1]), Path(sys.argv[2])))
