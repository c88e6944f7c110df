"""Amounts as the workspace counts them."""

from decimal import Decimal

from babel.numbers import get_currency_precision

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.models import Workspace


def currency_code() -> str:
    """The currency of the current workspace."""
    found = Workspace.objects.values_list("currency", flat=True).get(pk=current_workspace_id())
    return str(found)


def minor_digits() -> int:
    """How many digits its smallest unit has behind the point: 2 for cents."""
    return int(get_currency_precision(currency_code()))


def in_minor_units(amount: int | Decimal, digits: int) -> Decimal:
    """An amount as custom fields keep it."""
    return Decimal(amount).scaleb(digits)
