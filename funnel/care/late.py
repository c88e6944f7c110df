"""What is to be done for customers, and is due: counted for who opens the page, and listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from funnel.models import ChecklistItem
from funnel.queries.listing_deals import NOBODY, id_in
from leadmgmt.workspaces.models import Member, Role

ME = "me"
SOON = timedelta(days=30)
ORDER = ("due_on", "id")

# Each of the three counts exactly what its list shows; see `address_of`.
CARE = """
(SELECT count(*) FROM funnel_customer WHERE workspace_id = %(workspace)s AND ended_at IS NULL
    AND health = 'at_risk' AND (%(owner)s::uuid IS NULL OR owner_id = %(owner)s::uuid)),
(SELECT count(*) FROM funnel_renewal AS renewal JOIN funnel_customer AS customer
    ON customer.workspace_id = %(workspace)s AND customer.id = renewal.customer_id
    WHERE renewal.workspace_id = %(workspace)s AND renewal.state = 'planned'
    AND renewal.due_on <= %(soon)s AND customer.ended_at IS NULL
    AND (%(owner)s::uuid IS NULL OR customer.owner_id = %(owner)s::uuid)),
(SELECT count(*) FROM funnel_checklistitem AS item JOIN funnel_customer AS customer
    ON customer.workspace_id = %(workspace)s AND customer.id = item.customer_id
    WHERE item.workspace_id = %(workspace)s AND item.state = 'open' AND item.due_on < %(today)s
    AND customer.ended_at IS NULL
    AND (%(owner)s::uuid IS NULL OR customer.owner_id = %(owner)s::uuid))
"""


@dataclass(frozen=True)
class Care:
    """What customers need: how many are at risk, renewals due soon or late, steps overdue.

    `query` is the end of the addresses that open them: a rep's own, or everybody's.
    """

    at_risk: int
    renewals: int
    steps: int
    query: str

    def __bool__(self) -> bool:
        return bool(self.at_risk or self.renewals or self.steps)


def care_values(member: Member, today: date) -> dict[str, Any]:
    """What `CARE` takes: reps count their own customers, others all."""
    return {"owner": owner_counted(member), "today": today, "soon": today + SOON}


def owner_counted(member: Member) -> UUID | None:
    """Whose customers are counted for this member; None for all."""
    return member.pk if member.role == Role.REP else None


def care_of(member: Member, counts: Sequence[int]) -> Care:
    """What was counted for this member."""
    at_risk, renewals, steps = counts
    return Care(at_risk, renewals, steps, query="&owner=me" if owner_counted(member) else "")


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what makes no sense in it is left out."""

    owner: UUID | str | None = None


def asked_in(query: Mapping[str, str]) -> Asked:
    """An address read: `?owner=me|nobody|<member>`."""
    owner = query.get("owner", "")
    return Asked(owner if owner in (NOBODY, ME) else id_in(owner))


def late_steps(asked: Asked, today: date, *, member: Member | None) -> QuerySet[ChecklistItem]:
    """Overdue onboarding steps of customers as they are now."""
    rows: QuerySet[ChecklistItem] = ChecklistItem.objects.overdue(today).filter(
        customer__ended_at=None
    )
    rows = rows.select_related("customer__company", "customer__lead", "customer__owner")
    if asked.owner == NOBODY:
        return rows.filter(customer__owner=None)
    if asked.owner == ME:
        return rows.filter(customer__owner=member)
    return rows.filter(customer__owner_id=asked.owner) if isinstance(asked.owner, UUID) else rows
