"""What a condition can speak of: the fields of leads, and the tests each kind of value knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.models import CustomField, FieldKind, LeadClass, Stage

Label = str | Promise

CUSTOM = "attributes."


class ValueKind(StrEnum):
    """Kinds of value; each knows its own tests."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MOMENT = "moment"
    DATE = "date"
    YES_NO = "yes_no"
    REFERENCE = "reference"


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
_TIME = ("is_on", "is_before", "is_after", "within_days", "more_than_days_ago", "within_next_days")

TESTS_OF: Mapping[ValueKind, tuple[str, ...]] = {
    ValueKind.TEXT: (*_EQUAL, "contains", "does_not_contain", "starts_with", "is_known"),
    ValueKind.CHOICE: (*_EQUAL, "is_known"),
    ValueKind.NUMBER: (
        *("is", "is_not", "is_at_least", "is_at_most", "is_more_than", "is_less_than"),
        "is_known",
    ),
    ValueKind.MOMENT: (*_TIME, "is_known"),
    ValueKind.DATE: (*_TIME, "is_known"),
    ValueKind.YES_NO: ("is", "is_known"),
    ValueKind.REFERENCE: (*_EQUAL, "is_known"),
}

RELATIVE = frozenset({"within_days", "more_than_days_ago", "within_next_days"})


@dataclass(frozen=True)
class Field:
    """Something a lead may be asked about; `name` is what stands in the tree."""

    name: str
    label: Label
    kind: ValueKind
    choices: tuple[tuple[str, Label], ...] = ()
    column: str = ""

    @property
    def is_custom(self) -> bool:
        """It lives in `Lead.attributes`."""
        return self.name.startswith(CUSTOM)

    @property
    def is_company(self) -> bool:
        """It is the company's rather than the person's."""
        return self.name.startswith("company.")


def _text(name: str, label: Label) -> Field:
    return Field(name, label, ValueKind.TEXT)


STANDARD: tuple[Field, ...] = (
    _text("name", _("name")),
    _text("email", _("email")),
    Field("email_domain", _("email domain"), ValueKind.TEXT, column="email"),
    _text("phone", _("phone")),
    _text("job_title", _("job title")),
    _text("country", _("country")),
    _text("city", _("city")),
    Field("do_not_email", _("do not email"), ValueKind.YES_NO),
    Field("do_not_call", _("do not call"), ValueKind.YES_NO),
    _text("source", _("source")),
    _text("medium", _("medium")),
    Field("campaign", _("campaign"), ValueKind.REFERENCE, column="campaign_id"),
    Field("first_seen_at", _("first seen"), ValueKind.MOMENT),
    Field("created_at", _("lead since"), ValueKind.MOMENT),
    Field("stage", _("stage"), ValueKind.CHOICE, tuple(Stage.choices)),
    Field("highest_stage", _("highest stage"), ValueKind.CHOICE, tuple(Stage.choices)),
    Field("stage_entered_at", _("in this stage since"), ValueKind.MOMENT),
    Field("cycle", _("cycle"), ValueKind.NUMBER),
    Field("score", _("score"), ValueKind.NUMBER),
    Field("lead_class", _("class"), ValueKind.CHOICE, tuple(LeadClass.choices)),
    Field("owner", _("owner"), ValueKind.REFERENCE, column="owner_id"),
    Field("last_activity_at", _("last activity"), ValueKind.MOMENT),
    Field("company", _("company"), ValueKind.REFERENCE, column="company_id"),
    _text("company.name", _("company name")),
    _text("company.domain", _("company domain")),
    _text("company.industry", _("industry")),
    _text("company.country", _("company country")),
    Field("company.employees", _("employees"), ValueKind.NUMBER),
    Field("company.stage", _("company stage"), ValueKind.CHOICE, tuple(Stage.choices)),
    Field("company.customer_since", _("company customer since"), ValueKind.MOMENT),
)

CUSTOM_KINDS: Mapping[str, ValueKind] = {
    FieldKind.TEXT: ValueKind.TEXT,
    FieldKind.NUMBER: ValueKind.NUMBER,
    FieldKind.DATE: ValueKind.DATE,
    FieldKind.CHOICE: ValueKind.CHOICE,
    FieldKind.YES_NO: ValueKind.YES_NO,
}


def known_fields(*, with_retired: bool = False) -> dict[str, Field]:
    """All fields of the current workspace by name, its custom ones last (one query)."""
    custom = CustomField.objects.order_by("position", "label", "id")
    if not with_retired:
        custom = custom.filter(retired_at=None)
    return {field.name: field for field in (*STANDARD, *map(_custom_field, custom))}


def _custom_field(row: CustomField) -> Field:
    choices = tuple((str(choice), str(choice)) for choice in row.choices)
    return Field(CUSTOM + row.key, row.label, CUSTOM_KINDS[row.kind], choices)
