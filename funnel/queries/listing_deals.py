"""The list of deals, narrowed and put in order as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from funnel.models import Deal, DealStatus, Forecast
from funnel.queries.deals import StatusSum

NO_DAY, NOBODY = "none", "nobody"
ORDERS: Mapping[str, tuple[str, ...]] = {
    "closes_on": ("closes_on", "id"),
    "-closes_on": ("-closes_on", "-id"),
    "opened_at": ("opened_at", "id"),
    "-opened_at": ("-opened_at", "-id"),
    "value": ("value", "id"),
    "-value": ("-value", "-id"),
    "closed": ("closed", "id"),
    "-closed": ("-closed", "-id"),
}
COUNTED_AS = {
    Forecast.COMMITTED: [Forecast.COMMITTED],
    Forecast.BEST_CASE: [Forecast.BEST_CASE, Forecast.COMMITTED],
}


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what makes no sense in it is left out."""

    status: str = DealStatus.OPEN
    order: tuple[str, ...] = ORDERS["-opened_at"]
    stage: UUID | None = None
    pipeline: UUID | None = None
    owner: UUID | str | None = None
    month: date | str | None = None
    forecast: str = ""

    @property
    def is_narrowed(self) -> bool:
        """More than a status is asked for."""
        return any((self.stage, self.pipeline, self.owner, self.month, self.forecast))


def asked_in(query: Mapping[str, str]) -> Asked:
    """An address read: `?status=&stage=&pipeline=&owner=&month=2026-11&forecast=&sort=`."""
    status = query.get("status", "")
    owner, month = query.get("owner", ""), query.get("month", "")
    return Asked(
        status=status if status in DealStatus.values else DealStatus.OPEN,
        order=ORDERS.get(query.get("sort", ""), ORDERS["-opened_at"]),
        stage=id_in(query.get("stage", "")),
        pipeline=id_in(query.get("pipeline", "")),
        owner=NOBODY if owner == NOBODY else id_in(owner),
        month=NO_DAY if month == NO_DAY else month_in(month),
        forecast=query["forecast"] if query.get("forecast") in COUNTED_AS else "",
    )


def deals_asked(asked: Asked, *, today: date) -> QuerySet[Deal]:
    """These deals. A deal that is overdue belongs to the present month, as in the forecast."""
    rows: QuerySet[Deal] = Deal.objects.filter(status=asked.status)
    rows = rows.annotate(
        value=Coalesce("amount", Value(0)), closed=Coalesce("closed_at", F("opened_at"))
    )
    if asked.stage:
        rows = rows.filter(stage_id=asked.stage)
    if asked.pipeline:
        rows = rows.filter(stage__pipeline_id=asked.pipeline)
    if isinstance(asked.owner, UUID):
        rows = rows.filter(owner_id=asked.owner)
    elif asked.owner:
        rows = rows.filter(owner=None)
    if asked.forecast:
        rows = rows.filter(stage__forecast__in=COUNTED_AS[Forecast(asked.forecast)])
    return _of_month(rows, asked.month, today)


def sum_of(rows: QuerySet[Deal]) -> StatusSum:
    """How many of these, and their money in cents; for narrowed lists only."""
    found: dict[str, Any] = rows.aggregate(amount=Sum("amount"), margin=Sum("margin"))
    return StatusSum(rows.count(), int(found["amount"] or 0), int(found["margin"] or 0))


def id_in(text: str) -> UUID | None:
    """An id, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def month_in(text: str) -> date | None:
    """The first day of “2026-11”, if it is a month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _of_month(rows: QuerySet[Deal], month: date | str | None, today: date) -> QuerySet[Deal]:
    if month is None:
        return rows
    if not isinstance(month, date):
        return rows.filter(expected_on=None)
    rows = rows.filter(expected_on__lt=_next(month))
    return rows if month == today.replace(day=1) else rows.filter(expected_on__gte=month)


def _next(month: date) -> date:
    years, number = divmod(month.month, 12)
    if month.year + years > date.max.year:
        return date.max
    return month.replace(year=month.year + years, month=number + 1)
