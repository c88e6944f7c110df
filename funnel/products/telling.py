"""The lines of deals as pages and archives tell them, read together with the deals."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from funnel.models import Deal, DealLine


@dataclass(frozen=True)
class ToldLine:
    """One line; money in cents, `discount` in percent."""

    product: str
    unit: str
    quantity: Decimal
    unit_price: int
    discount: Decimal
    amount: int
    margin: int

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "ToldLine":
        """As the database tells it, numbers with decimals as text."""
        exact = {name: Decimal(told[name]) for name in ("quantity", "discount")}
        return cls(**{**told, **exact})


def with_lines(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """These deals, and with each what `lines_told` reads."""
    exact = {name: Cast(name, CharField()) for name in ("quantity", "discount")}
    plain = {name: F(name) for name in ("unit_price", "amount", "margin")}
    named = {"product": F("product__name"), "unit": F("product__unit")}
    lines = DealLine.objects.filter(deal=OuterRef("pk")).order_by("position", "id")
    rows = lines.values_list(JSONObject(**named, **exact, **plain))
    return deals.annotate(its_lines=ArraySubquery(rows))


def lines_told(deal: Deal) -> list[ToldLine]:
    """The lines of a deal that was read `with_lines`, in their order."""
    told: list[dict[str, Any]] = deal.its_lines  # type: ignore[attr-defined]  # annotated
    return [ToldLine.of(each) for each in told]
