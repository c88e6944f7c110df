"""Questions about deals."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from funnel.models import Deal, DealChange, DealStatus, DealSum

MOST_CHANGES = 200


@dataclass(frozen=True)
class StatusSum:
    """How many deals of one status, and their money in cents."""

    count: int
    amount: int
    margin: int


def sums_by_status() -> dict[str, StatusSum]:
    """All deals of the workspace by status, from the sums that are kept; money in cents."""
    found = DealSum.objects.order_by("status").values_list("status")
    rows = found.annotate(Sum("deals"), Sum("amount"), Sum("margin"))
    sums = {status: StatusSum(0, 0, 0) for status in DealStatus.values}
    for status, count, amount, margin in rows:
        sums[status] = StatusSum(count, int(amount or 0), int(margin or 0))
    return sums


def history_of(deal: Deal) -> Sequence[DealChange]:
    """What changed of a deal, the latest first."""
    changes = DealChange.objects.filter(deal=deal).select_related("by")
    return list(changes.order_by("-changed_at", "-id")[:MOST_CHANGES])
