"""What the funnel does when something happens below."""

from django.utils import timezone

from funnel.actions import companies
from leads.events import LeadsChanged, LeadsCreated


def place_companies(event: LeadsCreated | LeadsChanged) -> None:
    """A company gets the stage of the furthest of its people, also of one who just joined it."""
    companies.place_companies(event.ids, now=timezone.now())
