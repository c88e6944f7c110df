"""The formulas of every figure, as pure functions; money in cents, shares between 0 and 1.

Binding definitions: a rate names both its ends; ROI is on gross margin. None means the figure
cannot be said, because nothing stands below the line.
"""

from fractions import Fraction


def rate(reached: int, started: int) -> float | None:
    """Share of `started` that `reached`."""
    return reached / started if started else None


def cost_per(cost: int, count: int) -> int | None:
    """CPL = cost / leads acquired; CPA = cost / new customers. Cents, rounded half to even."""
    return round(Fraction(cost, count)) if count else None


def roi(margin: int, cost: int) -> float | None:
    """(Gross margin of new customers − total acquisition cost) / total acquisition cost."""
    return (margin - cost) / cost if cost else None


def average(total: int, count: int) -> int | None:
    """Revenue / won deals, in cents."""
    return round(Fraction(total, count)) if count else None


def spread(amount: int, days_before: int, days_inside: int, of_days: int) -> int:
    """The part of a cost that falls into a period, by days, in whole cents.

    `days_before` of the cost's `of_days` lie before the period and `days_inside` in it. Parts of
    adjoining periods add up to the amount exactly. (`queries/money.py` says the same in SQL.)
    """
    return amount * (days_before + days_inside) // of_days - amount * days_before // of_days
