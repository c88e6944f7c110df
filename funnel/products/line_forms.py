"""The form of a deal's lines: those there are, a few free rows, and what the page has seen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.deal_forms import SeenVersion
from funnel.forms import OnceForm
from funnel.models import Deal, DealLine, Product
from funnel.models.pipelines import CERTAIN
from funnel.products.lines import MOST_LINES, MOST_PIECES, PIECE, NewLine, plain
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
    place = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST_LINES
    )

    def __init__(self, data: Any, *, line: DealLine, nth: int, currency: str) -> None:
        known: dict[str, Any] = {"unit_price": line.unit_price, "unit_cost": line.unit_cost}
        known |= {"quantity": plain(line.quantity), "discount": plain(line.discount), "place": nth}
        super().__init__(data, prefix=f"line-{line.pk}", initial=known, currency=currency)
        self.line, self.nth = line, nth

    @property
    def seen_at(self) -> int:
        """Where the line stood on the page that was sent, so that a second click moves no more."""
        place = self.cleaned_data["place"]
        return self.nth if place is None else int(place)


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
        self.move = _move_in(data or {})
        sold = Product.objects.in_use().order_by("name", "id")
        self.products = {str(each.pk): each for each in sold}
        self.seen = SeenForm(data, initial={"version": deal.version})
        self.known = [
            KnownLineForm(data, line=line, nth=nth, currency=currency)
            for nth, line in enumerate(lines)
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
        """The lines as they shall be: those that stay, in their order, then the new ones."""
        shown = sorted(self.known, key=attrgetter("seen_at"))
        stay = _shifted([each for each in shown if not each.cleaned_data["is_removed"]], self.move)
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


def _move_in(data: Mapping[str, Any]) -> tuple[str, int]:
    """Which line is to go how many places further, by the button that was pressed."""
    steps = {"up": -1, "down": 1}
    return next(((str(data[word]), step) for word, step in steps.items() if word in data), ("", 0))


def _shifted(forms: Sequence[KnownLineForm], move: tuple[str, int]) -> list[KnownLineForm]:
    """The lines with one of them a place further; at the ends it stays."""
    order, (moved, step) = list(forms), move
    at = next((nth for nth, each in enumerate(order) if str(each.line.pk) == moved), None)
    if at is not None:
        order.insert(max(0, at + step), order.pop(at))
    return order


def _price_of(product: Product, currency: str) -> str:
    price = formatting.money(product.price, currency)
    told = {"price": price, "unit": product.unit}
    return gettext("%(price)s per %(unit)s") % told if product.unit else price
