"""The SMTP conversation: one connection for many letters, and what became of each.

What matters is to know whether the server may have taken a letter. Until it has been given the
text it has not; after its answer we know; in between, nobody does.
"""

import smtplib
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _

PATIENCE = 20  # seconds we wait for the mail server's answer


class Fate(Enum):
    """What became of a letter."""

    SENT = "sent"
    REFUSED = "refused"  # for good
    PUT_OFF = "put_off"  # try again later
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Outcome:
    """A letter's fate, with the server's words if it was not sent.

    `is_bounce`: it was the recipient's address that was refused for good.
    """

    fate: Fate
    problem: str = ""
    is_bounce: bool = False


class Postman:
    """Hands letters to the mail server, over one connection as long as that holds.

    `is_turned_away`: the server cannot be reached, and asking again at once is no use.
    """

    def __init__(self) -> None:
        self._server = EmailBackend(timeout=PATIENCE)
        self.is_turned_away = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def deliver(self, mail: EmailMultiAlternatives) -> Outcome:
        """Hand over one letter to one recipient; never raises for what the server does."""
        try:
            raw = _as_bytes(mail)
            sender = sanitize_address(mail.from_email, "utf-8")
            recipient = sanitize_address(mail.to[0], "utf-8")
        except (ValueError, IndexError) as problem:  # BadHeaderError, an address that is none
            return Outcome(Fate.REFUSED, str(problem))
        try:
            smtp = self._connected()
        except OSError as problem:  # smtplib's errors are OSErrors
            self.is_turned_away = True
            return Outcome(Fate.PUT_OFF, _("The mail server cannot be reached: %s") % problem)
        return self._address(smtp, sender, recipient) or self._hand_over(smtp, raw)

    def _address(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
        """The envelope; an outcome only if the letter goes no further."""
        try:
            for is_recipient, command, address in (
                (False, smtp.mail, sender),
                (True, smtp.rcpt, recipient),
            ):
                code, words = command(address)
                if code not in (250, 251):
                    self._reset()
                    return _refused(code, words, is_recipient=is_recipient)
        except OSError as problem:
            self._hang_up()
            return Outcome(Fate.PUT_OFF, str(problem))
        return None

    def _hand_over(self, smtp: smtplib.SMTP, raw: bytes) -> Outcome:
        """The moment of truth: from here on the server may have the letter."""
        try:
            code, words = smtp.data(raw)
        except smtplib.SMTPDataError as refusal:  # it did not even want to hear the text
            self._reset()
            return _refused(refusal.smtp_code, refusal.smtp_error)
        except OSError as problem:
            self._hang_up()
            return Outcome(Fate.UNCERTAIN, str(problem) or _("The mail server did not answer."))
        if code == 250:
            return Outcome(Fate.SENT)
        return _refused(code, words)

    def _connected(self) -> smtplib.SMTP:
        is_new = self._server.open()
        smtp: smtplib.SMTP = self._server.connection  # type: ignore[assignment]  # open
        if is_new:
            smtp.ehlo_or_helo_if_needed()
        return smtp

    def _reset(self) -> None:
        """Ready for the next letter after a refusal."""
        try:
            if self._server.connection is not None and self._server.connection.rset()[0] != 250:
                self._hang_up()
        except OSError:
            self._hang_up()

    def _hang_up(self) -> None:
        try:
            self._server.close()
        except OSError:
            self._server.connection = None


def _as_bytes(mail: EmailMultiAlternatives) -> bytes:
    """The mail, its headers unfolded: some readers of List-Unsubscribe stumble over a fold."""
    message = mail.message()
    message.policy = message.policy.clone(max_line_length=998)  # the longest line of RFC 5322
    return message.as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # of SafeMIME


def _refused(code: int, words: bytes | str, *, is_recipient: bool = False) -> Outcome:
    """4xx means later, 5xx means never (RFC 5321, 4.2.1)."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    fate = Fate.PUT_OFF if 400 <= code < 500 else Fate.REFUSED
    return Outcome(fate, f"{code} {said}"[:500], is_recipient and fate is Fate.REFUSED)
