"""The list of renewals, narrowed as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from funnel.models import Renewal, RenewalState
from funnel.queries.listing_deals import NOBODY, id_in
from leadmgmt.workspaces.models import Member

ME = "me"
SPANS = (30, 90, 365)
USUAL_SPAN = 90
LATE = "late"


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what makes no sense in it is left out."""

    which: str = ""
    days: int = USUAL_SPAN
    owner: UUID | str | None = None

    @property
    def is_late(self) -> bool:
        """Only those that are overdue."""
        return self.which == LATE

    @property
    def is_settled(self) -> bool:
        """What came of renewals, not what comes."""
        return self.which in (RenewalState.RENEWED, RenewalState.LOST)

    @property
    def order(self) -> tuple[str, ...]:
        """The nearest first, or the latest."""
        return ("-settled_at", "-id") if self.is_settled else ("due_on", "id")


def asked_in(query: Mapping[str, str]) -> Asked:
    """An address read: `?which=late|renewed|lost&days=30|90|365&owner=`."""
    which, days, owner = query.get("which", ""), query.get("days", ""), query.get("owner", "")
    return Asked(
        which=which if which in (LATE, RenewalState.RENEWED, RenewalState.LOST) else "",
        days=next((each for each in SPANS if str(each) == days), USUAL_SPAN),
        owner=owner if owner in (NOBODY, ME) else id_in(owner),
    )


def renewals_asked(asked: Asked, today: date, *, member: Member | None) -> QuerySet[Renewal]:
    """These renewals, of customers as they are now; overdue ones are always among those to come."""
    rows: QuerySet[Renewal] = Renewal.objects.select_related(
        "customer__company", "customer__lead", "customer__owner", "settled_by"
    )
    if asked.is_settled:
        rows = rows.filter(state=asked.which)
    else:
        last = today - timedelta(days=1) if asked.is_late else today + timedelta(days=asked.days)
        rows = rows.filter(state=RenewalState.PLANNED, due_on__lte=last, customer__ended_at=None)
    return _of_owner(rows, asked.owner, member)


@dataclass(frozen=True)
class Sums:
    """What is at stake in a list of renewals; money in cents."""

    count: int
    amount: int
    margin: int
    late: int


def sums_of(rows: QuerySet[Renewal], today: date) -> Sums:
    """Added up over all pages."""
    found = rows.order_by().aggregate(
        count=Count("id"),
        amount=Sum("amount"),
        margin=Sum("margin"),
        late=Count("id", filter=Q(due_on__lt=today, state=RenewalState.PLANNED)),
    )
    return Sums(**{name: int(value or 0) for name, value in found.items()})


def _of_owner(
    rows: QuerySet[Renewal], owner: UUID | str | None, member: Member | None
) -> QuerySet[Renewal]:
    if owner == NOBODY:
        return rows.filter(customer__owner=None)
    if owner == ME:
        return rows.filter(customer__owner=member)
    return rows.filter(customer__owner_id=owner) if isinstance(owner, UUID) else rows
