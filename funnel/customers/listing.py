"""The list of customers, narrowed and put in order as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, Lower
from django.utils import timezone

from funnel.models import Customer, Health, Renewal
from funnel.models.customers import RISK
from funnel.queries.listing_deals import NOBODY, id_in
from leadmgmt.workspaces.models import Member
from leads.models import Company, Lead

SPANS = (30, 90, 365)
ME, UNJUDGED, FORMER = "me", "none", "former"
LONGEST_SEARCH = 100
USUAL_ORDER = "-health"
# Looked up for the rows of a page, when it is known which they are.
RELATED = ("company", "lead", "owner", "health_rule")
ORDERS: Mapping[str, tuple[str, ...]] = {
    "health": ("risk", "margin", "id"),
    "-health": ("-risk", "-margin", "-id"),
    "margin": ("margin", "id"),
    "-margin": ("-margin", "-id"),
    "since": ("since", "id"),
    "-since": ("-since", "-id"),
    "name": ("title", "id"),
    "-name": ("-title", "-id"),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what makes no sense in it is left out."""

    q: str = ""
    health: str = ""
    owner: UUID | str | None = None
    is_former: bool = False
    is_repeat: bool = False
    renews_in: int = 0
    sort: str = USUAL_ORDER

    @property
    def order(self) -> tuple[str, ...]:
        """By which values, the last one unique."""
        return ORDERS[self.sort]

    @property
    def is_at_risk(self) -> bool:
        """Those who need care first."""
        return self.health == Health.AT_RISK and not self.is_former

    @property
    def is_narrowed(self) -> bool:
        """Fewer than all customers are asked for."""
        return any((self.q, self.health, self.owner, self.is_repeat, self.renews_in))


def asked_in(query: Mapping[str, str]) -> Asked:
    """An address read: `?q=&health=&owner=&which=former&bought=again&renewal=90&sort=`."""
    health, owner = query.get("health", ""), query.get("owner", "")
    sort = query.get("sort", "")
    return Asked(
        q=query.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        health=health if health in (*Health.values, UNJUDGED) else "",
        owner=owner if owner in (NOBODY, ME) else id_in(owner),
        is_former=query.get("which") == FORMER,
        is_repeat=query.get("bought") == "again",
        renews_in=next((each for each in SPANS if str(each) == query.get("renewal")), 0),
        sort=sort if sort in ORDERS else USUAL_ORDER,
    )


def customers_asked(asked: Asked, *, member: Member | None = None) -> QuerySet[Customer]:
    """These customers; `member` is who `owner=me` means."""
    all_rows = Customer.objects.former() if asked.is_former else Customer.objects.current()
    rows: QuerySet[Customer] = all_rows.annotate(risk=RISK)
    if "name" in asked.sort:
        rows = rows.annotate(title=_words(F("name")))
    if asked.q:
        found = _words(Concat("name", Value(" "), "email"))
        rows = rows.alias(words=found).filter(words__contains=asked.q.lower())
    if asked.health:
        rows = rows.filter(health="" if asked.health == UNJUDGED else asked.health)
    if asked.is_repeat:
        rows = rows.filter(deals_won__gt=1)
    if asked.renews_in:
        rows = rows.filter(Exists(_due_within(asked.renews_in)))
    return _of_owner(rows, asked.owner, member).prefetch_related(*RELATED)


def _words(of_person: Combinable) -> Lower:
    """The name of the company, else something of the person; looked up row by row, by their ids.

    Joined, all companies or people would be read where the planner knows little of them.
    """
    firm = Company.objects.filter(pk=OuterRef("company_id")).values("name")
    person = Lead.objects.filter(pk=OuterRef("lead_id")).annotate(words=of_person).values("words")
    return Lower(Coalesce(Subquery(firm), Subquery(person)))


def _due_within(days: int) -> QuerySet[Renewal]:
    """Renewals planned for these days, and overdue ones."""
    last = timezone.localdate() + timedelta(days=days)
    rows: QuerySet[Renewal] = Renewal.objects.planned().filter(due_on__lte=last)
    return rows.filter(customer=OuterRef("pk"))


def counts_by_health() -> dict[str, int]:
    """How many customers fare how; "" for those no rule was asked about."""
    rows = Customer.objects.current().values_list("health").annotate(n=Count("id")).order_by()
    found = dict(rows)
    return {level: found.get(level, 0) for level in (*Health.values, "")}


def _of_owner(
    rows: QuerySet[Customer], owner: UUID | str | None, member: Member | None
) -> QuerySet[Customer]:
    if isinstance(owner, UUID):
        return rows.filter(owner_id=owner)
    if owner == ME:
        return rows.filter(owner=member)
    return rows.filter(owner=None) if owner == NOBODY else rows
