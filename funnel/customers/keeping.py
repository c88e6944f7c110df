"""Keeping the list of customers what the stages of people and companies say.

Set-wise, and in whatever transaction moved the stages; asking twice changes nothing.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from funnel.customers.joining import join_companies
from funnel.events import CustomersEnded, CustomersWon
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import execute, fetch
from leads.models import Lead

log = logging.getLogger(__name__)

CHUNK = 2_000

# Most moves concern nobody who is, or has been, a customer; and most people have a company.
CONCERNED = """
SELECT company.id, NULL::uuid FROM leads_company AS company
WHERE company.workspace_id = %(workspace)s AND company.id = ANY(%(companies)s::uuid[])
  AND (company.stage = 'customer' OR EXISTS (SELECT FROM funnel_customer AS customer
      WHERE customer.workspace_id = %(workspace)s AND customer.company_id = company.id))
UNION ALL
SELECT NULL, lead.id FROM leads_lead AS lead
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(leads)s::uuid[])
  AND (lead.stage = 'customer' AND lead.company_id IS NULL
      OR EXISTS (SELECT FROM funnel_customer AS customer
          WHERE customer.workspace_id = %(workspace)s AND customer.lead_id = lead.id))
"""

# Whoever comes back goes on with the row they had.
BEGIN = """
INSERT INTO funnel_customer (workspace_id, company_id, lead_id, since, owner_id)
SELECT %(workspace)s, company.id, NULL::uuid, coalesce(company.customer_since, %(now)s),
    coalesce(company.owner_id, (
        SELECT lead.owner_id FROM leads_lead AS lead
        WHERE lead.workspace_id = %(workspace)s AND lead.company_id = company.id
          AND lead.owner_id IS NOT NULL
        ORDER BY lead.stage = 'customer' DESC, lead.stage_entered_at DESC, lead.id LIMIT 1))
FROM leads_company AS company
WHERE company.workspace_id = %(workspace)s AND company.id = ANY(%(companies)s::uuid[])
  AND company.stage = 'customer'
UNION ALL
SELECT %(workspace)s, NULL, lead.id, lead.stage_entered_at, lead.owner_id
FROM leads_lead AS lead
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(leads)s::uuid[])
  AND lead.stage = 'customer' AND lead.company_id IS NULL
ON CONFLICT DO NOTHING
RETURNING id
"""
RETURN = """
UPDATE funnel_customer AS customer SET ended_at = NULL
FROM (
    SELECT former.id FROM funnel_customer AS former
    LEFT JOIN leads_company AS company
        ON company.workspace_id = %(workspace)s AND company.id = former.company_id
    LEFT JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = former.lead_id
    WHERE former.workspace_id = %(workspace)s AND former.ended_at IS NOT NULL
      AND (former.company_id = ANY(%(companies)s::uuid[])
          OR former.lead_id = ANY(%(leads)s::uuid[]))
      AND (company.stage = 'customer' OR lead.stage = 'customer' AND lead.company_id IS NULL)
    ORDER BY former.id FOR NO KEY UPDATE OF former
) AS back
WHERE customer.workspace_id = %(workspace)s AND customer.id = back.id
RETURNING customer.id
"""
END = """
UPDATE funnel_customer AS customer SET ended_at = %(now)s
FROM (
    SELECT present.id FROM funnel_customer AS present
    LEFT JOIN leads_company AS company
        ON company.workspace_id = %(workspace)s AND company.id = present.company_id
    LEFT JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = present.lead_id
    WHERE present.workspace_id = %(workspace)s AND present.ended_at IS NULL
      AND (present.company_id = ANY(%(companies)s::uuid[])
          OR present.lead_id = ANY(%(leads)s::uuid[]))
      AND (company.stage <> 'customer' OR lead.stage <> 'customer'
          OR lead.company_id IS NOT NULL)
    ORDER BY present.id FOR NO KEY UPDATE OF present
) AS gone
WHERE customer.workspace_id = %(workspace)s AND customer.id = gone.id
RETURNING customer.id
"""

# When the first purchase of a company is another one, so is the day it became a customer.
SUM = """
UPDATE funnel_customer AS customer SET since = company.customer_since
FROM leads_company AS company
WHERE customer.workspace_id = %(workspace)s AND customer.company_id = ANY(%(companies)s::uuid[])
  AND company.workspace_id = %(workspace)s AND company.id = customer.company_id
  AND company.customer_since IS NOT NULL AND customer.since <> company.customer_since;
