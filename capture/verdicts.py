"""Is an answer to a form meant? A verdict with its reason; the answer is kept either way."""

import re
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from capture.machines import is_machine
from capture.models import Verdict

FASTEST = 1.0  # seconds a person needs for the shortest form
MOST_PER_MINUTE = 10  # answers of one address to one form
MOST_LINKS = 3
SALT = "capture.form"
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Circumstances:
    """How an answer came in. `seconds` since the form was opened; None when it was not ours."""

    trap: str
    seconds: float | None
    is_stamp_forged: bool
    user_agent: str
    knocks: int


def stamp_for(form_token: str, opened: float) -> str:
    """A signed note in the form: when it was opened, and a name for this one answer."""
    return signing.dumps([get_random_string(16), opened], salt=SALT + form_token)


def read_stamp(form_token: str, stamp: str, now: float) -> tuple[str, float]:
    """The answer's name and the seconds since the form was opened; raises BadSignature."""
    name, opened = signing.loads(stamp, salt=SALT + form_token)
    return str(name), now - float(opened)


def verdict_on(values: dict[str, Any], how: Circumstances) -> tuple[Verdict, str]:
    """Accepted, or spam and why in one sentence."""
    reason = _suspicion(values, how)
    return (Verdict.SPAM, reason) if reason else (Verdict.ACCEPTED, "")


def _suspicion(values: dict[str, Any], how: Circumstances) -> str:
    if how.trap:
        return _("A field that people cannot see was filled in.")
    if how.is_stamp_forged:
        return _("The form's signature was altered, or belongs to another form.")
    if how.seconds is not None and how.seconds < FASTEST:
        return _("Sent %.1f seconds after the form was opened.") % how.seconds
    if is_machine(how.user_agent):
        return _("Sent by a program, not by a browser.")
    if how.knocks > MOST_PER_MINUTE:
        return _("More than %d answers within a minute from one address.") % MOST_PER_MINUTE
    if sum(len(LINK.findall(str(value))) for value in values.values()) > MOST_LINKS:
        return _("More than %d links in one answer.") % MOST_LINKS
    return ""
