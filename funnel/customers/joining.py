"""A person who was a customer alone, and has a company now: the company goes on for them.

What hung on the person's row goes to the company's: the row itself where the company has none, else
row by row, where the company has not the same already.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from funnel.models import Customer, CustomerChange
from leadmgmt.kernel.fencing import references_of
from leadmgmt.kernel.sql import fetch

# One row for each company; a second person of it comes behind the first.
BECOME = """
UPDATE funnel_customer AS customer SET company_id = own.company_id, lead_id = NULL
FROM (
    SELECT DISTINCT ON (lead.company_id) persons.id, lead.company_id
    FROM funnel_customer AS persons JOIN leads_lead AS lead
        ON lead.workspace_id = %(workspace)s AND lead.id = persons.lead_id
    JOIN leads_company AS company ON company.workspace_id = %(workspace)s
        AND company.id = lead.company_id
    WHERE persons.workspace_id = %(workspace)s AND persons.lead_id = ANY(%(leads)s::uuid[])
      AND persons.ended_at IS NULL AND lead.stage = 'customer'
      AND NOT EXISTS (SELECT FROM funnel_customer AS theirs
          WHERE theirs.workspace_id = %(workspace)s AND theirs.company_id = lead.company_id)
    ORDER BY lead.company_id, persons.since, persons.id
) AS own
WHERE customer.workspace_id = %(workspace)s AND customer.id = own.id
RETURNING customer.company_id
"""
BESIDE = """
SELECT persons.id, theirs.id, theirs.company_id FROM funnel_customer AS persons
JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = persons.lead_id
JOIN funnel_customer AS theirs ON theirs.workspace_id = %(workspace)s
    AND theirs.company_id = lead.company_id
WHERE persons.workspace_id = %(workspace)s AND persons.lead_id = ANY(%(leads)s::uuid[])
  AND persons.ended_at IS NULL
ORDER BY persons.id
"""


def join_companies(lead_ids: Sequence[UUID]) -> list[UUID]:
    """Let companies go on for those of these people who have one now; the companies."""
    if not lead_ids:
        return []
    found = [row[0] for row in fetch(BECOME, leads=list(lead_ids))]
    for persons, theirs, company in fetch(BESIDE, leads=list(lead_ids)):
        _hand_over(persons, theirs)
        found.append(company)
    return found


def _hand_over(persons: UUID, theirs: UUID) -> None:
    """Rare, and few rows: what would be there twice stays with the person."""
    for model, name in _children():
        rows = model._default_manager.filter(**{name: persons})
        try:
            with transaction.atomic():
                rows.update(**{name: theirs})
        except IntegrityError:
            _one_by_one(rows.values_list("pk", flat=True), model, name, theirs)


def _one_by_one(ids: Iterable[UUID], model: type[models.Model], name: str, theirs: UUID) -> None:
    for pk in list(ids):
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=pk).update(**{name: theirs})
        except IntegrityError:
            continue


@cache
def _children() -> tuple[tuple[type[models.Model], str], ...]:
    """Whatever hangs on a customer, but for the history of the row itself."""
    return tuple(
        (model, field.name)
        for model in apps.get_models()
        if model is not CustomerChange
        for field in references_of(model)
        if field.related_model is Customer
    )
