"""Strict reading of what strangers send: size, depth, and text the database cannot hold."""

import re
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal

DEEPEST = 32
LARGEST = 2**63
# An escape that may stand for NUL or for half a character; a closer look decides.
SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class UnreadableInput(Refusal):
    """What was sent is not what we can read; the sentence says where."""

    status = 400


def read_json(body: bytes, *, most_bytes: int) -> Any:
    """The value in `body`, with nothing in it that the database would choke on."""
    if len(body) > most_bytes:
        raise UnreadableInput(
            _("The body has %(size)d bytes; at most %(most)d are allowed.")
            % {"size": len(body), "most": most_bytes}
        )
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise UnreadableInput(_("The body is not valid JSON: %s.") % str(problem)) from problem
    refuse_unfit(value)
    return value


def refuse_unfit(value: Any, *, depth: int = 0) -> None:
    """Refuse NUL characters, half characters, huge numbers and bottomless nesting."""
    if isinstance(value, str):
        refuse_unfit_text(value)
    elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
        raise UnreadableInput(_("A number is too large; whole numbers have up to 63 bits."))
    elif isinstance(value, dict | list):
        if depth >= DEEPEST:
            raise UnreadableInput(_("The data is nested deeper than %d levels.") % DEEPEST)
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        for part in parts:
            refuse_unfit(part, depth=depth + 1)


def refuse_unfit_text(text: str, *, field: str = "") -> None:
    """Refuse what PostgreSQL cannot store: the NUL character and halves of characters."""
    if "\0" in text:
        raise UnreadableInput(_("The text contains a NUL character; remove it."), field=field)
    try:
        text.encode()
    except UnicodeEncodeError:
        sentence = _("The text contains half a character (a lone surrogate); remove it.")
        raise UnreadableInput(sentence, field=field) from None


def as_jsonb(rows: Any) -> str:
    """`rows` as the text of a jsonb parameter; refuses what jsonb cannot hold."""
    try:
        text = msgspec.json.encode(rows).decode()
    except (UnicodeEncodeError, OverflowError, ValueError) as problem:
        raise UnreadableInput(_("The data cannot be stored: %s.") % str(problem)) from problem
    if SUSPECT.search(text):
        _look_closer(text)
    return text


def _look_closer(text: str) -> None:
    try:
        refuse_unfit(msgspec.json.decode(text), depth=-3)  # rows in a list, values in a column
    except msgspec.MsgspecError as problem:
        raise UnreadableInput(_("The data cannot be stored: %s.") % str(problem)) from problem


def whole_number(text: str, *, most: int) -> int | None:
    """The number that plain digits say, from 0 to `most`; None for whatever else is written."""
    if not text.isascii() or not text.isdigit():
        return None
    digits = text.lstrip("0") or "0"
    number = int(digits) if len(digits) <= len(str(most)) else most + 1
    return number if number <= most else None
