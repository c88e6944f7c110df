"""Addresses that get no more mail, and why."""

from collections.abc import Iterable

from nurturing.models import Suppression


def suppressed(emails: Iterable[str]) -> dict[str, str]:
    """The reason in words, by address in lower case; who may be written to is left out."""
    found = Suppression.objects.filter(email__in=[each.lower() for each in emails])
    return {each.email: each.get_reason_display() for each in found}
