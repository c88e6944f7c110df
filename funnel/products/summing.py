"""What a deal with lines brings is the sum of them; nobody types it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.models import Deal, DealLine
from leadmgmt.kernel.refusals import Refusal

FIGURES = ("amount", "margin")


class CannotTypeSum(Refusal):
    """An amount or a margin of a deal whose lines say it."""


def refuse_typed(deal: Deal, changes: Mapping[str, Any]) -> None:
    """Refuse another amount or margin for a deal that has lines; the deal is locked."""
    typed = [name for name in FIGURES if name in changes and changes[name] != getattr(deal, name)]
    if typed and (count := DealLine.objects.filter(deal=deal).count()):
        raise CannotTypeSum(_sentence(typed[0], deal, count), field=typed[0])


def sold_for(deal: Deal, amount: int | None, margin: int | None) -> tuple[int | None, int | None]:
    """What a deal is won for: as told, or as its lines say; refuses the one against the other."""
    if (amount, margin) == (deal.amount, deal.margin):
        return amount, margin
    if not DealLine.objects.filter(deal=deal).exists():
        return amount, margin
    told = {"amount": amount, "margin": margin}
    refuse_typed(deal, {name: value for name, value in told.items() if value is not None})
    return deal.amount, deal.margin


def _sentence(figure: str, deal: Deal, count: int) -> str:
    words = {"amount": _("amount"), "margin": _("gross margin")}[figure]
    sentence = ngettext(
        "The %(figure)s of “%(deal)s” is what its line says. Change that line, or remove it first.",
        "The %(figure)s of “%(deal)s” is the sum of its %(count)d lines. Change the lines, or"
        " remove them first.",
        count,
    )
    return sentence % {"figure": words, "deal": deal, "count": count}
