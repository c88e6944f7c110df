"""Kinds of value, and the tests each of them knows."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise


class ValueKind(StrEnum):
    """Kinds of value; each knows its own tests.

    `choices`, `tags` and `segments` are sets; `money` is asked about in whole units of the
    workspace's currency and kept in its smallest ones.
    """

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"
    DATE = "date"
    YES_NO = "yes_no"
    REFERENCE = "reference"
    TAGS = "tags"
    SEGMENTS = "segments"
    CONSENT = "consent"


class Shape(StrEnum):
    """What stands behind a test's name."""

    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    DATE = "date"
    DAYS = "days"
    FLAG = "flag"


# How each test reads aloud, and what it takes.
OPERATORS: Mapping[str, tuple[Label, Shape]] = {
    "is": (_("is"), Shape.ONE),
    "is_not": (_("is not"), Shape.ONE),
    "is_one_of": (_("is one of"), Shape.MANY),
    "is_none_of": (_("is none of"), Shape.MANY),
    "contains": (_("contains"), Shape.ONE),
    "does_not_contain": (_("does not contain"), Shape.ONE),
    "starts_with": (_("starts with"), Shape.ONE),
    "has": (_("has"), Shape.MANY),
    "has_none_of": (_("has none of"), Shape.MANY),
    "has_all_of": (_("has all of"), Shape.MANY),
    "is_in": (_("is in"), Shape.MANY),
    "is_not_in": (_("is not in"), Shape.MANY),
    "is_at_least": (_("is at least"), Shape.NUMBER),
    "is_at_most": (_("is at most"), Shape.NUMBER),
    "is_more_than": (_("is more than"), Shape.NUMBER),
    "is_less_than": (_("is less than"), Shape.NUMBER),
    "is_on": (_("is on"), Shape.DATE),
    "is_before": (_("is before"), Shape.DATE),
    "is_after": (_("is after"), Shape.DATE),
    "within_days": (_("is within the last days"), Shape.DAYS),
    "more_than_days_ago": (_("is longer ago, in days, than"), Shape.DAYS),
    "within_next_days": (_("is within the next days"), Shape.DAYS),
    "is_known": (_("is known"), Shape.FLAG),
}

_EQUAL = ("is", "is_not", "is_one_of", "is_none_of")
_SIZE = ("is", "is_not", "is_at_least", "is_at_most", "is_more_than", "is_less_than")
_TIME = ("is_on", "is_before", "is_after", "within_days", "more_than_days_ago", "within_next_days")
_SET = ("has", "has_none_of", "has_all_of")

TESTS_OF: Mapping[ValueKind, tuple[str, ...]] = {
    ValueKind.TEXT: (*_EQUAL, "contains", "does_not_contain", "starts_with", "is_known"),
    ValueKind.CHOICE: (*_EQUAL, "is_known"),
    ValueKind.CHOICES: (*_SET, "is_known"),
    ValueKind.NUMBER: (*_SIZE, "is_known"),
    ValueKind.MONEY: (*_SIZE, "is_known"),
    ValueKind.MOMENT: (*_TIME, "is_known"),
    ValueKind.DATE: (*_TIME, "is_known"),
    ValueKind.YES_NO: ("is", "is_known"),
    ValueKind.REFERENCE: (*_EQUAL, "is_known"),
    ValueKind.TAGS: _SET,
    ValueKind.SEGMENTS: ("is_in", "is_not_in"),
    ValueKind.CONSENT: _EQUAL,
}

RELATIVE = frozenset({"within_days", "more_than_days_ago", "within_next_days"})
