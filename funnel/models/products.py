"""Products: what the workspace sells, and the lines of the deals it sells them in."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Now, Round
from django.utils.translation import gettext_lazy as _

from funnel.models.deals import Deal
from funnel.models.pipelines import CERTAIN, UsableQuerySet
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel

PERCENT = Decimal("0.01")
# Multiplied, as a division would be rounded before we round.
ASKED: Any = F("quantity") * F("unit_price") * (CERTAIN - F("discount")) * PERCENT
"""What a line brings, in cents, before it is rounded."""


def _in_cents(exact: Any) -> models.GeneratedField:
    """Rounded once, to the cent; a half goes away from zero."""
    whole = Cast(Round(exact), models.BigIntegerField())
    return models.GeneratedField(
        expression=whole, output_field=models.BigIntegerField(), db_persist=True
    )


class Product(WorkspaceModel):
    """Something the workspace sells; price and cost of one unit in cents of its currency.

    `code` is its number in other systems, if it has one. A retired one is sold no more; deals
    that have it keep it.
    """

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    price = models.BigIntegerField(_("price"))
    cost = models.BigIntegerField(_("cost"), default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(UsableQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="product_name_once"),
            models.UniqueConstraint(
                fields=["workspace", "code"], condition=~Q(code=""), name="product_code_once"
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, cost__gte=0), name="product_asks_nothing_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def margin(self) -> int:
        """What remains of the price of one unit, in cents."""
        return self.price - self.cost

    @property
    def share(self) -> float | None:
        """Which part of the price that is; of nothing there is none."""
        return self.margin / self.price if self.price else None


class ProductChange(WorkspaceModel):
    """What changed of a product: one field, before and after, when and by whom (nobody: a program).

    Money in cents; `retired` is yes or no. `added` has the price and the cost it began with.
    """

    product = WorkspaceForeignKey(Product, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=8)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "product", "-changed_at", "-id"], name="change_of_product"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class DealLine(WorkspaceModel):
    """So many of a product in a deal, at the price and cost of one unit that hold in this deal.

    Both are copied from the product when the line is made, and may be changed here; a new price
    in the catalogue changes no line. `discount` is in percent. All money in cents. What a line
    brings is quantity × price × (100 − discount) / 100, its margin that less quantity × cost;
    each is rounded once, to the cent, a half away from zero. A deal with lines has the sums of
    these as its amount and margin.
    """

    deal = WorkspaceForeignKey(Deal, models.CASCADE, related_name="lines")
    product = WorkspaceForeignKey(Product, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=3)
    unit_price = models.BigIntegerField(_("price of one"))
    unit_cost = models.BigIntegerField(_("cost of one"))
    discount = models.DecimalField(_("discount"), max_digits=5, decimal_places=2, default=0)
    amount = _in_cents(ASKED)
    margin = _in_cents(ASKED - F("quantity") * F("unit_cost"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="deal_line_has_some"),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=CERTAIN),
                name="deal_line_discount_in_percent",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, unit_cost__gte=0),
                name="deal_line_asks_nothing_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "deal", "position", "id"], name="line_of_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} × {self.product}"
