"""What was bought: the lines of won deals, by product."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import Coalesce

from funnel.models import Deal, DealStatus

ID = "lines__product_id"


@dataclass(frozen=True)
class Bought:
    """One product and what was bought of it; money in cents, margin as it was when it was won.

    Without a product: what was sold in deals that have no lines, as one sum. Those have no
    quantity either.
    """

    product_id: UUID | None
    name: str
    unit: str
    quantity: Decimal | None
    amount: int
    margin: int
    deals: int
    first_at: datetime
    last_at: datetime


def bought_by(deals: QuerySet[Deal]) -> list[Bought]:
    """What was bought in the won ones of these deals, what brought most first; one statement.

    The sums are those of the deals, to the cent.
    """
    rows = deals.filter(status=DealStatus.WON).order_by().values_list(ID)
    rows = rows.annotate(
        Max("lines__product__name"),
        Max("lines__product__unit"),
        Sum("lines__quantity"),
        total=Sum(Coalesce("lines__amount", "amount")),
        left=Sum(Coalesce("lines__margin", "margin")),
        count=Count("pk", distinct=True),
        first=Min("closed_at"),
        last=Max("closed_at"),
    )
    return [
        Bought(product, name or "", unit or "", quantity, int(amount), int(margin), *rest)
        for product, name, unit, quantity, amount, margin, *rest in rows.order_by(
            "-total", "lines__product_id"
        )
    ]
