"""Why a lead is in these hands: routing knows, where it gave the lead to somebody."""

from leads.models import Lead


def why_assigned(lead: Lead) -> str:
    """One sentence; empty where no rule gave the lead to its owner."""
    return ""
