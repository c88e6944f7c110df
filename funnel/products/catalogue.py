"""The catalogue: one more product, corrected, sold no more, and sold again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funnel.actions.deals import MOST_MONEY
from funnel.actions.pipelines import lock_pipelines
from funnel.models import Product, ProductChange
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads import normalising

MOST_PRODUCTS = 500
LONGEST = {"name": 120, "code": 40, "unit": 20}


class CannotShapeProduct(Refusal):
    """A name that is missing or taken, a code that is taken, or a figure that cannot be."""


def add_product(
    *,
    name: str,
    price: int,
    cost: int = 0,
    code: str = "",
    unit: str = "",
    by: Member | None,
    now: datetime,
) -> Product:
    """One more thing to sell; price and cost of one unit in cents.

    Refuses a name or a code another product has, figures below nothing, and more than 500.
    """
    with transaction.atomic():
        lock_pipelines()
        _refuse_too_many()
        made = Product()
        _write(made, {"name": name, "price": price, "cost": cost, "code": code, "unit": unit})
        began = {"name": made.name, "price": made.price, "cost": made.cost}
        _keep(made, [("added", None, began)], by=by, now=now)
    return made


def change_product(
    product: Product, *, changes: Mapping[str, Any], by: Member | None, now: datetime
) -> None:
    """Change what is named; what it said before is kept. Deals keep the prices of their lines."""
    with transaction.atomic():
        was = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        _write(product, changes)
        said = [(name, getattr(was, name), getattr(product, name)) for name in changes]
        _keep(product, [each for each in said if each[1] != each[2]], by=by, now=now)


def retire_product(product: Product, *, by: Member | None, now: datetime) -> None:
    """Sell it no more; lines that have it stay."""
    with transaction.atomic():
        if Product.objects.in_use().filter(pk=product.pk).update(retired_at=now):
            _keep(product, [("retired", False, True)], by=by, now=now)


def restore_product(product: Product, *, by: Member | None, now: datetime) -> None:
    """Sell it again."""
    with transaction.atomic():
        lock_pipelines()
        if Product.objects.filter(pk=product.pk, retired_at=None).exists():
            return
        _refuse_too_many()
        Product.objects.filter(pk=product.pk).update(retired_at=None)
        _keep(product, [("retired", True, False)], by=by, now=now)


def _keep(
    product: Product, changes: Iterable[tuple[str, Any, Any]], *, by: Member | None, now: datetime
) -> None:
    """Lines of its history."""
    ProductChange.objects.bulk_create(
        ProductChange(product=product, field=name, old=old, new=new, by=by, changed_at=now)
        for name, old, new in changes
    )


def _refuse_too_many() -> None:
    if Product.objects.in_use().count() >= MOST_PRODUCTS:
        sentence = _("There are %d products in use already, which is the most allowed.")
        raise CannotShapeProduct(sentence % MOST_PRODUCTS)


def _write(product: Product, changes: Mapping[str, Any]) -> None:
    """Set what is named, and nothing else: it may be retired in this moment."""
    for name, value in changes.items():
        setattr(product, name, _sound(name, value))
    try:
        with transaction.atomic():
            product.save(update_fields=None if product._state.adding else list(changes))
    except IntegrityError as problem:
        raise _taken(product) from problem


def _sound(name: str, value: Any) -> Any:
    if name in LONGEST:
        value = normalising.plain_text(value, field=name, most=LONGEST[name])
        if name == "name" and not value:
            raise CannotShapeProduct(_("A product needs a name: what is sold?"), field="name")
    elif not 0 <= value <= MOST_MONEY:
        words = {"price": _("price"), "cost": _("cost")}[name]
        sentence = _("The %(figure)s of one unit is out of range; it is nothing or more.")
        raise CannotShapeProduct(sentence % {"figure": words}, field=name)
    return value


def _taken(product: Product) -> CannotShapeProduct:
    others = Product.objects.exclude(pk=product.pk)
    if product.code and (other := others.filter(code=product.code).first()):
        sentence = _("The code “%(code)s” belongs to “%(product)s”.")
        told = {"code": product.code, "product": other}
        return CannotShapeProduct(sentence % told, field="code")
    sentence = _("The name “%s” is taken already, perhaps by a retired product.")
    return CannotShapeProduct(sentence % product.name, field="name")
