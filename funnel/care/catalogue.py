"""What onboarding, training and renewals have in common: names, limits, whose they are."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funnel.models import Customer, OnboardingStep, TrainingContent
from leadmgmt.kernel.refusals import Refusal


class CannotSaveCare(Refusal):
    """A name that is missing or taken, or a value out of range."""


def write(row: OnboardingStep | TrainingContent, values: Mapping[str, Any]) -> None:
    """Set what is named and nothing else; refuses a name that another one has."""
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(update_fields=None if row._state.adding else list(values))
    except IntegrityError as problem:
        field = "title" if isinstance(row, TrainingContent) else "name"
        sentence = _("“%s” is there already, perhaps a retired one: bring that one back.")
        raise CannotSaveCare(sentence % row, field=field) from problem


def hold_customer(customer: Customer) -> None:
    """One thing more for a customer at a time; refuses who is none any more."""
    fresh = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if fresh.ended_at is not None:
        raise CannotSaveCare(_("%s is no customer any more.") % customer)


def refuse_beyond(field: str, value: int | None, least: int, most: int) -> None:
    """Refuse a number out of range; None is none."""
    if value is not None and not least <= value <= most:
        sentence = _("%(value)d is out of range for %(field)s; allowed are %(least)d to %(most)d.")
        told = {"value": value, "field": field, "least": least, "most": most}
        raise CannotSaveCare(sentence % told, field=field)


def refuse_unknown(field: str, value: str, known: type[Any]) -> None:
    """Refuse a word that is no choice."""
    if value not in known.values:
        sentence = _("“%(value)s” is not known for %(field)s; choose from %(known)s.")
        told = {"value": value[:30], "field": field, "known": ", ".join(known.values)}
        raise CannotSaveCare(sentence % told, field=field)
