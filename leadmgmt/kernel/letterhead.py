"""The head of a letter to somebody outside: who it says it is from, and how it is told apart."""

from email.utils import formataddr, formatdate, parseaddr
from uuid import UUID

from django.conf import settings


def one_line(text: str) -> str:
    """Fit for a header: no line breaks, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def address_of_firm(name: str) -> str:
    """The firm's name before the address this installation sends from."""
    return formataddr((one_line(name), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def headers_of(id: UUID) -> dict[str, str]:
    """When it was written, and a name that is the same however often it is handed over."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return {"Message-ID": f"<{id}@{domain}>", "Date": formatdate(localtime=False)}
