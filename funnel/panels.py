"""What the funnel tells on the page of a lead, and of a company."""

from typing import Any

from funnel.queries.cycles import cycles_of
from funnel.queries.story import (
    deals_of,
    deals_with,
    last_qualification,
    may_be_claimed,
    moves_of,
    open_qualification,
)
from leads.models import Company, Lead, Stage


def stage_panel(lead: Lead) -> dict[str, Any]:
    """Where the lead stands, how it came there, and what was found out."""
    return {
        "moves": moves_of(lead),
        "open_qualification": open_qualification(lead),
        "qualification": last_qualification(lead),
        "is_claimable": may_be_claimed(lead),
        "may_be_qualified": lead.stage not in (Stage.CUSTOMER, Stage.DISQUALIFIED),
    }


def cycles_panel(lead: Lead) -> dict[str, Any]:
    """Since when the present cycle runs, and what the closed ones were."""
    return {"cycles": cycles_of(lead), "began_at": lead.cycle_began_at or lead.created_at}


def deals_panel(lead: Lead) -> dict[str, Any]:
    """What was offered to the lead, and what was sold."""
    return {
        "deals": deals_of(lead),
        "may_be_sold_to": lead.stage in (Stage.SQL, Stage.CUSTOMER),
    }


def company_deals_panel(company: Company) -> dict[str, Any]:
    """What was offered to the company and its people, and what was sold."""
    return {"deals": deals_with(company), "may_be_sold_to": False, "is_of_company": True}
