"""What the page of a customer tells: its people, and what changed."""

from typing import Any

from django.db.models import Case, QuerySet, When

from funnel.customers.owning import sellers
from funnel.models import Customer, CustomerChange
from leads.models import Lead, Stage
from leads.models.people import SCORE
from leads.queries.lists import people_of

MOST_PEOPLE, MOST_CHANGES = 12, 20


def people_of_customer(customer: Customer) -> QuerySet[Lead]:
    """The people of the company, or the person."""
    if customer.company is not None:
        return people_of(customer.company)
    alone: QuerySet[Lead] = Lead.objects.filter(pk=customer.lead_id)
    return alone


def customer_of(lead: Lead) -> QuerySet[Customer]:
    """The customer this person is of, if there is one; former ones, too."""
    rows = Customer.objects.select_related("company", "lead")
    found: QuerySet[Customer] = (
        rows.filter(company=lead.company_id) if lead.company_id else rows.filter(lead=lead)
    )
    return found


def owner_panel(customer: Customer) -> dict[str, Any]:
    """Who looks after the customer, and who else could."""
    return {"members": sellers()}


def people_panel(customer: Customer) -> dict[str, Any]:
    """Whom we know there, who has bought first, and where they stand."""
    bought = Case(When(stage=Stage.CUSTOMER, then=1), When(stage=Stage.SQL, then=2), default=3)
    people = people_of_customer(customer).order_by(bought, SCORE.desc(), "-id")
    found = list(people[: MOST_PEOPLE + 1])
    return {"people": found[:MOST_PEOPLE], "are_more": len(found) > MOST_PEOPLE}


def history_panel(customer: Customer) -> dict[str, Any]:
    """What changed, when and why, the latest first."""
    changes = CustomerChange.objects.filter(customer=customer).select_related("by", "rule__plan")
    return {"changes": list(changes.order_by("-changed_at", "-id")[:MOST_CHANGES])}
