"""Notes on the page of a customer: about one of its people, on whose timeline they stand."""

from collections.abc import Sequence

from django.db.models import Case, F, QuerySet, When

from funnel.customers.telling import people_of_customer
from funnel.models import Customer
from leads.kinds import Kind
from leads.models import Activity, Lead, Stage

MOST_PEOPLE = 50
SELLABLE = (Stage.CUSTOMER, Stage.SQL)


def people_by_closeness(customer: Customer) -> list[Lead]:
    """Whom one may sell to first, who was moved last before others; at most MOST_PEOPLE."""
    first = Case(When(stage__in=SELLABLE, then=1), default=2)
    people = people_of_customer(customer).order_by(first, F("stage_entered_at").desc(), "-id")
    return list(people[:MOST_PEOPLE])


def buyer_among(people: Sequence[Lead]) -> Lead | None:
    """To whom one would sell next: of the people one may sell to, who was moved last."""
    return next((each for each in people if each.stage in SELLABLE), None)


def notes_about(customer: Customer) -> QuerySet[Activity]:
    """What was noted about its people."""
    people = people_of_customer(customer).order_by().values("id")
    rows: QuerySet[Activity] = Activity.objects.filter(kind=Kind.NOTE, lead__in=people)
    return rows