SELECT funnel_sum_customers(ARRAY(
    SELECT id FROM funnel_customer WHERE workspace_id = %(workspace)s
      AND (company_id = ANY(%(companies)s::uuid[]) OR lead_id = ANY(%(leads)s::uuid[]))))
"""
TELL = """
INSERT INTO funnel_customerchange (workspace_id, customer_id, field, old, new, why, changed_at)
SELECT %(workspace)s, id, 'state', %(old)s, %(new)s, '', %(now)s FROM unnest(%(ids)s::uuid[]) AS id
"""
CUSTOMER, FORMER = "customer", "former"

ALL = """
SELECT id, true FROM leads_company WHERE workspace_id = %(workspace)s AND stage = 'customer'
UNION SELECT company_id, true FROM funnel_customer
    WHERE workspace_id = %(workspace)s AND company_id IS NOT NULL
UNION SELECT id, false FROM leads_lead
    WHERE workspace_id = %(workspace)s AND stage = 'customer' AND company_id IS NULL
UNION SELECT lead_id, false FROM funnel_customer
    WHERE workspace_id = %(workspace)s AND lead_id IS NOT NULL
"""


@dataclass(frozen=True)
class Concerned:
    """Companies and people who are customers, or have been."""

    companies: Sequence[UUID] = ()
    leads: Sequence[UUID] = ()

    def __bool__(self) -> bool:
        return bool(self.companies or self.leads)

    @property
    def values(self) -> dict[str, Any]:
        """As statements take them."""
        return {"companies": list(self.companies), "leads": list(self.leads)}


def keep_customers(
    *, lead_ids: Iterable[UUID] = (), company_ids: Iterable[UUID] = (), now: datetime
) -> int:
    """Make customers of these companies and people, or former ones, as their stages say.

    How many became customers or ceased to be. Publishes CustomersWon and CustomersEnded (ids of
    customers).
    """
    with transaction.atomic():
        found = _concerned(sorted(set(lead_ids)), sorted(set(company_ids)))
        return _keep(found, now) if found else 0


def keep_people(
    lead_ids: Sequence[UUID], company_ids: Sequence[UUID | None] = (), *, now: datetime
) -> None:
    """The same for people who may have gone to another company, for that one, and for others."""
    employers = Lead.objects.filter(pk__in=lead_ids, company__isnull=False)
    companies = {*employers.values_list("company_id", flat=True), *company_ids} - {None}
    keep_customers(lead_ids=lead_ids, company_ids=companies, now=now)


def keep_everybody(*, now: datetime) -> int:
    """The same for all companies and people; how many became customers or ceased to be."""
    changed, rows = 0, sorted(fetch(ALL))
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        companies = [pk for pk, is_company in chunk if is_company]
        leads = [pk for pk, is_company in chunk if not is_company]
        changed += keep_customers(lead_ids=leads, company_ids=companies, now=now)
    return changed


def repair_customers(*, now: datetime) -> int:
    """Hold all customers against stages and deals; how many were wrong (none, always)."""
    wrong = len(wrong_sums()) + keep_everybody(now=now)
    if wrong:
        log.error("%d customers differed from stages or deals and were put right", wrong)
    return wrong


def wrong_sums() -> list[UUID]:
    """Customers whose figures are not the sums of their deals. None, always."""
    return [row[0] for row in fetch("SELECT funnel_wrong_customers()")]


def _concerned(leads: Sequence[UUID], companies: Sequence[UUID]) -> Concerned:
    rows = fetch(CONCERNED, leads=list(leads), companies=list(companies))
    return Concerned(
        [company for company, _lead in rows if company], [lead for _company, lead in rows if lead]
    )


def _keep(found: Concerned, now: datetime) -> int:
    joined = join_companies(found.leads)
    found = Concerned(sorted({*found.companies, *joined}), found.leads)
    back = [row[0] for row in fetch(RETURN, **found.values)]
    new = [row[0] for row in fetch(BEGIN, **found.values, now=now)]
    ended = [row[0] for row in fetch(END, **found.values, now=now)]
    fetch(SUM, **found.values)
    for ids, was, became in (
        (new, "", CUSTOMER),
        (back, FORMER, CUSTOMER),
        (ended, CUSTOMER, FORMER),
    ):
        if ids:
            execute(TELL, ids=ids, old=was, new=became, now=now)
    publish(CustomersWon((*new, *back)), CustomersEnded(tuple(ended)))
    return len(new) + len(back) + len(ended)
