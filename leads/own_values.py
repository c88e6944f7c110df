"""What a custom field may hold: one way to write each kind, whichever door a value comes through.

Functions here take what files, forms and integrations send and give what we store in `attributes`
(see FieldKind), or raise `WrongValue` with the field, the value and what is allowed.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from leadmgmt.workspaces.models import Member
from leads.models import CustomField, FieldKind, Subject
from leads.normalising import WrongValue

LONGEST = 2_000
MOST_ANSWERS = 200
LARGEST = 10**15
TOLD = 20  # answers named in a refusal
LINK = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
YES, NO = ("true", "yes", "1"), ("false", "no", "0")


class OwnFields:
    """The workspace's own fields of leads or of companies; the database is asked when needed."""

    def __init__(self, subject: str) -> None:
        self.subject = subject

    @cached_property
    def by_key(self) -> Mapping[str, CustomField]:
        """Also those retired: what leads have in them still has to fit when they come back."""
        return {each.key: each for each in CustomField.objects.filter(subject=self.subject)}

    @cached_property
    def members(self) -> frozenset[str]:
        """Ids of members who have not left."""
        present = Member.objects.present()
        return frozenset(map(str, present.values_list("id", flat=True)))

    def stored(self, key: str, value: Any) -> Any:
        """The value as `attributes` hold it; of a key nobody has made a field for, as it is."""
        field = self.by_key.get(key)
        if field is None or is_blank(value):
            return value
        return READERS[field.kind](value, field, self)


def is_blank(value: Any) -> bool:
    """Empty text, an empty list and nothing all mean unknown."""
    return value is None or value in ("", [])


def _refused(value: Any, field: CustomField, allowed: str) -> WrongValue:
    told = {"field": field.label, "value": str(value)[:80], "allowed": allowed}
    sentence = _("“%(field)s” cannot be “%(value)s”; allowed is %(allowed)s.")
    return WrongValue(sentence % told, field=f"attributes.{field.key}")


def _text(value: Any, field: CustomField, own: OwnFields) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = str(value) if is_number else value
    if not isinstance(text, str) or len(text) > LONGEST:
        raise _refused(value, field, _("a text of up to %d characters") % LONGEST)
    return text.strip()


def _number(value: Any, field: CustomField, own: OwnFields) -> int | float:
    number = _as_number(value)
    if number is None or not isfinite(number) or abs(number) > LARGEST:
        raise _refused(value, field, _("a number such as 12 or 12.5"))
    return int(number) if number == int(number) else number


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _money(value: Any, field: CustomField, own: OwnFields) -> int:
    allowed = _("a whole number of the currency's smallest unit, such as 1250 for 12.50")
    try:
        amount = _number(value, field, own)
    except WrongValue:
        amount = 0.5
    if not isinstance(amount, int):
        raise _refused(value, field, allowed)
    return amount


def _date(value: Any, field: CustomField, own: OwnFields) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise _refused(value, field, _("a day such as 2026-01-31")) from None


def _choice(value: Any, field: CustomField, own: OwnFields) -> str:
    """An answer as the field spells it."""
    known = {str(each).casefold(): str(each) for each in field.choices}
    spelled = known.get(value.strip().casefold()) if isinstance(value, str) else None
    if spelled is None:
        told = ", ".join(f"“{each}”" for each in field.choices[:TOLD])
        more = "…" if len(field.choices) > TOLD else ""
        raise _refused(value, field, _("one of %s") % (told + more))
    return spelled


def _choices(value: Any, field: CustomField, own: OwnFields) -> list[str]:
    """Each answer once, in the order the field offers them."""
    said = [value] if isinstance(value, str) else value
    if not isinstance(said, list) or len(said) > MOST_ANSWERS:
        raise _refused(value, field, _("a list of up to %d answers") % MOST_ANSWERS)
    given = {_choice(each, field, own) for each in said}
    return [str(each) for each in field.choices if each in given]


def _yes_no(value: Any, field: CustomField, own: OwnFields) -> bool:
    word = str(value).strip().lower()
    if word not in (*YES, *NO):
        raise _refused(value, field, _("true or false"))
    return word in YES


def _link(value: Any, field: CustomField, own: OwnFields) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > LONGEST or not LINK.fullmatch(text):
        raise _refused(value, field, _("an address of the web such as https://example.com"))
    return text


def _person(value: Any, field: CustomField, own: OwnFields) -> str:
    if str(value).lower() not in own.members:
        raise _refused(value, field, _("the id of a member who has not left"))
    return str(value).lower()


READERS: Mapping[str, Callable[[Any, CustomField, OwnFields], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.YES_NO: _yes_no,
    FieldKind.LINK: _link,
    FieldKind.PERSON: _person,
}


def for_leads() -> OwnFields:
    """Those of leads."""
    return OwnFields(Subject.LEAD)


def for_companies() -> OwnFields:
    """Those of companies."""
    return OwnFields(Subject.COMPANY)
