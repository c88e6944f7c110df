"""For which customers the answer of a health rule may have changed.

The segments of the rules in force say which people met a condition and do not any more, or the
other way round: kept by the lead database as any segment is, when facts come and when days pass.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from funnel.events import HealthAsked
from funnel.models import HealthRule
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import VersionState

CUSTOMERS_OF = """
SELECT DISTINCT customer.id FROM leads_lead AS lead JOIN funnel_customer AS customer
    ON customer.workspace_id = %(workspace)s AND customer.company_id = lead.company_id
WHERE lead.workspace_id = %(workspace)s AND lead.id = ANY(%(leads)s::uuid[])
UNION
SELECT id FROM funnel_customer
WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(leads)s::uuid[])
"""
# Companies that these people have left lately, in words of the history of their profiles.
LEFT = """
SELECT customer.id FROM funnel_customer AS customer
WHERE customer.workspace_id = %(workspace)s AND customer.company_id IN (
    SELECT (old #>> '{}')::uuid FROM leads_profilechange
    WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(leads)s::uuid[])
      AND field IN ('company_id', 'company')
      AND changed_at > statement_timestamp() - interval '1 day'
      AND jsonb_typeof(old) = 'string')
"""


def is_ours(segment_id: str) -> bool:
    """Whether a rule in force is told by this segment."""
    rules = HealthRule.objects.filter(plan__state=VersionState.PUBLISHED, segment=segment_id)
    return bool(rules.exists())


def is_on() -> bool:
    """Whether any rules are in force."""
    rules = HealthRule.objects.filter(plan__state=VersionState.PUBLISHED)
    return bool(rules.exists())


def ask_about_people(lead_ids: Sequence[UUID], *, is_quiet: bool = False) -> None:
    """Have the customers judged whose people these are, or were until lately."""
    found = {row[0] for sql in (CUSTOMERS_OF, LEFT) for row in fetch(sql, leads=list(lead_ids))}
    ask_about(found, is_quiet=is_quiet)


def ask_about(customer_ids: Iterable[UUID], *, is_quiet: bool = False) -> None:
    """Have these customers judged."""
    publish(HealthAsked(tuple(sorted(customer_ids)), is_quiet=is_quiet))
