"""The stage of a company: the furthest live stage among its people.

Live stages are lead, MQL, SQL and customer. A company nobody of which is live is in nurturing if
anybody there is, else disqualified; one without people keeps its stage.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from leads.actions.standing import lift_companies
from leads.models import Lead


def place_companies(lead_ids: Sequence[UUID], *, now: datetime) -> None:
    """Work out anew the stage of the companies these leads work for."""
    employers = Lead.objects.filter(pk__in=lead_ids, company__isnull=False)
    company_ids = employers.order_by("company_id").values_list("company_id", flat=True).distinct()
    lift_companies(list(company_ids), now=now)
