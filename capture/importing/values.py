"""From the text of a cell to a value of the right kind, or a sentence why not."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from leads.models import FieldKind

UNKNOWN_WORDS = (
    "select", "n/a", "na", "null", "none", "unknown", "-", "–", "—", "?", "#n/a",
    "нет данных", "н/д", "немає даних", "άγνωστο",
)  # fmt: skip
YES = frozenset(
    ["yes", "y", "true", "t", "1", "x", "on", "да", "так", "ναι", "ja", "oui", "✓", "✔", "истина"]
)
NO = frozenset(["no", "n", "false", "f", "0", "off", "нет", "ні", "όχι", "nein", "non", "ложь"])
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d{1,2})?", re.IGNORECASE)
GROUPED = {".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
           ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")}  # fmt: skip
UNSURE = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")  # a thousand, or a fraction of three digits
SPACE = re.compile(r"[\s\u00a0\u202f'%]")
DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:,?[ T].*)?")
YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[ T].*)?")
DMY, MDY = "dmy", "mdy"
PIVOT = 70  # 69 is 2069, 70 is 1970
LARGEST_NUMBER = 1e15
LONGEST_TEXT = 2_000
LONGEST_CHOICE = 100
MOST_WORDS = 30
CURRENCY = re.compile(r"[€$£₴₽]|\b(?:eur|usd|gbp|uah|rub|chf)\b", re.IGNORECASE)


class WrongCell(ValueError):
    """A cell that cannot be what its column says; the message ends the sentence about the row."""


@dataclass(frozen=True)
class Manner:
    """How the cells of one column are written.

    `date_order`: whether 03/04/2026 is in April (dmy) or in March (mdy). `decimal`: what parts a
    number from its fraction. `members`: what people call a member, in lower case → id.
    """

    date_order: str = DMY
    decimal: str = "."
    digits: int = 2  # of the currency's minor unit
    members: Mapping[str, str] = field(default_factory=dict)


STANDARD = Manner()


def is_unknown(text: str, words: Collection[str]) -> bool:
    """Whether the cell says that nothing is known. `words` are in lower case."""
    return not text or text.lower() in words


def as_number(text: str, manner: Manner = STANDARD) -> int | float:
    """`1,234.5`, `1.234,5`, `1234,5`, `12 %` → a number."""
    plain = SPACE.sub("", text)
    sign = fraction_sign(plain) or manner.decimal
    groups = "," if sign == "." else "."
    if groups in plain and not GROUPED[sign].fullmatch(plain):
        raise WrongCell(_("is not a number such as 1234.5"))
    plain = plain.replace(groups, "").replace(",", ".")
    if not NUMBER.fullmatch(plain) or abs(number := float(plain)) > LARGEST_NUMBER:
        raise WrongCell(_("is not a number such as 1234.5"))
    return int(number) if number.is_integer() else number


def fraction_sign(text: str) -> str:
    """What parts this number from its fraction, if the number tells: `1.234,5` does."""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0 or UNSURE.fullmatch(text):
        return ""
    sign = text[last]
    return sign if text.count(sign) == 1 else "," if sign == "." else "."


def as_money(text: str, manner: Manner) -> int:
    """`1.234,50 €` → whole minor units."""
    amount = as_number(CURRENCY.sub("", text), manner)
    return round(amount * 10**manner.digits)


def as_day(text: str, order: str = DMY) -> date:
    """`2026-03-31`, `31.03.2026`, `31/03/2026` or, as `order` says, `03/31/2026` → a day."""
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := DAY.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        day, month = (second, first) if order == MDY and found[2] != "." else (first, second)
        year = int(found[4]) + (
            0 if len(found[4]) == 4 else 2000 if int(found[4]) < PIVOT else 1900
        )
    else:
        raise WrongCell(_("is not a date such as 2026-03-31"))
    try:
        return date(year, month, day)
    except ValueError:
        raise WrongCell(_("is not a date such as 2026-03-31")) from None


def orders_of(text: str) -> frozenset[str]:
    """In which orders of day and month the cell is a date; both where nothing tells."""
    found = DAY.fullmatch(text)
    if not found or found[2] == ".":
        return frozenset({DMY, MDY})
    first, second = int(found[1]), int(found[3])
    orders = {order for order, month in ((DMY, second), (MDY, first)) if month <= 12}
    return frozenset(orders)


def is_in_doubt(text: str) -> bool:
    """Whether day and month of this date could be either way round."""
    found = DAY.fullmatch(text)
    return bool(found and found[2] != "." and found[1].lstrip("0") != found[3].lstrip("0"))


def as_yes_no(text: str) -> bool:
    """`Yes`, `true`, `1`, `да` → True."""
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


def as_words(text: str) -> list[str]:
    """`red; green` → words, once each: tags, or several answers."""
    parts = [" ".join(part.split()) for part in re.split(r"[;,|\n]", text)]
    words = list(dict.fromkeys(as_choice(part) for part in parts if part))
    if len(words) > MOST_WORDS:
        raise WrongCell(_("has more than %d words") % MOST_WORDS)
    return words


def as_text(text: str) -> str:
    """Text of a reasonable length."""
    if len(text) > LONGEST_TEXT:
        raise WrongCell(_("is longer than %d characters") % LONGEST_TEXT)
    return text


def as_link(text: str) -> str:
    """An address of the web; `example.com` is taken for https."""
    link = text if "://" in text else f"https://{text}"
    if not re.fullmatch(r"https?://[^\s/?#@]+\.[^\s/?#@.]{2,}([/?#]\S*)?", link, re.IGNORECASE):
        raise WrongCell(_("is not an address such as https://example.com"))
    return as_text(link)


def as_count(text: str, manner: Manner) -> int:
    """A whole number of people."""
    number = as_number(text, manner)
    if not isinstance(number, int) or not 0 <= number < 2**31:
        raise WrongCell(_("is not a whole number of people"))
    return number


def as_member(text: str, manner: Manner) -> str:
    """A member of the workspace, by email or name."""
    if text.lower() not in manner.members:
        raise WrongCell(_("is no member of the workspace"))
    return manner.members[text.lower()]


READERS: dict[str, Callable[[str, Manner], Any]] = {
    FieldKind.NUMBER: as_number,
    FieldKind.MONEY: as_money,
    FieldKind.DATE: lambda text, manner: as_day(text, manner.date_order).isoformat(),
    FieldKind.YES_NO: lambda text, manner: as_yes_no(text),
    FieldKind.CHOICE: lambda text, manner: as_choice(text),
    FieldKind.CHOICES: lambda text, manner: as_words(text),
    FieldKind.LINK: lambda text, manner: as_link(text),
    FieldKind.PERSON: as_member,
    FieldKind.TEXT: lambda text, manner: as_text(text),
}


def fits(kind: str, text: str) -> bool:
    """Whether the cell can be read as this kind of custom field, in some manner."""
    try:
        if kind == FieldKind.DATE:
            return any(as_day(text, order) for order in orders_of(text))
        READERS[kind](text, STANDARD)
    except WrongCell:
        return False
    return True
