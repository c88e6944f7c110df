"""What Northlight sells, and which of it each deal is made of.

The lines of a deal come to the cent to the amount and the margin its story has told already: what
is sold at the price of the catalogue comes first, and the work of the rollout is quoted last.
Dice of its own: one more product changes nobody's story.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from funnel.models import Deal, DealLine, Product
from leadmgmt.demo.chance import Dice
from leadmgmt.demo.writing import insert

SEED = 71
ONE_SUM = 7  # each seventh deal is sold as one sum
LEAST_QUOTE = 20_000  # cents; nobody writes a quote for less
SOFTWARE_COSTS, WORK_COSTS = 0.24, 0.69  # of their price


class Sold(NamedTuple):
    """A product; price and cost of one unit in euros."""

    code: str
    name: str
    unit: str
    price: int
    cost: int


DISPATCHER = Sold("NL-DSP", "Dispatcher seat", "seat", 480, 112)
TECHNICIAN = Sold("NL-TEC", "Technician seat", "seat", 144, 34)
ROUTES = Sold("NL-RTE", "Route planning", "year", 1_200, 290)
PORTAL = Sold("NL-POR", "Customer portal", "year", 900, 215)
ROLLOUT = Sold("SV-ROL", "Rollout project", "project", 1_500, 1_040)
MIGRATION = Sold("SV-MIG", "Data migration", "project", 1_100, 760)
TRAINING = Sold("SV-TRN", "Training day", "day", 980, 670)
OTHERS = (
    Sold("NL-MAP", "Offline maps", "seat", 36, 9),
    Sold("NL-SUP", "Premium support", "year", 1_800, 700),
    Sold("NL-SMS", "Text messages", "1,000 texts", 60, 42),
    Sold("SV-INT", "Integration work", "hour", 140, 95),
    Sold("HW-HLD", "Tablet holder", "piece", 85, 61),
)
PRODUCTS = (DISPATCHER, TECHNICIAN, ROUTES, PORTAL, ROLLOUT, MIGRATION, TRAINING, *OTHERS)
RETIRED = Sold("NL-FAX", "Fax gateway", "year", 120, 40)


class Line(NamedTuple):
    """So many of a product, at a price and cost of one in cents, less a discount in percent."""

    sold: Sold
    quantity: int
    price: int
    cost: int
    discount: int = 0

    @property
    def amount(self) -> int:
        """What it brings; prices in whole euros leave nothing to be rounded."""
        return self.quantity * self.price * (100 - self.discount) // 100


def stock_up(now: datetime) -> None:
    """Fill the catalogue, and say of most deals what they are made of."""
    ids = _fill(now)
    dice, rows = Dice(SEED), []
    deals = Deal.objects.exclude(amount=None).exclude(margin=None)
    for number, deal in enumerate(deals.order_by("opened_at", "lead_id", "name")):
        if number % ONE_SUM:
            rows += [_row(deal, *each, ids) for each in enumerate(_lines(deal, dice))]
    if rows:
        insert(DealLine, rows)


def _fill(now: datetime) -> dict[str, Any]:
    made = [_product(each) for each in PRODUCTS]
    made.append(_product(RETIRED))
    made[-1].retired_at = now
    Product.objects.bulk_create(made)
    return dict(Product.objects.values_list("code", "pk"))


def _product(sold: Sold) -> Product:
    money = {"price": sold.price * 100, "cost": sold.cost * 100}
    return Product(name=sold.name, code=sold.code, unit=sold.unit, **money)


def _lines(deal: Deal, dice: Dice) -> list[Line]:
    """Software for its part of the costs, then the quote for the rest; less of it if need be."""
    amount, costs = deal.amount or 0, (deal.amount or 0) - (deal.margin or 0)
    share = (WORK_COSTS - costs / amount) / (WORK_COSTS - SOFTWARE_COSTS)
    work = TRAINING if deal.name.startswith("More") else ROLLOUT
    for part in (1, 0.7, 0.4, 0):
        lines = list(_software(int(amount * min(share, 0.9) * part), dice))
        quoted = amount - sum(each.amount for each in lines)
        worked = costs - sum(each.quantity * each.cost for each in lines)
        if quoted >= LEAST_QUOTE and 0 <= worked <= quoted:
            break
    if work is ROLLOUT and quoted < ROLLOUT.price * 100:
        work = MIGRATION
    return [*lines, Line(work, 1, quoted, worked)]


def _software(budget: int, dice: Dice) -> Iterator[Line]:
    """Seats, a module and something beside where there is money; at most what the budget allows."""
    discount = dice.choice((5, 10, 10, 15)) if dice.is_so(0.3) else 0
    module, beside = dice.choice((ROUTES, PORTAL)), dice.choice(OTHERS)
    wanted = ((module, 0.4, 1), (beside, 0.2, dice.randrange(1, 13)), (DISPATCHER, 0.5, 99))
    for sold, share, at_most in (*wanted, (TECHNICIAN, 1, 999)):
        quantity = min(at_most, int(budget * share) // (sold.price * 100))
        if quantity:
            line = Line(sold, quantity, sold.price * 100, sold.cost * 100, discount)
            budget -= line.amount
            yield line


def _row(deal: Deal, position: int, line: Line, ids: dict[str, Any]) -> dict[str, Any]:
    return {
        "deal_id": deal.pk,
        "product_id": ids[line.sold.code],
        "position": position,
        "quantity": line.quantity,
        "unit_price": line.price,
        "unit_cost": line.cost,
        "discount": Decimal(line.discount),
    }
