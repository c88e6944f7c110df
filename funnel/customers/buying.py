"""What a customer bought, and what it brought: each won deal adds its share."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from funnel.models import Customer, Deal
from funnel.products.bought import bought_by
from leads.models import Lead

MOST_DEALS = 50


@dataclass(frozen=True)
class Purchase:
    """A won deal, which purchase of this customer it was, and its part of the margin to date."""

    deal: Deal
    number: int
    share: float | None

    @property
    def is_repeat(self) -> bool:
        """They had bought before."""
        return self.number > 1


def deals_of_customer(customer: Customer) -> QuerySet[Deal]:
    """The deals that count for a customer, as the database sums them (`funnel_sum_customers`).

    Those with its company, or with nobody's company but the people who work there now; of a
    person without a company, those that name no company.
    """
    if customer.company_id is None:
        own = Deal.objects.filter(lead_id=customer.lead_id, company=None)
        found: QuerySet[Deal] = own.filter(lead__company=None)
        return found
    people = Lead.objects.filter(company_id=customer.company_id).values("id")
    with_firm = Q(company_id=customer.company_id) | Q(company=None, lead__in=people)
    theirs: QuerySet[Deal] = Deal.objects.filter(with_firm)
    return theirs


def purchases_of(customer: Customer) -> list[Purchase]:
    """What they bought, the latest first; at most MOST_DEALS."""
    won = deals_of_customer(customer).won().select_related("lead", "owner")  # type: ignore[attr-defined]
    latest = won.order_by("-closed_at", "-id")[:MOST_DEALS]
    return [
        Purchase(deal, customer.deals_won - place, _share(deal, customer))
        for place, deal in enumerate(latest)
    ]


def open_deals_of(customer: Customer) -> list[Deal]:
    """What they may buy next."""
    found = deals_of_customer(customer).filter(status="open").select_related("lead", "stage")
    return list(found.order_by("closes_on", "id")[:MOST_DEALS])


def bought_panel(customer: Customer) -> dict[str, Any]:
    """Products by what they brought, won deals (the first, the repeated), what is on offer."""
    return {
        "purchases": purchases_of(customer),
        "products": bought_by(deals_of_customer(customer)),
        "open_deals": open_deals_of(customer),
    }


def figures_panel(customer: Customer) -> dict[str, Any]:
    """Revenue and margin, and how they come about."""
    return {"deals_won": customer.deals_won}


def _share(deal: Deal, customer: Customer) -> float | None:
    """Of the margin to date; None where there is none to have a part of."""
    return (deal.margin or 0) / customer.margin if customer.margin > 0 else None
