"""From the text of a cell to a value of the right kind, or a sentence why not."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.models import FieldKind

UNKNOWN_WORDS = ("select", "n/a", "na", "null", "none", "unknown", "-", "–", "?", "#n/a")
YES = frozenset({"yes", "y", "true", "t", "1", "x", "on"})
NO = frozenset({"no", "n", "false", "f", "0", "off"})
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?(e[+-]?\d{1,2})?$", re.IGNORECASE)
THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
THOUSANDS_BY_DOT = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+,\d+$")
DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%m/%d/%Y")
LARGEST_NUMBER = 1e15
LONGEST_TEXT = 2_000
LONGEST_CHOICE = 100


class WrongCell(ValueError):
    """A cell that cannot be what its column says; the message ends the sentence about the row."""


def is_unknown(text: str, words: Collection[str]) -> bool:
    """Whether the cell says that nothing is known. `words` are in lower case."""
    return not text or text.lower() in words


def as_number(text: str) -> int | float:
    """`1,234.5`, `1.234,5`, `1234,5`, `12 %` → a number."""
    plain = re.sub(r"[\s\u00a0%]", "", text)
    if THOUSANDS.match(plain):
        plain = plain.replace(",", "")
    elif THOUSANDS_BY_DOT.match(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not NUMBER.match(plain) or abs(number := float(plain)) > LARGEST_NUMBER:
        raise WrongCell(_("is not a number such as 1234.5"))
    return int(number) if number.is_integer() else number


def as_day(text: str) -> date:
    """`2026-03-31`, `31.03.2026`, `31/03/2026` → a day; day before month where both could be."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise WrongCell(_("is not a date such as 2026-03-31"))


def as_yes_no(text: str) -> bool:
    """`Yes`, `true`, `1` → True."""
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise WrongCell(_("is neither yes nor no"))


def as_choice(text: str) -> str:
    """One of a few short words."""
    if len(text) > LONGEST_CHOICE:
        raise WrongCell(_("is longer than %d characters") % LONGEST_CHOICE)
    return text


def as_text(text: str) -> str:
    """Text of a reasonable length."""
    if len(text) > LONGEST_TEXT:
        raise WrongCell(_("is longer than %d characters") % LONGEST_TEXT)
    return text


READERS: dict[str, Callable[[str], Any]] = {
    FieldKind.NUMBER: as_number,
    FieldKind.DATE: lambda text: as_day(text).isoformat(),
    FieldKind.YES_NO: as_yes_no,
    FieldKind.CHOICE: as_choice,
    FieldKind.TEXT: as_text,
}


def fits(kind: str, text: str) -> bool:
    """Whether the cell can be read as this kind of custom field."""
    try:
        READERS[kind](text)
    except WrongCell:
        return False
    return True
