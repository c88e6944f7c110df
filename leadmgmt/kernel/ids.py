"""Ids made before their row is written, as the database's own `uuidv7()` makes them."""

import secrets
import time
from uuid import UUID

NANOSECONDS = 1_000_000  # in a millisecond
VERSION, VARIANT = 0x7 << 76, 0b10 << 62


def new_id() -> UUID:
    """A time-ordered identifier: milliseconds, their fraction in 12 bits, 62 bits of chance."""
    milliseconds, rest = divmod(time.time_ns(), NANOSECONDS)
    fraction = (rest << 12) // NANOSECONDS
    moment = milliseconds << 80 | VERSION | fraction << 64
    return UUID(int=moment | VARIANT | secrets.randbits(62))
