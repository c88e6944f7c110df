"""Whose a renewal is: reps see to those of their own customers, and of nobody's.

Managers and admins see to all. Steps of a checklist are anybody's who sells, as tasks are.
"""

from django.utils.translation import gettext as _

from funnel.models import Customer
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, Role

# Of rows `claimed` of customers: who looks after each, if anybody who is still here; whether it
# is a former one; and its name.
WHOSE = """CASE WHEN owner.left_at IS NULL THEN owner.id END, customer.ended_at IS NOT NULL,
    coalesce(company.name, nullif(lead.name, ''), nullif(lead.email, ''), lead.phone, '')
FROM claimed
JOIN funnel_customer AS customer
    ON customer.workspace_id = %(workspace)s AND customer.id = claimed.customer_id
LEFT JOIN workspaces_member AS owner
    ON owner.workspace_id = %(workspace)s AND owner.id = customer.owner_id
LEFT JOIN leads_company AS company
    ON company.workspace_id = %(workspace)s AND company.id = customer.company_id
LEFT JOIN leads_lead AS lead
    ON lead.workspace_id = %(workspace)s AND lead.id = customer.lead_id"""


class RenewalOfOthers(Refusal):
    """Somebody else looks after the customer."""


def is_of_others(customer: Customer, by: Member | None) -> bool:
    """Whether `by` is a rep, and somebody else, who has not left, looks after the customer.

    Nobody (an integration acting for itself) may see to all.
    """
    if by is None or by.role != Role.REP:
        return False
    owner = customer.owner
    return owner is not None and owner.left_at is None and owner.pk != by.pk


def refuse_others(customer: Customer, by: Member | None) -> None:
    """Refuse a rep the renewals of somebody else's customer."""
    if is_of_others(customer, by):
        sentence = _(
            "%(owner)s looks after %(customer)s, and sees to the renewals. Ask %(owner)s, or a "
            "manager to change the owner."
        )
        told = {"owner": customer.owner, "customer": customer}
        raise RenewalOfOthers(sentence % told)
