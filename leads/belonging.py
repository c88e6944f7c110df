"""What the page of a lead tells about the groups it belongs to."""

from typing import Any

from leads.models import Lead
from leads.queries.personas import persona_of
from leads.queries.segments import belonging_of


def segments_panel(lead: Lead) -> dict[str, Any]:
    """The segments it is in, since when, and those it can be put into."""
    found = belonging_of(lead)
    return {"inside": found.inside, "frozen": found.frozen}


def persona_panel(lead: Lead) -> dict[str, Any] | None:
    """The persona it matches: our reasons to buy, and the story for the seller."""
    found = persona_of(lead)
    return {"persona": found[0], "since": found[1]} if found else None
