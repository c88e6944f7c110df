"""Where a column of a file may go: what we know of leads and companies, and what is to be made."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.models import CustomField, FieldKind, Purpose, Subject

ATTRIBUTE = "attributes."
COMPANY_ATTRIBUTE = "company_attributes."
CONSENT = "consent."
NEW = "new:"
NEW_OF_COMPANY = "new_of_company:"
NEW_ONES = (NEW, NEW_OF_COMPANY)
TAGS = "tags"
IDENTITIES = ("external_id", "email", "phone")
NAMING = frozenset({"name", "first_name", "last_name", *IDENTITIES})
LEAD: dict[str, Any] = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("Email"),
    "phone": _("Phone"),
    "external_id": _("External id"),
    "job_title": _("Job title"),
    "country": _("Country"),
    "city": _("City"),
    "source": _("Source"),
    "medium": _("Medium"),
    "do_not_email": _("Do not email"),
    "do_not_call": _("Do not call"),
    "first_seen_at": _("First seen on"),
    TAGS: _("Tags"),
}
COMPANY: dict[str, Any] = {
    "company_name": _("Company"),
    "company_domain": _("Company: domain"),
    "company_website": _("Company: website"),
    "company_industry": _("Company: industry"),
    "company_country": _("Company: country"),
    "company_city": _("Company: city"),
    "company_phone": _("Company: phone"),
    "company_employees": _("Company: employees"),
}
TARGETS = LEAD | COMPANY
Custom = Mapping[str, CustomField]


def by_target(fields: Iterable[CustomField]) -> dict[str, CustomField]:
    """Custom fields of leads and companies, by the target that names them."""
    prefixes = {Subject.LEAD: ATTRIBUTE, Subject.COMPANY: COMPANY_ATTRIBUTE}
    return {f"{prefixes[Subject(each.subject)]}{each.key}": each for each in fields}


def live_fields() -> dict[str, CustomField]:
    """The workspace's custom fields that are in use, by target."""
    rows = CustomField.objects.filter(retired_at=None).order_by("position", "label")
    return by_target(rows)


def purposes() -> dict[str, Purpose]:
    """What consent is asked for, by target."""
    rows = Purpose.objects.filter(retired_at=None).order_by("position", "name")
    return {f"{CONSENT}{each.key}": each for each in rows}


def is_new(target: str) -> bool:
    """Whether a custom field is to be made for the column."""
    return target.startswith(NEW_ONES)


def kind_of_new(target: str) -> str:
    """The kind of the custom field to be made."""
    return target.partition(":")[2]


def may_repeat(target: str) -> bool:
    """Whether several columns may go there."""
    return not target or is_new(target) or target == TAGS


def allowed(custom: Custom, asked: Mapping[str, Purpose]) -> set[str]:
    """Every target there is."""
    new = {f"{prefix}{kind}" for prefix in NEW_ONES for kind in FieldKind.values}
    return {"", *TARGETS, *custom, *asked, *new}


def label_of(target: str, custom: Custom, asked: Mapping[str, Purpose]) -> str:
    """What a person calls the target."""
    if target in TARGETS:
        return str(TARGETS[target])
    if target in custom:
        return str(custom[target].label)
    return str(asked[target].name) if target in asked else target
