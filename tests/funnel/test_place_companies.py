"""Companies follow their people, also when somebody joins."""

from datetime import UTC, datetime

from leadmgmt.workspaces.models import Workspace
from leads.actions.resolving import resolve_leads
from leads.rows import NewLead
from tests.builders import a_company, a_lead
from tests.clients import drain

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_new_person_brings_a_company_out_of_the_side_room(acme: Workspace) -> None:
    company = a_company(domain="nord.example", stage="nurturing")
    a_lead(company=company, stage="nurturing")
    resolve_leads([NewLead(email="eva@nord.example")], now=NOW)
    drain()
    company.refresh_from_db()
    assert company.stage == "lead"
