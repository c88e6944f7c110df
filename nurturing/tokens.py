"""Tokens in the public addresses of a message: signed, so that none can be guessed or altered.

A token is workspace, message and link number with 144 bits of HMAC, one kind for each purpose.
It names the workspace itself, so no look-up has to step past row security, and the database
holds nothing that could be used as one.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

SIGNATURE = 18  # bytes; 51 with the rest, which base64 writes without a spare bit to alter
SIZE = 16 + 16 + 1 + SIGNATURE


class Purpose(Enum):
    """What a token lets its bearer do."""

    OPEN = "o"
    CLICK = "l"
    UNSUBSCRIBE = "u"


@dataclass(frozen=True)
class Subject:
    """What a token is about; `link` is 0 but in clicks."""

    workspace_id: UUID
    message_id: UUID
    link: int = 0


def token_for(purpose: Purpose, subject: Subject) -> str:
    """The token, 68 characters that may stand in an address."""
    what = subject.workspace_id.bytes + subject.message_id.bytes + bytes([subject.link])
    return urlsafe_b64encode(what + next(_signatures(purpose, what))).decode()


def subject_of(purpose: Purpose, token: str) -> Subject | None:
    """What `token` is about; None unless we made exactly this one for this purpose."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return None
    if len(raw) != SIZE or urlsafe_b64encode(raw).decode() != token:
        return None
    what, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
    if not any(hmac.compare_digest(signature, each) for each in _signatures(purpose, what)):
        return None
    return Subject(UUID(bytes=what[:16]), UUID(bytes=what[16:32]), what[32])


def _signatures(purpose: Purpose, what: bytes) -> Iterator[bytes]:
    """With the present secret first; letters outlive its rotation."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        signed = salted_hmac(f"nurturing.{purpose.name}", what, secret=secret, algorithm="sha256")
        yield signed.digest()[:SIGNATURE]
