"""What the columns of a file seem to be: header, samples, and where they should go."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capture.importing.values import fits, is_unknown
from leads.models import CustomField, FieldKind

ATTRIBUTE = "attributes."
NEW = "new:"
IDENTITIES = ("external_id", "email", "phone")
TARGETS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "external_id": gettext_lazy("External id"),
    "company_name": gettext_lazy("Company"),
    "job_title": gettext_lazy("Job title"),
    "country": gettext_lazy("Country"),
    "city": gettext_lazy("City"),
    "source": gettext_lazy("Source"),
    "medium": gettext_lazy("Medium"),
    "do_not_email": gettext_lazy("Do not email"),
    "do_not_call": gettext_lazy("Do not call"),
    "first_seen_at": gettext_lazy("First seen on"),
}
SYNONYMS = {
    "name": "name fullname contact contactname person lead leadname",
    "first_name": "firstname givenname forename vorname",
    "last_name": "lastname surname familyname nachname",
    "email": "email emailaddress mail workemail businessemail emailid contactemail",
    "phone": "phone phonenumber telephone tel mobile mobilephone cell cellphone workphone",
    "external_id": "externalid id prospectid leadid contactid customerid recordid crmid uuid",
    "company_name": "company companyname organisation organization account accountname firm "
    "employer business",
    "job_title": "jobtitle title position role",
    "country": "country countryname nation",
    "city": "city town",
    "source": "source leadsource utmsource originalsource",
    "medium": "medium utmmedium",
    "do_not_email": "donotemail emailoptout optout unsubscribed noemail",
    "do_not_call": "donotcall calloptout nocall dnc",
    "first_seen_at": "firstseen firstseenat firstseenon created createdat createdon createdate "
    "datecreated signupdate",
}
BY_SYNONYM = {word: target for target, words in SYNONYMS.items() for word in words.split()}
FEWEST_FOR_CHOICE = 50  # known values before a column counts as a choice
MOST_CHOICES = 30
REMEMBERED = 500  # distinct values of a column we keep while looking


@dataclass
class Look:
    """What has been seen of one column so far."""

    header: str
    known: int = 0
    values: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(
        default_factory=lambda: {FieldKind.NUMBER, FieldKind.YES_NO, FieldKind.DATE}
    )

    def see(self, text: str) -> None:
        """One more known value."""
        self.known += 1
        if text in self.values:
            self.values[text] += 1
            return
        if len(self.values) < REMEMBERED:
            self.values[text] = 1
        self.kinds = {kind for kind in self.kinds if fits(kind, text)}

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
        is_choice = self.known >= FEWEST_FOR_CHOICE and len(self.values) <= MOST_CHOICES
        return FieldKind.CHOICE if is_choice else FieldKind.TEXT

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
        }
        for number, look in enumerate(looks, start=1)
    ]


def suggested(columns: list[dict[str, Any]], custom: Mapping[str, CustomField]) -> list[str]:
    """Where each column should go; no two into the same place."""
    by_label = {_word(each.label): f"{ATTRIBUTE}{key}" for key, each in custom.items()}
    taken: set[str] = set()
    targets = []
    for column in columns:
        target = _target(column, by_label)
        if target in taken:
            target = f"{NEW}{column['kind']}"
        if not target.startswith(NEW):
            taken.add(target)
        targets.append(target if column["header"] else "")
    return targets


def _target(column: dict[str, Any], by_label: Mapping[str, str]) -> str:
    word = _word(column["header"])
    if word in by_label:
        return by_label[word]
    known = BY_SYNONYM.get(word, "")
    if known or not column["known"]:
        return known
    return f"{NEW}{column['kind']}"


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
