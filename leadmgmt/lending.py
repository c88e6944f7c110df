"""Which numbers apps lend to conditions and lists, beside what leads know; see `leads.lending`."""

from leads.lending import Lender
from scoring.lending import CHANCES, PRODUCTS, withheld

__all__ = ["LENDERS", "withheld"]

LENDERS: tuple[Lender, ...] = (PRODUCTS, CHANCES)
