"""How alike two leads are: a certainty in percent, and the reasons that make it up.

One strong reason is needed; further ones add a little. A telephone or a mailbox that two people
with different names share is no reason at all: colleagues share telephones.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

SAME_NAME, SIMILAR_NAME = 100, 85  # of 100
LONGER, INITIAL = 94, 90  # one name has more words; one writes a word as its first letter
HALF = 80  # of 100: a mailbox that alike to one word of a name is that word
LEAST = 60  # percent; what is less certain is not suggested
MOST = 99  # only people are sure
MORE = 4  # percent for each further reason

EXTERNAL, PHONE, MAILBOX = "external", "phone", "mailbox"
COMPANY_NAME, COMPANY_SIMILAR = "company_name", "company_similar"
NAME = "name"

REASONS = {
    EXTERNAL: _("The same external id in another spelling"),
    PHONE: _("The same phone number"),
    MAILBOX: _("The same name before the @ of their addresses"),
    COMPANY_NAME: _("The same name at the same company"),
    COMPANY_SIMILAR: _("A similar name at the same company"),
    NAME: _("The names fit"),
}
# Percent when the names fit, when one is unknown, and when they do not fit.
SHARED = {EXTERNAL: (96, 92, 70), PHONE: (88, 68, 0), MAILBOX: (86, 0, 0)}
SAME_COMPANY = {COMPANY_NAME: 90, COMPANY_SIMILAR: 72}


class Person(msgspec.Struct, frozen=True):
    """What is compared of one lead."""

    id: UUID
    name: str
    company_id: UUID | None
    traits: frozenset[tuple[str, str]]


class Likeness(msgspec.Struct, frozen=True):
    """Two leads that may be one person; `first` has the smaller id."""

    first: UUID
    second: UUID
    certainty: int
    reasons: list[str]


def likenesses(pairs: Iterable[tuple[UUID, UUID]], people: Mapping[UUID, Person]) -> list[Likeness]:
    """The pairs that are alike enough to be looked at."""
    found = []
    for first, second in pairs:
        certainty, reasons = compare(people[first], people[second])
        if certainty >= LEAST:
            found.append(Likeness(min(first, second), max(first, second), certainty, reasons))
    return found


def compare(one: Person, other: Person) -> tuple[int, list[str]]:
    """How certain it is that two leads are one person, and why."""
    fit = _names_fit(one.name, other.name)
    column = 1 if fit is None else 0 if fit >= SIMILAR_NAME else 2
    weights = {kind: SHARED[kind][column] for kind in _shared(one, other)}
    if column == 0 and one.company_id is not None and one.company_id == other.company_id:
        reason = COMPANY_NAME if fit and fit >= SAME_NAME else COMPANY_SIMILAR
        weights[reason] = SAME_COMPANY[reason]
    reasons = sorted((each for each in weights if weights[each]), key=lambda each: -weights[each])
    if not reasons:
        return 0, []
    certainty = min(MOST, weights[reasons[0]] + MORE * (len(reasons) - 1))
    says_name = column != 0 or any(each in SAME_COMPANY for each in reasons)
    return certainty, reasons if says_name else [*reasons, NAME]


def _shared(one: Person, other: Person) -> Iterator[str]:
    """What both have; but many a firm has its Smith, who writes as smith@."""
    is_elsewhere = None not in (ids := {one.company_id, other.company_id}) and len(ids) == 2
    for kind, value in one.traits & other.traits:
        if not (is_elsewhere and kind == MAILBOX and _is_half_a_name(value, one)):
            yield kind


def _is_half_a_name(mailbox: str, person: Person) -> bool:
    written = mailbox.partition(" ")[0]  # initials follow
    return any(fuzz.ratio(written, word) >= HALF for word in person.name.split())


def plain(name: str) -> str:
    """A name in small letters without accents and marks."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join("".join(each if each.isalnum() else " " for each in bare).split())


def _names_fit(one: str, other: str) -> float | None:
    """How alike two names are, of 100, whatever their order; None when one of them is unknown.

    The word that fits worst decides: Harry and Larry Bell are brothers.
    """
    fewer, more = sorted((one.split(), other.split()), key=len)
    if not fewer:
        return None
    if len(fewer) == 1 and len(more) > 1:
        return 0  # half a name is nobody's
    if len(fewer) < len(more):
        return min(LONGER, _worst(fewer, more))
    return min(_worst(fewer, more), _worst(more, fewer))


def _worst(words: Iterable[str], others: Sequence[str]) -> float:
    return min(max(_words_fit(word, each) for each in others) for word in words)


def _words_fit(one: str, other: str) -> float:
    if 1 in (len(one), len(other)) and one != other:
        return INITIAL if one[0] == other[0] else 0
    return fuzz.ratio(one, other)
