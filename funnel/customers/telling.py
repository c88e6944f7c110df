"""What the page of a customer tells: its people, and what changed."""

from typing import Any

from django.db.models import QuerySet

from funnel.models import Customer, CustomerChange
from leads.models import Lead
from leads.queries.lists import people_of

MOST_PEOPLE, MOST_CHANGES = 12, 20


def people_of_customer(customer: Customer) -> QuerySet[Lead]:
    """The people of the company, or the person."""
    if customer.company is not None:
        return people_of(customer.company)
    alone: QuerySet[Lead] = Lead.objects.filter(pk=customer.lead_id)
    return alone


def people_panel(customer: Customer) -> dict[str, Any]:
    """Whom we know there, and where they stand."""
    found = list(people_of_customer(customer)[: MOST_PEOPLE + 1])
    return {"people": found[:MOST_PEOPLE], "are_more": len(found) > MOST_PEOPLE}


def history_panel(customer: Customer) -> dict[str, Any]:
    """What changed, when and why, the latest first."""
    changes = CustomerChange.objects.filter(customer=customer).select_related("by", "rule__plan")
    return {"changes": list(changes.order_by("-changed_at", "-id")[:MOST_CHANGES])}
