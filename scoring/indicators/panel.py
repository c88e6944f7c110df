"""What indicators tell on a lead's page."""

from collections.abc import Mapping
from typing import Any

from leads.models import Lead
from scoring.indicators.telling import indicators_of


def panel_of(lead: Lead) -> Mapping[str, Any] | None:
    """Which of the published indicators the lead has; nothing while no list is published."""
    found = indicators_of(lead)
    return None if found is None else {"found": found}
