"""The form of a deal's lines: those there are, a few free rows, and what the page has seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.deal_forms import SeenVersion
from funnel.forms import OnceForm
from funnel.models import Deal, DealLine, Product
from funnel.models.pipelines import CERTAIN
from funnel.products.lines import MOST_PIECES, PIECE, NewLine, plain
from leadmgmt.ui import formatting
from leadmgmt.ui.inputs import MoneyField

FREE_ROWS = 3


class SeenForm(OnceForm):
    """Which deal was looked at, and the key of what is new."""

    version = SeenVersion(min_value=0, max_value=2**31 - 1)


class LineForm(forms.Form):
    """How many, at which price, with which discount."""

    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=PIECE, max_value=MOST_PIECES, decimal_places=3, initial=1
    )
    unit_price = forms.Field()
    unit_cost = forms.Field()
    discount = forms.DecimalField(
        label=_("Discount, %"), min_value=0, max_value=CERTAIN, decimal_places=2, initial=0
    )

    def __init__(self, *args: Any, currency: str, is_free: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest: Any = {"currency": currency, "min_value": 0, "required": not is_free}
        self.fields["unit_price"] = MoneyField(label=gettext("Price of one"), **rest)
        self.fields["unit_cost"] = MoneyField(label=gettext("Costs us"), **rest)
        self.order_fields(("product", "quantity", "unit_price", "unit_cost", "discount"))

    def told(self, product: Product) -> NewLine:
        """As the verb takes it."""
        names = ("quantity", "unit_price", "unit_cost", "discount")
        return NewLine(product, **{name: self.cleaned_data[name] for name in names})


class KnownLineForm(LineForm):
    """A line of the deal."""

    is_removed = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, data: Any, *, line: DealLine, currency: str) -> None:
        known: dict[str, Any] = {"unit_price": line.unit_price, "unit_cost": line.unit_cost}
        known |= {"quantity": plain(line.quantity), "discount": plain(line.discount)}
        super().__init__(data, prefix=f"line-{line.pk}", initial=known, currency=currency)
        self.line = line


class FreeLineForm(LineForm):
    """A row for one more line; left alone it is none."""

    product = forms.ChoiceField(label=_("Product"))

    def __init__(self, data: Any, *, nth: int, choices: Any, currency: str) -> None:
        rest = {"empty_permitted": True, "use_required_attribute": False, "is_free": True}
        super().__init__(data, prefix=f"new-{nth}", currency=currency, **rest)
        field: Any = self.fields["product"]
        field.choices = choices
        for name in ("unit_price", "unit_cost"):
            self.fields[name].widget.attrs["placeholder"] = gettext("from catalogue")


class LinesForm:
    """All of it; `is_valid`, then `told` is what the verb takes."""

    def __init__(self, data: Any, *, deal: Deal, lines: Sequence[DealLine], currency: str) -> None:
        sold = Product.objects.in_use().order_by("name", "id")
        self.products = {str(each.pk): each for each in sold}
        self.seen = SeenForm(data, initial={"version": deal.version})
        self.known = [
            KnownLineForm(data, line=line, currency=currency)
            for line in lines
            if data is None or f"line-{line.pk}-quantity" in data
        ]
        choices = [("", gettext("Choose a product")), *self._choices(currency)]
        self.free = [
            FreeLineForm(data, nth=nth, choices=choices, currency=currency)
            for nth in range(FREE_ROWS)
        ]

    def is_valid(self) -> bool:
        """Whether all parts are."""
        parts = [each.is_valid() for each in (self.seen, *self.known, *self.free)]
        return all(parts)

    @property
    def told(self) -> list[NewLine]:
        """The lines as they shall be: those that stay, then the new ones."""
        stay = (each for each in self.known if not each.cleaned_data["is_removed"])
        told = [replace(each.told(each.line.product), id=each.line.pk) for each in stay]
        for nth, each in enumerate(self.free):
            if each.has_changed():
                product = self.products[each.cleaned_data["product"]]
                key = f"{self.seen.cleaned_data['key']} {nth}"
                told.append(replace(each.told(product), key=key))
        return told

    def _choices(self, currency: str) -> list[tuple[str, str]]:
        return [
            (id, " · ".join(filter(None, (each.name, each.code, _price_of(each, currency)))))
            for id, each in self.products.items()
        ]


def _price_of(product: Product, currency: str) -> str:
    price = formatting.money(product.price, currency)
    told = {"price": price, "unit": product.unit}
    return gettext("%(price)s per %(unit)s") % told if product.unit else price
