"""Form fields for what people write in their own way."""

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms


class MoneyField(forms.DecimalField):
    """An amount as people write it; in Python it is the currency's smallest unit, such as cents."""

    def __init__(self, *, currency: str = "EUR", is_positive: bool = False, **rest: Any) -> None:
        self.precision = get_currency_precision(currency)
        if is_positive:
            rest["min_value"] = Decimal(1).scaleb(-self.precision)
        rest.setdefault("max_value", Decimal(10) ** 13)
        super().__init__(decimal_places=self.precision, **rest)
        self.widget.attrs |= {"inputmode": "decimal"}

    def clean(self, value: Any) -> Any:
        """Cents, or None."""
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(self.precision))

    def prepare_value(self, value: Any) -> Any:
        """Cents back to an amount; what somebody typed stays as typed."""
        return Decimal(value).scaleb(-self.precision) if isinstance(value, int) else value
