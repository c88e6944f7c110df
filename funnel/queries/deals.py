"""Questions about deals."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from funnel.models import Deal, DealStatus


@dataclass(frozen=True)
class DealSum:
    """How many deals of one status, and their money in cents."""

    count: int
    amount: int
    margin: int


def sums_by_status() -> dict[str, DealSum]:
    """All deals of the workspace, summed by status; money in cents."""
    found = Deal.objects.order_by("status").values_list("status")
    rows = found.annotate(Count("id"), Sum("amount"), Sum("margin"))
    sums = {status: DealSum(0, 0, 0) for status in DealStatus.values}
    for status, count, amount, margin in rows:
        sums[status] = DealSum(count, int(amount or 0), int(margin or 0))
    return sums
