"""What comes in from files, forms and the API about one person, before we know who it is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from leadmgmt.kernel.strict import refuse_unfit
from leads import normalising
from leads.normalising import WrongValue

MOST_ATTRIBUTES = 100
LONGEST_KEY = 60
LONGEST_VALUE = 2_000
LONGEST = {
    "name": 200,
    "job_title": 120,
    "country": 100,
    "city": 100,
    "company_name": 200,
    "source": 100,
    "medium": 100,
    "external_id": 254,
}


class NewLead(msgspec.Struct, frozen=True, kw_only=True):
    """Everything is optional, and blank means unknown. `attributes`: custom field key → value.

    An opt-out can be set by a row and not taken back by one.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    external_id: str = ""
    job_title: str = ""
    country: str = ""
    city: str = ""
    company_name: str = ""
    company_domain: str = ""  # as registered; without it the email tells
    source: str = ""
    medium: str = ""
    campaign_id: UUID | None = None
    attributes: Mapping[str, Any] = {}
    do_not_email: bool = False
    do_not_call: bool = False
    first_seen_at: datetime | None = None


def normalised(rows: Sequence[NewLead]) -> list[NewLead]:
    """The rows as we store them; raises WrongValue for the first value that cannot be right."""
    region = _region_for(rows)
    return [normalised_row(row, region=region) for row in rows]


def normalised_row(row: NewLead, *, region: Callable[[], str | None]) -> NewLead:
    """One row as we store it; raises WrongValue."""
    texts = {
        name: normalising.plain_text(getattr(row, name), field=name, most=most)
        for name, most in LONGEST.items()
        if getattr(row, name)
    }
    if row.email:
        texts["email"] = normalising.email_address(row.email)
    if row.phone:
        is_local = not row.phone.lstrip().startswith("+")
        texts["phone"] = normalising.phone_number(row.phone, region=region() if is_local else None)
    return msgspec.structs.replace(row, attributes=known_attributes(row.attributes), **texts)


def known_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Custom field values without the blank ones; refuses what no custom field can hold."""
    if len(attributes) > MOST_ATTRIBUTES:
        raise WrongValue(
            _("A lead has at most %d custom values.") % MOST_ATTRIBUTES, field="attributes"
        )
    refuse_unfit(dict(attributes))
    for key, value in attributes.items():
        if not isinstance(value, str | int | float | None) or len(key) > LONGEST_KEY:
            raise WrongValue(
                _("The custom value “%s” must be a text, a number, true or false.")
                % key[:LONGEST_KEY],
                field="attributes",
            )
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise WrongValue(
                _("The custom value “%(key)s” has more than %(most)d characters.")
                % {"key": key, "most": LONGEST_VALUE},
                field="attributes",
            )
    return {key: value for key, value in attributes.items() if value is not None and value != ""}


def _region_for(rows: Sequence[NewLead]) -> Callable[[], str | None]:
    """Asks for the workspace's country at most once, and only when a row needs it."""
    told: list[str | None] = []

    def region() -> str | None:
        if not told:
            told.append(normalising.default_region())
        return told[0]

    return region
