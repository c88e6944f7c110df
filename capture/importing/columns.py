"""What the columns of a file seem to be: header, samples, and where they should go."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from capture.importing.synonyms import BY_SYNONYM, plain_word
from capture.importing.targets import IDENTITIES, NEW, Custom, is_new
from capture.importing.values import (
    DMY,
    MDY,
    fits,
    fraction_sign,
    is_in_doubt,
    is_unknown,
    orders_of,
)
from leads.models import FieldKind

FEWEST_FOR_CHOICE = 50  # known values before a column counts as a choice
MOST_CHOICES = 30
REMEMBERED = 500  # distinct values of a column we keep while looking
GUESSED = (FieldKind.NUMBER, FieldKind.YES_NO, FieldKind.DATE)
SHAPES = {
    "email": re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]{2,}"),
    "phone": re.compile(r"(?=(?:\D*\d){7,15}\D*$)(\+|\(|00|0\d)[\d\s()./-]+(x\d+)?"),
    "company_website": re.compile(r"(https?://|www\.)\S+\.\S+", re.IGNORECASE),
}
ENOUGH = 0.8  # of the values of a column must look like an email to call it one
# Columns our own file of rows left out has beside those of the original.
ROW_LEFT_OUT, REASON_LEFT_OUT = "Row left out", "Reason left out"


@dataclass
class Look:
    """What has been seen of one column so far."""

    header: str
    known: int = 0
    values: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=lambda: {str(kind) for kind in GUESSED})
    orders: set[str] = field(default_factory=lambda: {DMY, MDY})
    in_doubt: str = ""  # a date that could be read both ways
    signs: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)

    def see(self, text: str) -> None:
        """One more known value."""
        self.known += 1
        if text in self.values:
            self.values[text] += 1
            return
        if len(self.values) < REMEMBERED:
            self.values[text] = 1
            self.shapes.update(name for name, shape in SHAPES.items() if shape.fullmatch(text))
        if self.kinds:
            self._narrow(text)

    def _narrow(self, text: str) -> None:
        self.kinds = {kind for kind in self.kinds if fits(kind, text)}
        if FieldKind.DATE in self.kinds:
            self.orders &= orders_of(text)
            self.in_doubt = self.in_doubt or (text if is_in_doubt(text) else "")
        if FieldKind.NUMBER in self.kinds and (sign := fraction_sign(text)):
            self.signs[sign] += 1

    @property
    def kind(self) -> str:
        """The likeliest kind of custom field."""
        if not self.known:
            return FieldKind.TEXT
        if FieldKind.YES_NO in self.kinds and not self._is_all_digits():
            return FieldKind.YES_NO
        for kind in (FieldKind.NUMBER, FieldKind.DATE):
            if kind in self.kinds:
                return kind
        if self.shape == "company_website":
            return FieldKind.LINK
        is_choice = self.known >= FEWEST_FOR_CHOICE and len(self.values) <= MOST_CHOICES
        return FieldKind.CHOICE if is_choice else FieldKind.TEXT

    @property
    def shape(self) -> str:
        """What most of its values look like, whatever its name says; "" when like nothing."""
        name, count = max(self.shapes.items(), key=lambda seen: seen[1], default=("", 0))
        return name if count >= ENOUGH * max(len(self.values), 1) else ""

    @property
    def date_order(self) -> str:
        """dmy, mdy, "both" when somebody must say it, "" when no date of it could be doubted."""
        if FieldKind.DATE not in self.kinds or (len(self.orders) == 2 and not self.in_doubt):
            return ""
        return next(iter(self.orders)) if len(self.orders) == 1 else "both"

    def _is_all_digits(self) -> bool:
        """0 and 1 may count something; yes and no do not."""
        return all(value.isdigit() for value in self.values)


def headers_of(cells: Iterable[str]) -> list[str]:
    """Headers without surplus spaces; a repeated one gets a number, so that each is one name."""
    seen: Counter[str] = Counter()
    headers = []
    for cell in cells:
        header = " ".join(cell.replace("\x00", "").split())[:200]
        seen[header.lower()] += 1
        count = seen[header.lower()]
        headers.append(f"{header} ({count})" if header and count > 1 else header)
    return headers


def look_at(looks: list[Look], cells: list[str], unknown: Collection[str]) -> None:
    """Take one row into account."""
    for look, cell in zip(looks, cells, strict=False):
        text = cell.strip()
        if not is_unknown(text, unknown):
            look.see(text)


def described(looks: list[Look]) -> list[dict[str, Any]]:
    """The columns as an import stores them; a nameless one without values is nothing."""
    return [
        {
            "header": look.header or (_("Column %d") % number if look.known else ""),
            "samples": [value[:80] for value, _count in look.values.most_common(3)],
            "kind": str(look.kind),
            "known": look.known,
            "shape": look.shape,
            "date_order": look.date_order,
            "in_doubt": look.in_doubt[:40],
            "decimal": max(look.signs, key=lambda sign: look.signs[sign], default=""),
        }
        for number, look in enumerate(looks, start=1)
    ]


def suggested(columns: list[dict[str, Any]], custom: Custom) -> list[str]:
    """Where each column should go; no two into the same place."""
    by_label = {plain_word(each.label): target for target, each in custom.items()}
    named = [_by_name(column, by_label) for column in columns]
    taken: set[str] = set()
    targets = []
    for column, target in zip(columns, named, strict=True):
        target = target or _by_shape(column, taken | set(named))
        if target in taken:
            target = f"{NEW}{column['kind']}"
        if not is_new(target):
            taken.add(target)
        targets.append(target if column["header"] and not is_ours(column["header"]) else "")
    return targets


def is_ours(header: str) -> bool:
    """Whether the column was added by our own file of rows left out."""
    return header in (ROW_LEFT_OUT, REASON_LEFT_OUT)


def identity_of(mapping: Collection[str]) -> str:
    """What probably tells the people of this file apart.

    Ids of somebody else's database do not make people we know by email strangers.
    """
    if "external_id" in mapping:
        return ""
    return next((each for each in IDENTITIES if each in mapping), "")


def _by_name(column: dict[str, Any], by_label: dict[str, str]) -> str:
    word = plain_word(column["header"])
    return by_label.get(word) or BY_SYNONYM.get(word, "")


def _by_shape(column: dict[str, Any], taken: Collection[str]) -> str:
    """An unknown name: its values tell, else it becomes a field of its own."""
    shape = str(column.get("shape", ""))
    if shape and shape not in taken:
        return shape
    return f"{NEW}{column['kind']}" if column["known"] else ""
