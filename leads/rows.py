"""What comes in from files, forms and the API about one person, before we know who it is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from leadmgmt.kernel.strict import refuse_unfit
from leads import normalising
from leads.normalising import WrongValue
from leads.own_values import OwnFields, for_leads, is_blank

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
    return [*map(reader(), rows)]


def reader() -> Callable[[NewLead], NewLead]:
    """What makes a row as we store it; asks for country and custom fields once for all rows."""
    return partial(normalised_row, region=_asked_once(), own=for_leads())


def normalised_row(
    row: NewLead, *, region: Callable[[], str | None], own: OwnFields | None = None
) -> NewLead:
    """One row as we store it; raises WrongValue.

    Without `own` the caller has read the custom values by their kinds already.
    """
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
    attributes = known_attributes(row.attributes, own) if row.attributes else {}
    return msgspec.structs.replace(row, attributes=attributes, **texts)


def known_attributes(attributes: Mapping[str, Any], own: OwnFields | None) -> dict[str, Any]:
    """Custom values as we store them, without the blank ones; refuses what a field cannot hold.

    A key nobody has made a field for may hold a text, a number, true, false or a list of texts.
    """
    if len(attributes) > MOST_ATTRIBUTES:
        raise WrongValue(
            _("There are at most %d custom values.") % MOST_ATTRIBUTES, field="attributes"
        )
    refuse_unfit(dict(attributes))
    for key, value in attributes.items():
        _refuse_shapeless(key, value)
    said = {key: own.stored(key, value) if own else value for key, value in attributes.items()}
    return {key: value for key, value in said.items() if not is_blank(value)}


def changed_attributes(
    held: Mapping[str, Any], said: Mapping[str, Any], own: OwnFields
) -> dict[str, Any]:
    """What is held with what is said put in its place; a blank one is forgotten.

    What is said again stays as it is, even when the field would not take it any more.
    """
    new = {key: value for key, value in said.items() if held.get(key) != value}
    kept = {key: value for key, value in held.items() if key not in new}
    taken = kept | known_attributes(new, own)
    if len(taken) > MOST_ATTRIBUTES:
        known_attributes(taken, None)
    return taken


def _refuse_shapeless(key: str, value: Any) -> None:
    shown, parts = key[:LONGEST_KEY], value if isinstance(value, list) else [value]
    is_list = isinstance(value, list)
    fits = all(isinstance(each, str if is_list else str | int | float | None) for each in parts)
    if not fits or len(key) > LONGEST_KEY:
        sentence = _("The custom value “%s” must be a text, a number, true, false or texts.")
        raise WrongValue(sentence % shown, field="attributes")
    if sum(len(each) for each in parts if isinstance(each, str)) > LONGEST_VALUE:
        sentence = _("The custom value “%(key)s” has more than %(most)d characters.")
        raise WrongValue(sentence % {"key": key, "most": LONGEST_VALUE}, field="attributes")


def _asked_once() -> Callable[[], str | None]:
    """Asks for the workspace's country at most once, and only when a row needs it."""
    told: list[str | None] = []

    def region() -> str | None:
        if not told:
            told.append(normalising.default_region())
        return told[0]

    return region
