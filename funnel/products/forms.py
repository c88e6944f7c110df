"""Shape and wording of what people enter about products and lines of deals."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.models import Product
from funnel.products.catalogue import LONGEST
from leadmgmt.ui.inputs import MoneyField

FACTS = ("name", "code", "unit", "price", "cost")


class ProductForm(forms.Form):
    """A product: what it is called, and what one of it costs the customer and us."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST["name"])
    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST["code"],
        required=False,
        help_text=_("Its number in your shop or accounts, if it has one."),
    )
    unit = forms.CharField(
        label=_("Sold by the"),
        max_length=LONGEST["unit"],
        required=False,
        help_text=_("One word for one of it: seat, hour, licence."),
    )
    price = forms.Field()
    cost = forms.Field()

    def __init__(self, data: Any = None, *, currency: str, product: Product | None = None) -> None:
        known = {name: getattr(product, name) for name in FACTS} if product else {"cost": 0}
        super().__init__(data, initial=known)
        label = gettext("Price of one (%(currency)s)") % {"currency": currency}
        self.fields["price"] = MoneyField(label=label, currency=currency, min_value=0)
        label = gettext("What one costs us (%(currency)s)") % {"currency": currency}
        self.fields["cost"] = MoneyField(label=label, currency=currency, min_value=0)
        self.fields["cost"].help_text = gettext("What remains of the price is the gross margin.")
