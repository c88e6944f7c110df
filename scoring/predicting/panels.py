"""What the chosen predictive model tells on a lead's page."""

from collections.abc import Mapping
from typing import Any

from leads.models import Lead
from scoring.queries import sorts_without_points
from scoring.queries.predicting import chance_of

SHOWN = 7


def panel_of(lead: Lead) -> Mapping[str, Any] | None:
    """The chance with its strongest reasons; nothing while no model is chosen."""
    found = chance_of(lead)
    if found is None:
        return None
    telling = [each for each in found.reasons if each.points]
    rest = telling[SHOWN:]
    return {
        "chance": found,
        "reasons": telling[:SHOWN],
        "rest": len(rest),
        "with_points": not sorts_without_points(),
        "rest_points": sum(each.points for each in rest),
    }
